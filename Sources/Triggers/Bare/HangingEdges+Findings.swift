internal import AWSClient
internal import Core

/// What is wrong, or may go wrong, with what calls a function.
package struct HangingFinding: Hashable, Sendable {
  /// Whether something does not work as it is.
  package let isBad: Bool
  /// What was found, without the function's name.
  package let text: String
  /// What to do about it.
  package let fix: String
}

extension HangingEdges {
  /// What `doctor` tells beside what can be adopted.
  package var findings: [HangingFinding] {
    urlFindings(url, statements, qualifier: nil)
      + urlFindings(aliasURL, aliasStatements, qualifier: scope.alias)
      + twins + numbers + sourceless + sharedBuckets.map(Self.shared)
  }

  /// Since October 2025 who calls a URL needs two permissions.
  private func urlFindings(
    _ url: JSONObject?, _ statements: [PolicyStatement], qualifier: String?
  ) -> [HangingFinding] {
    guard let address = url?["FunctionUrl"]?.string else { return [] }
    let allowing = statements.filter(\.allows)
    func principals(_ action: String) -> Set<String> {
      Set(
        allowing.filter { $0.actions.contains(action) || $0.actions.contains("lambda:*") }.flatMap(
          \.principals))
    }
    let byURL = principals("lambda:InvokeFunctionUrl")
    let byFunction = principals("lambda:InvokeFunction")
    let target = "--function-name \(scope.functionName)" + (qualifier.map { " --qualifier \($0)" } ?? "")
    var findings = byURL.subtracting(byFunction).sorted().map { principal in
      HangingFinding(
        isBad: true,
        text: "the URL \(address) lets \(principal) lambda:InvokeFunctionUrl and not lambda:InvokeFunction, "
          + "and answers with 403",
        fix: "aws lambda add-permission \(target) --statement-id url-invoke --action lambda:InvokeFunction "
          + "--principal '\(principal)' --invoked-via-function-url")
    }
    let alone = allowing.filter(\.isForURLAlone).flatMap(\.principals).filter { !byURL.contains($0) }
    findings += Set(alone).sorted().map { principal in
      HangingFinding(
        isBad: true,
        text: "the URL \(address) lets \(principal) lambda:InvokeFunction and not lambda:InvokeFunctionUrl, "
          + "and answers with 403",
        fix: "aws lambda add-permission \(target) --statement-id url --action lambda:InvokeFunctionUrl "
          + "--principal '\(principal)' --function-url-auth-type \(url?["AuthType"]?.string ?? "NONE")")
    }
    return findings
  }

  /// A stream that is read twice.
  private var twins: [HangingFinding] {
    mappings.filter { isUnqualified($0["FunctionArn"]?.string) }.compactMap { bare in
      let source = MappingEdges.source(bare)
      let twin = mappings.first {
        isAlias($0["FunctionArn"]?.string) && MappingEdges.source($0) == source
      }
      guard let twin, !source.contains(":sqs:") else { return nil }
      let (id, other) = (bare["UUID"]?.string ?? "", twin["UUID"]?.string ?? "")
      return HangingFinding(
        isBad: true,
        text:
          "\(source) is mapped to the bare function (\(id)) and to the alias (\(other)): every record comes to both",
        fix: "aws lambda delete-event-source-mapping --uuid \(id), when the other has caught up")
    }
  }

  /// What calls one version for ever.
  private var numbers: [HangingFinding] {
    let named =
      mappings.map { ("the mapping of \(MappingEdges.source($0))", $0["FunctionArn"]?.string) }
      + schedules.map { ("the schedule \($0["Name"]?.string ?? "")", $0["Target"]?["Arn"]?.string) }
      + integrations.map { ("an integration of the API \($0.api)", $0.members["integrationUri"]?.string) }
      + subscriptions.map { ("the subscription to \($0.topic)", $0.endpoint) }
      + entries.map { ("the entry \($0.element.id) of the bucket \($0.bucket)", $0.element.target) }
    return named.compactMap { what, arn in
      guard case .version(let number)? = called(arn) else { return nil }
      return HangingFinding(
        isBad: false, text: "\(what) calls version \(number), and no release ever reaches it",
        fix: "point it at \(scope.aliasARN)")
    }
  }

  private var sourceless: [HangingFinding] {
    (statements + aliasStatements).filter(\.lacksSource).map { statement in
      HangingFinding(
        isBad: false,
        text:
          "the statement \(statement.sid) lets \(statement.principals.joined(separator: ", ")) call for anybody's "
          + "resources, as it names no source",
        fix: "add one with --source-arn, and remove this one")
    }
  }

  private static func shared(_ bucket: String) -> HangingFinding {
    HangingFinding(
      isBad: false,
      text:
        "the bucket \(bucket) has entries of lamctl's and of others: whoever writes its notifications as a whole takes "
        + "lamctl's away",
      fix:
        "have one owner: state all of them as triggers, or none; Terraform's aws_s3_bucket_notification and "
        + "CloudFormation write all of them")
  }
}
