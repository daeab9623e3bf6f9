internal import Core

extension ServiceFault {
  /// Why a resource could not be changed now.
  package enum Conflict: Hashable, Sendable {
    /// An earlier change is not through: wait and try again.
    case busy
    /// There is one of this name.
    case alreadyExists
    /// Something else refers to it; aliases by name.
    case referenced(by: [String])
    /// Another reason.
    case other
  }

  /// The kind of conflict, when this is one.
  package var conflict: Conflict? {
    // Of an event source mapping; it comes with 400.
    if code == "ResourceInUseException" { return .busy }
    guard status == 409 || code == "ResourceConflictException" || code == "ConflictException" else {
      return nil
    }
    let message = message.unmasked
    let text = message.lowercased()
    if let open = message.lastIndex(of: "["), text.contains("aliases reference"),
      let close = message[open...].firstIndex(of: "]")
    {
      let names = message[message.index(after: open)..<close].split(separator: ",")
      return .referenced(by: names.map(\.trimmed))
    }
    if text.contains("already exist") { return .alreadyExists }
    let busy = [
      "in progress", "following state", "currently in", "cannot be performed at this time", "pending",
    ]
    return busy.contains(where: text.contains) ? .busy : .other
  }

  /// The revision that was expected is not the present one.
  package var isPreconditionFailed: Bool {
    status == 412 || code == "PreconditionFailedException" || code == "PreconditionFailed"
  }

  /// There is no such thing.
  package var isNotFound: Bool {
    code == "ResourceNotFoundException" || code == "ResourceNotFound"
      || code == "ProvisionedConcurrencyConfigNotFoundException"
      || code == "QueueDoesNotExist" || code == "AWS.SimpleQueueService.NonExistentQueue"
      || code == "NoSuchKey" || code == "NoSuchBucket" || code == "ParameterNotFound"
      || (status == 404 && !isHTML)
  }

  /// Too many requests.
  package var isThrottle: Bool {
    status == 429 || RetryableCodes.throttling.contains(code)
      || (code == "InvalidParameterValueException" && message.contains("RequestLimitExceeded"))
  }

  /// The credentials are good and not allowed to do this.
  package var isPermission: Bool {
    ["AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "AuthorizationError"].contains(code)
  }

  /// AWS does not accept the credentials, or the signature made with them.
  package var isCredentials: Bool {
    isExpiredToken
      || [
        "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "InvalidToken",
        "InvalidSignatureException", "SignatureDoesNotMatch", "MissingAuthenticationTokenException",
        "MissingAuthenticationToken", "IncompleteSignatureException", "IncompleteSignature",
        "UnauthorizedException",
      ].contains(code)
  }

  /// Lambda cannot use a function's role, or what the role may do, yet: both take some seconds to get around. The same
  /// words stand for a role that never may.
  package var isFreshRole: Bool {
    let words = [
      "cannot be assumed by Lambda", "execution role does not have permissions",
      "KMS key is invalid for CreateGrant",
    ]
    return code == "InvalidParameterValueException" && words.contains(where: message.contains)
  }

  /// What the user can do about it, where the answer itself tells.
  package var fix: String? {
    if code == "CodeStorageExceededException" {
      return "delete versions that nothing refers to with lamctl prune, or have the quota raised"
    }
    guard isFreshRole else { return nil }
    let text = message.unmasked
    if text.contains("cannot be assumed by Lambda") {
      return
        "let lambda.amazonaws.com assume the role: its trust policy needs sts:AssumeRole for that service"
    }
    if text.contains("CreateGrant") {
      return "let the execution role use the key: kms:CreateGrant and kms:Decrypt"
    }
    guard let range = text.firstRange(of: "permissions to call ") else { return nil }
    return
      "give the execution role the permission to call \(PlainText.line(text[range.upperBound...].prefix(80)))"
  }

  /// Lambda does not offer the new architecture for the runtime that the function has now.
  package var isArchitectureOfRuntime: Bool {
    code == "InvalidParameterValueException" && message.contains("rchitecture") && message.contains("support")
  }

  /// A session token that was good once.
  package var isExpiredToken: Bool {
    ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"].contains(code)
  }

  /// Whether the signature's time is off by more than the service allows.
  var isClockSkew: Bool {
    if ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"].contains(code) { return true }
    guard ["InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure"].contains(code) else {
      return false
    }
    return message.contains("Signature expired") || message.contains("not yet current") || message.isEmpty
  }
}

/// Error codes that another attempt may get past (the standard retry mode of AWS's clients).
enum RetryableCodes {
  static let throttling: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
    "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete", "EC2ThrottledException",
  ]

  static let transient: Set<String> = [
    "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure", "ServiceException",
    "ServiceUnavailable", "ServiceUnavailableException", "IDPCommunicationError", "InternalServerError",
    "ConcurrentModificationException", "InternalException", "InternalServerException",
    "InternalErrorException",
  ]

  static let statuses: Set<Int> = [429, 500, 502, 503, 504]
}
