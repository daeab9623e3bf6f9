import Glibc

/// A call to the operating system that failed, or what it would have done refused.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was attempted, as a verb: `read`, `create`.
  package let operation: String
  /// The file or program it was attempted on.
  package let subject: String
  /// The value of `errno`.
  package let code: Int32
  /// Why, in words of its own, where the code says too little; half a sentence.
  package let note: String?

  /// An error with a known code.
  package init(operation: String, subject: String, code: Int32, note: String? = nil) {
    self.operation = operation
    self.subject = subject
    self.code = code
    self.note = note
  }

  /// The error that `errno` tells of now.
  static func current(_ operation: String, _ subject: String) -> SystemError {
    SystemError(operation: operation, subject: subject, code: errno)
  }

  /// The note, else the system's words for the code: `No such file or directory`.
  package var reason: String { note ?? String(cString: strerror(code)) }

  /// One sentence for the user.
  package var description: String { "cannot \(operation) \(subject.escaped): \(reason)" }
}
