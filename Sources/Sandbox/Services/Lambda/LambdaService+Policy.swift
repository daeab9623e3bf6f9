internal import Core

extension LambdaService {
  /// The most bytes of a policy.
  static let policyLimit = 20_480

  func addPermission(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    let id = body["StatementId"]?.string ?? ""
    let statement = try PermissionRequest(body).statement(on: arns.function(target.name, target.qualifier))
    guard target.qualifier != VersionRecord.latest else {
      throw .invalid("We currently do not support adding policies for $LATEST.")
    }
    let now = clock.now()
    try store.change(target.name, at: now) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      _ = try version(changed, target.qualifier)
      var policy = changed.policies[target.qualifier ?? ""] ?? PolicyRecord(statements: [], revision: "")
      if !policy.revision.isEmpty { try requirePolicyRevision(body["RevisionId"]?.string, policy) }
      guard !policy.statements.contains(where: { $0["Sid"]?.string == id }) else {
        throw .conflict(
          "The statement id (\(id)) provided already exists. Please provide a new statement id, or remove the existing statement."
        )
      }
      policy.statements.append(statement)
      let size = Self.document(policy).utf8.count
      guard size <= Self.policyLimit else {
        throw ServiceError(
          400, "PolicyLengthExceededException",
          "The final policy size (\(size)) is bigger than the limit (\(Self.policyLimit)).")
      }
      if let delay = permissionDelay() { policy.effective[id] = now + delay }
      policy.revision = Identifier.uuid()
      changed.policies[target.qualifier ?? ""] = policy
      record = changed
    }
    return JSONObject([("Statement", .string(JSON.object(statement).text()))])
  }

  private func requirePolicyRevision(
    _ revision: String?, _ policy: PolicyRecord
  ) throws(ServiceError) {
    guard let revision, revision != policy.revision else { return }
    throw ServiceError(
      412, "PreconditionFailedException",
      "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest "
        + "Revision Id")
  }

  private static func document(_ policy: PolicyRecord) -> String {
    JSON.object(
      JSONObject([
        ("Version", "2012-10-17"), ("Id", "default"),
        ("Statement", .array(policy.statements.map(JSON.object))),
      ])
    ).text()
  }

  func getPolicy(_ target: Target) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    guard let policy = record.policies[target.qualifier ?? ""], !policy.statements.isEmpty else {
      throw .notFound("The resource you requested does not exist.")
    }
    return JSONObject([("Policy", .string(Self.document(policy))), ("RevisionId", .string(policy.revision))])
  }

  func removePermission(
    _ target: Target, _ id: String, _ request: HTTPRequest
  ) throws(ServiceError) -> HTTPResponse {
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      guard var policy = changed.policies[target.qualifier ?? ""],
        let index = policy.statements.firstIndex(where: { $0["Sid"]?.string == id })
      else { throw .notFound("Statement \(id) is not found in resource policy.") }
      try requirePolicyRevision(request.parameter("RevisionId"), policy)
      policy.statements.remove(at: index)
      policy.effective[id] = nil
      policy.revision = Identifier.uuid()
      changed.policies[target.qualifier ?? ""] = policy.statements.isEmpty ? nil : policy
      record = changed
    }
    return HTTPResponse(status: 204)
  }
}
