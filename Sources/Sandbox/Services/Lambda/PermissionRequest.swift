internal import Core

/// What AddPermission is asked for.
struct PermissionRequest: Sendable {
  private let body: JSON

  /// - Throws: 400 with Lambda's words for what it does not take.
  init(_ body: JSON) throws(ServiceError) {
    self.body = body
    var validation = Validation()
    for (key, path) in [("StatementId", "statementId"), ("Action", "action"), ("Principal", "principal")] {
      validation.required(body[key], path)
    }
    validation.length(body["StatementId"], "statementId", 1...100)
    validation.word(body["FunctionUrlAuthType"], "functionUrlAuthType", ["NONE", "AWS_IAM"])
    let id = body["StatementId"]?.string ?? ""
    if !id.utf8.allSatisfy(FunctionReference.isNameCharacter) {
      validation.fail(
        id, at: "statementId", "Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)")
    }
    let action = body["Action"]?.string ?? ""
    if body["Action"] != nil, !Self.isAction(action) {
      validation.fail(
        action, at: "action",
        "Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])")
    }
    try validation.check()
    guard body["FunctionUrlAuthType"] == nil || action == "lambda:InvokeFunctionUrl" else {
      throw .invalid("FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action")
    }
    guard body["InvokedViaFunctionUrl"] == nil || action == "lambda:InvokeFunction" else {
      throw .invalid("InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action")
    }
    guard Self.isPrincipal(body["Principal"]?.string ?? "") else {
      throw .invalid("The provided principal was invalid. Please check the principal and try again.")
    }
  }

  private static func isAction(_ action: String) -> Bool {
    if action == "*" || action == "lambda:*" { return true }
    let name = action.dropFirst("lambda:".count).utf8
    return action.hasPrefix("lambda:") && !name.isEmpty
      && name.allSatisfy { (65...90).contains($0) || (97...122).contains($0) }
  }

  private static func isAccount(_ principal: String) -> Bool {
    principal.utf8.count == 12 && principal.utf8.allSatisfy { (48...57).contains($0) }
  }

  private static func isPrincipal(_ principal: String) -> Bool {
    principal == "*" || isAccount(principal) || principal.hasPrefix("arn:")
      || principal.hasSuffix(".amazonaws.com") || principal.hasSuffix(".amazonaws.com.cn")
      || principal == "alexa-appkit.amazon.com"
  }

  /// The statement as the policy has it, about the function, version or alias `arn`.
  func statement(on arn: String) -> JSONObject {
    let principal = body["Principal"]?.string ?? ""
    let named: JSON =
      Self.isAccount(principal)
      ? ["AWS": .string("arn:aws:iam::\(principal):root")]
      : principal == "*"
        ? "*" : principal.hasPrefix("arn:") ? ["AWS": .string(principal)] : ["Service": .string(principal)]
    var statement = JSONObject([
      ("Sid", body["StatementId"] ?? ""), ("Effect", "Allow"), ("Principal", named),
      ("Action", body["Action"] ?? ""), ("Resource", .string(arn)),
    ])
    if let condition { statement["Condition"] = .object(condition) }
    return statement
  }

  private var condition: JSONObject? {
    var equal = JSONObject()
    for (member, key) in [
      ("SourceAccount", "AWS:SourceAccount"), ("EventSourceToken", "lambda:EventSourceToken"),
      ("FunctionUrlAuthType", "lambda:FunctionUrlAuthType"), ("PrincipalOrgID", "aws:PrincipalOrgID"),
    ] {
      equal[key] = body[member]
    }
    var condition = JSONObject()
    if !equal.isEmpty { condition["StringEquals"] = .object(equal) }
    if let arn = body["SourceArn"] { condition["ArnLike"] = ["AWS:SourceArn": arn] }
    if let flag = body["InvokedViaFunctionUrl"]?.bool {
      condition["Bool"] = ["lambda:InvokedViaFunctionUrl": .string(flag ? "true" : "false")]
    }
    return condition.isEmpty ? nil : condition
  }
}
