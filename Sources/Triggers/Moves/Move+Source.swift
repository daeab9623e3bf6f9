internal import AWSClient
internal import Core

extension Move {
  /// The service that calls by what is moved, and for which resource; nil where no permission is asked for.
  private var source: (service: String, arn: String)? {
    let text = { (name: String) in place[name]?.string ?? "" }
    let owner = "\(scope.region):\(scope.account)"
    return switch kind {
    case .httpApi:
      ("apigateway.amazonaws.com", "arn:\(scope.partition):execute-api:\(owner):\(text("api"))/")
    case .rule: ("events.amazonaws.com", RuleEdgeKind.arn(text("rule"), bus: text("bus"), in: scope))
    case .s3: ("s3.amazonaws.com", "arn:\(scope.partition):s3:::\(text("bucket"))")
    case .sns: before == .null ? nil : ("sns.amazonaws.com", text("topic"))
    case .permission, .eventInvoke, .schedule, .eventSource, .mark: nil
    }
  }

  /// Ends the way back where it would lead to a name that may not be called any more: a later run has taken the
  /// permission from the bare function, and left it to the alias.
  func checkBareCallable(_ writer: EdgeWriter) async throws(EdgeError) {
    guard let source else { return }
    func mayCall(_ alias: String?) async throws(EdgeError) -> Bool {
      let statements = try await writer.trying(nil) { () async throws(AWSError) in
        try await writer.services.lambda.statements(scope.functionName, alias: alias)
      }
      return statements.map { PolicyStatement($0) }.contains { statement in
        guard kind == .httpApi else { return statement.lets(source.service, from: source.arn) }
        // A statement may be for some of an API's routes: it is for the API then.
        let isForAPI = statement.sourceARN?.hasPrefix(source.arn) ?? false
        return isForAPI
          ? statement.lets(source.service, from: statement.sourceARN ?? "")
          : statement.lets(source.service, from: "\(source.arn)*/*")
      }
    }
    guard try await !mayCall(nil), try await mayCall(scope.alias) else { return }
    throw EdgeError(
      scope, nil,
      "\(title) stays at the alias: the bare function has no permission any more for \(source.service) to call it",
      fix:
        "take back the run that removed it first: lamctl adopt --undo with its journal, or add the permission again"
    )
  }
}
