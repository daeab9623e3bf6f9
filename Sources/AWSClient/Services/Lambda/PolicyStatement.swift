package import Core

/// One statement of a function's resource policy.
package struct PolicyStatement: Hashable, Sendable {
  /// All members, as they stand in the policy.
  package let members: JSONObject

  /// Wraps `members`.
  package init(_ members: JSONObject) {
    self.members = members
  }

  /// The `StatementId` of AddPermission; "" where there is none.
  package var sid: String { members["Sid"]?.string ?? "" }
  /// Whether it allows something.
  package var allows: Bool { members["Effect"]?.string == "Allow" }
  /// `lambda:InvokeFunction` and the like.
  package var actions: [String] { Self.texts(members["Action"]) }
  /// What it is about: the ARN of the function, of a version or of an alias.
  package var resources: [String] { Self.texts(members["Resource"]) }
  /// Who may: services such as `s3.amazonaws.com`, accounts as numbers or ARNs, or `*`.
  package var principals: [String] {
    guard let principal = members["Principal"] else { return [] }
    guard let kinds = principal.object else { return Self.texts(principal) }
    return kinds.members.flatMap { Self.texts($0.value) }
  }
  /// The ARN of the resource that the call must come from; nil for any.
  package var sourceARN: String? { condition("aws:SourceArn") }
  /// The account that the resource must belong to; nil for any.
  package var sourceAccount: String? { condition("aws:SourceAccount") }
  /// The organization that the caller must belong to; nil for any.
  package var principalOrgID: String? { condition("aws:PrincipalOrgID") }
  /// `NONE` or `AWS_IAM`, where it is about calls by a URL; nil otherwise.
  package var functionURLAuthType: String? { condition("lambda:FunctionUrlAuthType") }
  /// Whether only calls by the function's URL are meant.
  package var isForURLAlone: Bool { condition("lambda:InvokedViaFunctionUrl")?.lowercased() == "true" }
  /// The token that a skill must show; nil for none.
  package var eventSourceToken: String? { condition("lambda:EventSourceToken") }

  /// The value of a condition's key, whatever its operator is called and however the key is spelt.
  private func condition(_ key: String) -> String? {
    for (_, tests) in members["Condition"]?.object?.members ?? [] {
      for (name, value) in tests.object?.members ?? [] where name.lowercased() == key.lowercased() {
        return Self.texts(value).first
      }
    }
    return nil
  }

  /// A text, a truth value or a list of texts.
  private static func texts(_ value: JSON?) -> [String] {
    guard let value else { return [] }
    if let truth = value.bool { return [truth ? "true" : "false"] }
    return value.array?.compactMap(\.string) ?? [value.string].compactMap { $0 }
  }
}

extension FunctionPolicy {
  /// Its statements, in order.
  package var statements: [PolicyStatement] {
    let value = document["Statement"]
    return (value?.array ?? [value].compactMap { $0 }).compactMap(\.object).map(PolicyStatement.init)
  }
}

extension ServiceFault {
  /// A policy would grow beyond 20,480 bytes.
  package var isPolicyFull: Bool { code == "PolicyLengthExceededException" }
}
