import Glibc

/// A call to the operating system that failed.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was attempted, as a verb: `read`, `create`.
  public let operation: String
  /// The file or program it was attempted on.
  public let subject: String
  /// The value of `errno`.
  public let code: Int32

  /// An error with a known code.
  public init(operation: String, subject: String, code: Int32) {
    self.operation = operation
    self.subject = subject
    self.code = code
  }

  /// The error that `errno` tells of now.
  static func current(_ operation: String, _ subject: String) -> SystemError {
    SystemError(operation: operation, subject: subject, code: errno)
  }

  /// The system's words for the code: `No such file or directory`.
  public var reason: String { String(cString: strerror(code)) }

  /// One sentence for the user.
  public var description: String { "cannot \(operation) \(subject): \(reason)" }
}
