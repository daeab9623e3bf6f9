internal import Core

extension LambdaService {
  func addPermission(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    var validation = Validation()
    for (key, path) in [("StatementId", "statementId"), ("Action", "action"), ("Principal", "principal")] {
      validation.required(body[key], path)
    }
    validation.length(body["StatementId"], "statementId", 1...100)
    try validation.check()
    let id = body["StatementId"]?.string ?? ""
    let statement = statement(target, body)
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      _ = try version(changed, target.qualifier)
      var policy = changed.policies[target.qualifier ?? ""] ?? PolicyRecord(statements: [], revision: "")
      if !policy.revision.isEmpty { try requireRevision(body, policy.revision) }
      guard !policy.statements.contains(where: { $0["Sid"]?.string == id }) else {
        throw .conflict(
          "The statement id (\(id)) provided already exists. Please provide a new statement id, or remove the existing statement."
        )
      }
      policy.statements.append(statement)
      policy.revision = Identifier.uuid()
      changed.policies[target.qualifier ?? ""] = policy
      record = changed
    }
    return JSONObject([("Statement", .string(JSON.object(statement).text()))])
  }

  private func statement(_ target: Target, _ body: JSON) -> JSONObject {
    let principal = body["Principal"]?.string ?? ""
    let isAccount = principal.count == 12 && principal.allSatisfy(\.isNumber)
    let named: JSON =
      isAccount
      ? ["AWS": .string("arn:aws:iam::\(principal):root")]
      : principal == "*"
        ? "*" : principal.contains("arn:") ? ["AWS": .string(principal)] : ["Service": .string(principal)]
    var statement = JSONObject([
      ("Sid", body["StatementId"] ?? ""), ("Effect", "Allow"), ("Principal", named),
      ("Action", body["Action"] ?? ""), ("Resource", .string(arns.function(target.name, target.qualifier))),
    ])
    var condition = JSONObject()
    if let account = body["SourceAccount"] { condition["StringEquals"] = ["AWS:SourceAccount": account] }
    if let arn = body["SourceArn"] { condition["ArnLike"] = ["AWS:SourceArn": arn] }
    if !condition.isEmpty { statement["Condition"] = .object(condition) }
    return statement
  }

  func getPolicy(_ target: Target) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    guard let policy = record.policies[target.qualifier ?? ""], !policy.statements.isEmpty else {
      throw .notFound("The resource you requested does not exist.")
    }
    let text = JSON.object(
      JSONObject([
        ("Version", "2012-10-17"), ("Id", "default"),
        ("Statement", .array(policy.statements.map(JSON.object))),
      ])
    ).text()
    return JSONObject([("Policy", .string(text)), ("RevisionId", .string(policy.revision))])
  }

  func removePermission(
    _ target: Target, _ id: String, _ request: HTTPRequest
  ) throws(ServiceError) -> HTTPResponse {
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      guard var policy = changed.policies[target.qualifier ?? ""],
        let index = policy.statements.firstIndex(where: { $0["Sid"]?.string == id })
      else { throw .notFound("Statement \(id) is not found in resource policy.") }
      if let revision = request.parameter("RevisionId"), revision != policy.revision { throw .precondition }
      policy.statements.remove(at: index)
      policy.revision = Identifier.uuid()
      changed.policies[target.qualifier ?? ""] = policy.statements.isEmpty ? nil : policy
      record = changed
    }
    return HTTPResponse(status: 204)
  }
}
