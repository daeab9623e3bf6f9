internal import Core

/// STS, as far as it tells who is asking.
struct STSService: Sendable {
  let account: String

  func answer(_ operation: String, _ input: JSON) throws(ServiceError) -> WireValue {
    guard operation == "GetCallerIdentity" else {
      throw ServiceError(400, "InvalidAction", "Could not find operation \(operation) for version 2011-06-15")
    }
    return .map([
      ("Arn", .text("arn:aws:iam::\(account):user/sandbox")), ("UserId", .text("AIDASANDBOXSANDBOXSAND")),
      ("Account", .text(account)),
    ])
  }
}
