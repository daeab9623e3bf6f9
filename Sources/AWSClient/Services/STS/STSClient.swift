internal import Core

/// Whose credentials are in use.
package struct CallerIdentity: Hashable, Sendable {
  /// The account's number: 12 digits.
  package let account: String
  /// The ARN of the user or assumed role.
  package let arn: String
  /// The unique id behind it.
  package let userID: String

  /// An identity of these values.
  package init(account: String, arn: String, userID: String) {
    self.account = account
    self.arn = arn
    self.userID = userID
  }
}

/// The operations of STS. All throw ``AWSError``.
package struct STSClient: Sendable {
  let pipeline: Pipeline

  init(pipeline: Pipeline) {
    self.pipeline = pipeline
  }

  /// Whose credentials are in use; needs no permission.
  package func getCallerIdentity() async throws(AWSError) -> CallerIdentity {
    let call = Self.call("GetCallerIdentity", [], expecting: "GetCallerIdentityResult")
    let text = try await pipeline.answer(call).response.bodyText
    return CallerIdentity(
      account: XML.text(of: "Account", in: text) ?? "", arn: XML.text(of: "Arn", in: text) ?? "",
      userID: XML.text(of: "UserId", in: text) ?? "")
  }

  static func call(
    _ operation: String, _ parameters: [(name: String, value: String)], expecting element: String
  ) -> APICall {
    APICall.query(.sts, operation, version: "2011-06-15", parameters, expecting: element)
  }
}
