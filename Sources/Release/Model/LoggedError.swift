/// Errors of one kind that a version has logged.
public struct LoggedError: Hashable, Sendable {
  /// What the first of them says, on one line of at most 200 characters, without the values of the function's variables.
  public let message: String
  /// How many there are among the first events that were read.
  public let count: Int
}
