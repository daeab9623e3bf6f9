internal import AWSClient
internal import Core

/// Refusals that another attempt gets past, once a permission or a role has got around in AWS.
enum Spreading {
  private static let words = [
    "Unable to validate", "must allow AWS EventBridge Scheduler", "cannot be assumed",
    "does not have permissions", "is not authorized to", "not authorized to perform",
    "Please ensure the role", "missing permissions",
  ]

  /// Whether what AWS said may be about a permission or role that is too new.
  static func isLate(_ error: AWSError) -> Bool {
    guard let fault = error.fault, fault.status == 400 else { return false }
    return words.contains(where: fault.message.contains)
  }

  /// Whether a mapping cannot be changed yet because an earlier change is under way.
  static func isInUse(_ error: AWSError) -> Bool {
    guard let fault = error.fault else { return false }
    return fault.code == "ResourceInUseException" || fault.conflict == .busy
  }
}
