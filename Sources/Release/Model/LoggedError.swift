/// Errors of one kind that a version has logged.
package struct LoggedError: Hashable, Sendable {
  /// What the first of them says, on one line of at most 200 characters, without the values of the function's variables.
  package let message: String
  /// How many there are among the first events that were read.
  package let count: Int
}
