import Core

@testable import AWSClient

/// The errors of the simulated services.
enum SimulatedFault {
  static func notFound(_ operation: String) -> AWSError {
    service(operation, 404, "ResourceNotFoundException", "Function not found")
  }

  static func busy(_ operation: String) -> AWSError {
    service(
      operation, 409, "ResourceConflictException",
      "The operation cannot be performed at this time. An update is in progress for resource")
  }

  static func inProgress(_ operation: String) -> AWSError {
    service(operation, 409, "ConflictException", "Another operation on the schedule is in progress")
  }

  static func alreadyExists(_ operation: String) -> AWSError {
    service(operation, 409, "ResourceConflictException", "It already exists")
  }

  static func inUse(_ operation: String, by aliases: [String]) -> AWSError {
    service(
      operation, 409, "ResourceConflictException",
      "Function was unable to be deleted because the following aliases reference it: "
        + "[\(aliases.joined(separator: ", "))]")
  }

  static func denied(_ operation: String) -> AWSError {
    service(operation, 403, "AccessDeniedException", "not authorized to perform: lambda:\(operation)")
  }

  static func asleep(_ operation: String) -> AWSError {
    service(
      operation, 409, "ResourceConflictException",
      "The operation cannot be performed at this time. The function is currently in the following state: Inactive"
    )
  }

  static func stale(_ operation: String) -> AWSError {
    service(
      operation, 412, "PreconditionFailedException", "The Revision Id provided does not match the latest one")
  }

  static func otherCode(_ operation: String) -> AWSError {
    service(operation, 400, "InvalidParameterValueException", "CodeSHA256 is different from the current one")
  }

  static func freshRole(_ operation: String, _ message: String) -> AWSError {
    service(operation, 400, "InvalidParameterValueException", message)
  }

  static func architecture(_ operation: String) -> AWSError {
    service(
      operation, 400, "InvalidParameterValueException",
      "Runtime go1.x does not support the following architectures [arm64]")
  }

  static func broken(_ operation: String) -> AWSError {
    service(operation, 500, "ServiceException", "Internal error")
  }

  /// An answer that did not come, although the service may have done what was asked.
  static func lost(_ operation: String) -> AWSError {
    .transport(
      operation: operation, endpoint: "Lambda", origin: nil,
      TransportFailure(kind: .connectionLost, reason: "reset by peer", mayHaveBeenProcessed: true))
  }

  /// What a run that was killed sees of the world.
  static let dead = AWSError.badConfiguration("this run is dead")

  private static func service(_ operation: String, _ status: Int, _ code: String, _ message: String)
    -> AWSError
  {
    .service(
      ServiceFault(
        service: .lambda, operation: operation, resource: "", endpoint: "simulation", status: status,
        code: code, message: ForeignText(message), requestID: "", isRetryable: status >= 500, isHTML: false))
  }
}
