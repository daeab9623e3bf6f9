package import AWSClient

/// Why an edge could not be read or written.
package struct EdgeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The function's logical name.
  package let function: String
  /// The trigger's name; nil where it is about all of the function's.
  package let trigger: String?
  /// What went wrong, without a full stop.
  package let reason: String
  /// What to do, where that is known.
  package let fix: String?
  /// What AWS said, where it said something.
  package let cause: AWSError?

  /// An error of these values.
  package init(
    _ scope: EdgeScope, _ trigger: String?, _ reason: String, fix: String? = nil, cause: AWSError? = nil
  ) {
    function = scope.function
    self.trigger = trigger
    self.reason = reason
    self.fix = fix
    self.cause = cause
  }

  /// An error about all triggers of a function.
  package init(function: String, reason: String, fix: String?, cause: AWSError?) {
    self.function = function
    trigger = nil
    self.reason = reason
    self.fix = fix
    self.cause = cause
  }

  /// A call that failed.
  init(_ scope: EdgeScope, _ trigger: String?, _ error: AWSError) {
    self.init(scope, trigger, error.description, cause: error)
  }

  /// One sentence.
  package var description: String {
    "\(function)\(trigger.map { ", trigger \($0)" } ?? ""): \(reason)"
  }

  /// Something that is not ours stands where a trigger is to be.
  static func foreign(_ scope: EdgeScope, _ trigger: String?, _ what: String) -> EdgeError {
    EdgeError(
      scope, trigger, "\(what), which lamctl did not make, is in the way",
      fix:
        "lamctl adopt makes it lamctl's where it does what the trigger says, of a function without an alias after a "
        + "deploy with --no-triggers; else remove it, or take the trigger out")
  }
}
