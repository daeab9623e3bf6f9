internal import Core

extension AWSError: CustomStringConvertible {
  /// One sentence for the user: what failed and why.
  package var description: String {
    switch self {
    case .service(let fault): fault.description
    case .transport(let operation, let endpoint, let origin, let failure):
      Self.describe(operation, endpoint, origin, failure)
    case .noCredentials(let attempts):
      "no AWS credentials were found; asked: "
        + attempts.map { "\($0.source) (\($0.reason))" }.joined(separator: ", ")
    case .brokenCredentials(let source, let reason):
      "the AWS credentials of \(source) cannot be used: \(reason)"
    case .missingRegion: "no AWS region is set"
    case .badConfiguration(let text): text
    case .malformedAnswer(let operation, let endpoint, let reason):
      "\(operation) got an answer from \(endpoint) that cannot be understood: \(reason)"
    case .localFile(let text): text
    case .limitExceeded(let text): text
    case .cancelled(let operation): "\(operation) was cancelled"
    }
  }

  /// What the user can do about it, where that is known and the description does not say it.
  package var fix: String? {
    switch self {
    case .service(let fault): fault.fix
    case .noCredentials:
      "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with 'aws sso login'"
    case .brokenCredentials: "mend them where they are set, or name others with --profile"
    case .missingRegion:
      "give --region, \"region\" in lamctl.json, AWS_REGION, or region in the AWS profile"
    default: nil
    }
  }

  private static func describe(
    _ operation: String, _ endpoint: String, _ origin: String?, _ failure: TransportFailure
  ) -> String {
    let place = origin.map { "\(endpoint) (from \($0))" } ?? endpoint
    let doubt = failure.mayHaveBeenProcessed ? "; it may have been carried out all the same" : ""
    let reason = failure.reason
    switch failure.kind {
    case .unknownHost:
      let hint = origin == nil ? "check the region and the network" : "check that address"
      return "\(operation) cannot find \(place): \(reason); \(hint)"
    case .unreachable:
      let hint = origin == nil ? "check the network and the proxy settings" : "is it running?"
      return "\(operation) cannot reach \(place): \(reason); \(hint)"
    case .insecure:
      return "\(operation) has no secure connection to \(place): \(reason);"
        + " if a proxy inspects TLS here, name its certificate in AWS_CA_BUNDLE"
    case .stalled: return "\(operation) got no answer in time from \(place): \(reason)\(doubt)"
    case .connectionLost: return "\(operation) lost the connection to \(place): \(reason)\(doubt)"
    case .notHTTP:
      return "\(operation) got an answer from \(place) that is not HTTP: \(reason); check the address"
    case .localFile, .noLibrary: return "\(operation): \(reason)"
    case .tooLarge, .cancelled, .shutDown, .other: return "\(operation) to \(place) failed: \(reason)\(doubt)"
    }
  }
}

extension ServiceFault: CustomStringConvertible {
  /// One sentence for the user: what failed, why, and what to do.
  package var description: String {
    let subject = resource.isEmpty ? "" : " for \(resource)"
    let call = "\(service.name) \(operation)\(subject)"
    let id = requestID.isEmpty ? "" : " (request id \(requestID))"
    if isHTML {
      return "\(call) was answered by something that is not AWS, with HTTP \(status) and an HTML page"
        + (message.isEmpty ? "" : " titled \"\(message)\"")
        + ": check the proxy between here and \(endpoint)"
        + (status == 404 ? ", or whether that endpoint knows this operation" : "") + id
    }
    if let denial {
      let who = denial.principal ?? "these credentials"
      let target = denial.resource.map { " on \($0)" } ?? ""
      return "\(call) was refused: \(who) may not use \(denial.action)\(target);"
        + " allow that action in the IAM policy\(id)"
    }
    let words = message.isEmpty ? "no reason was given" : message.description.trimmed
    return "\(call) failed with \(code): \(words)\(advice)\(id)"
  }

  private var advice: String {
    if isExpiredToken { return "; get new credentials, the session is over" }
    if isClockSkew { return "; set this machine's clock right" }
    if isCredentials { return "; AWS does not know these credentials: check the profile and the keys" }
    if isThrottle { return "; other tools may be using up the account's rate of requests, try again later" }
    if case .busy? = conflict {
      return "; an earlier change is still under way, try again when it is through"
    }
    return ""
  }
}
