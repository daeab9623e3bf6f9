package import Core

/// Why a call to AWS gave no result.
package enum AWSError: Error, Hashable, Sendable {
  /// The service answered with an error.
  case service(ServiceFault)
  /// No usable answer came.
  case transport(operation: String, endpoint: String, origin: String?, TransportFailure)
  /// Every source of credentials was asked and none had any.
  case noCredentials([CredentialAttempt])
  /// A source of credentials is set up and does not work.
  case brokenCredentials(source: String, reason: String)
  /// Nothing says which region is meant.
  case missingRegion
  /// A setting of the environment or of the shared files is wrong.
  case badConfiguration(String)
  /// The answer is not what the operation promises.
  case malformedAnswer(operation: String, endpoint: String, reason: String)
  /// A local file could not be read or written.
  case localFile(String)
  /// What is asked for goes beyond a limit of AWS.
  case limitExceeded(String)
  /// The task was cancelled during the operation named.
  case cancelled(String)
}

/// An error answer of a service.
package struct ServiceFault: Hashable, Sendable {
  /// The service.
  package let service: AWSService
  /// The operation, as AWS names it: `GetFunction`.
  package let operation: String
  /// What the operation was about: a function's name, a bucket; empty when there is no such thing.
  package let resource: String
  /// The endpoint that answered.
  package let endpoint: String
  /// HTTP status.
  package let status: Int
  /// The error code without namespace: `ResourceConflictException`; `HTTP 502` when the answer names none.
  package let code: String
  /// The service's own words; empty when there were none.
  package let message: ForeignText
  /// The id that AWS support asks for; empty when there was none.
  package let requestID: String
  /// Whether the same request may succeed later.
  package let isRetryable: Bool
  /// Whether the answer is an HTML page: it comes from something between here and the service.
  package let isHTML: Bool
  /// The region where the service says the resource is, when it was asked for in another; nil otherwise.
  package let region: String?

  /// A fault of these values.
  package init(
    service: AWSService, operation: String, resource: String = "", endpoint: String = "", status: Int,
    code: String, message: ForeignText = "", requestID: String = "", isRetryable: Bool = false,
    isHTML: Bool = false, region: String? = nil
  ) {
    self.service = service
    self.operation = operation
    self.resource = resource
    self.endpoint = endpoint
    self.status = status
    self.code = code
    self.message = message
    self.requestID = requestID
    self.isRetryable = isRetryable
    self.isHTML = isHTML
    self.region = region
  }

  /// Which action the caller lacks, and on what.
  package struct Denial: Hashable, Sendable {
    /// As in policies: `lambda:UpdateAlias`.
    package let action: String
    /// The resource's ARN or name; nil when unknown.
    package let resource: String?
    /// Who asked; nil when the answer does not say.
    package let principal: String?
  }

  /// What is missing, when this is a refusal for want of permission.
  package var denial: Denial? {
    guard isPermission else { return nil }
    let words = message.unmasked.split(separator: " ").map { $0.trimmingPunctuation }
    func after(_ phrase: String) -> String? {
      let parts = phrase.split(separator: " ").map(String.init)
      guard words.count > parts.count else { return nil }
      let index = (0..<(words.count - parts.count)).first { Array(words[$0..<($0 + parts.count)]) == parts }
      return index.map { words[$0 + parts.count] }
    }
    return Denial(
      action: after("perform:") ?? "\(service.actionPrefix):\(operation)",
      resource: after("on resource:") ?? (resource.isEmpty ? nil : resource), principal: after("User:"))
  }
}

extension StringProtocol {
  fileprivate var trimmingPunctuation: String {
    var text = String(self)
    while let last = text.last, last == "." || last == "," || last == ";" { text.removeLast() }
    return text
  }
}

extension AWSError {
  /// The service's answer, if this is one.
  package var fault: ServiceFault? {
    guard case .service(let fault) = self else { return nil }
    return fault
  }

  /// The resource is busy, exists already, or is referred to by something else.
  package var conflict: ServiceFault.Conflict? { fault?.conflict }

  /// 409, for any of the reasons of ``ServiceFault/Conflict``.
  package var isConflict: Bool { conflict != nil }

  /// The revision that was expected is not the present one.
  package var isPreconditionFailed: Bool { fault?.isPreconditionFailed ?? false }

  /// There is no such thing.
  package var isNotFound: Bool { fault?.isNotFound ?? false }

  /// Too many requests.
  package var isThrottle: Bool { fault?.isThrottle ?? false }

  /// The credentials are good and not allowed to do this.
  package var isPermission: Bool { fault?.isPermission ?? false }

  /// There are no credentials, or AWS does not accept them.
  package var isCredentials: Bool {
    switch self {
    case .noCredentials, .brokenCredentials: true
    case .service(let fault): fault.isCredentials
    default: false
    }
  }

  /// The caller cancelled.
  package var isCancelled: Bool {
    guard case .cancelled = self else { return false }
    return true
  }

  /// Whether the same call may succeed later without anybody changing anything.
  package var isRetryable: Bool {
    switch self {
    case .service(let fault): fault.isRetryable
    case .transport(_, _, _, let failure): failure.isTransient
    default: false
    }
  }
}
