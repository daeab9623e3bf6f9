/// An error as a service answers it, before any protocol's form.
struct ServiceError: Error, Sendable {
  /// HTTP status.
  var status: Int
  /// The shape's name: `ResourceConflictException`.
  var code: String
  /// The text; some errors have none.
  var message: String
  /// The code that the query protocol has for it, where that differs.
  var queryCode: String?
  /// Further headers, such as `Retry-After`.
  var headers: HTTPHeaders = HTTPHeaders()
  /// Further members of a JSON body.
  var members: [(String, String)] = []

  init(_ status: Int, _ code: String, _ message: String, queryCode: String? = nil) {
    self.status = status
    self.code = code
    self.message = message
    self.queryCode = queryCode
  }

  /// Whether the caller is at fault.
  var isSender: Bool { status < 500 }

  /// The same as S3 says it, which has codes and texts of its own for what is wrong with a signature.
  var asOfS3: ServiceError {
    switch code {
    case "UnrecognizedClientException":
      return ServiceError(
        status, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
    case "InvalidSignatureException" where message.hasPrefix("Signature expired"),
      "InvalidSignatureException" where message.hasPrefix("Signature not yet current"):
      return ServiceError(
        status, "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.")
    case "InvalidSignatureException":
      return ServiceError(status, queryCode ?? code, message)
    default: return self
    }
  }
}

extension ServiceError {
  /// 400 with Lambda's code for a value that breaks one of its own rules.
  static func invalid(_ message: String) -> ServiceError {
    ServiceError(400, "InvalidParameterValueException", message)
  }

  /// 404.
  static func notFound(_ message: String) -> ServiceError {
    ServiceError(404, "ResourceNotFoundException", message)
  }

  /// 409.
  static func conflict(_ message: String) -> ServiceError {
    ServiceError(409, "ResourceConflictException", message)
  }

  /// 412: the RevisionId is an old one.
  static let precondition = ServiceError(
    412, "PreconditionFailedException",
    "The Revision Id provided does not match the latest Revision Id. "
      + "Call the GetFunction/GetAlias API to retrieve the latest Revision Id")

  /// An operation that the sandbox does not have.
  static func unknownOperation(_ name: String) -> ServiceError {
    ServiceError(404, "UnknownOperationException", "The sandbox does not know the operation \(name)")
  }

  /// 429, as the control plane answers beyond its rate.
  static func throttled(_ message: String = "Rate exceeded", reason: String = "CallerRateLimitExceeded")
    -> ServiceError
  {
    var error = ServiceError(429, "TooManyRequestsException", message)
    error.members = [("Reason", reason)]
    return error
  }
}
