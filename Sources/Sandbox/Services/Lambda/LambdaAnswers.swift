internal import Core

/// How functions, versions and aliases look in answers.
struct LambdaAnswers: Sendable {
  let arns: ARNs

  /// `2025-11-25T02:38:24.000+0000`.
  static func date(_ moment: Timestamp) -> String {
    let millisecond = Int((moment.seconds - moment.seconds.rounded(.down)) * 1_000)
    return "\(moment.iso8601.dropLast()).\(millisecond.padded(to: 3))+0000"
  }

  /// A FunctionConfiguration.
  ///
  /// - Parameters:
  ///   - qualifier: what the ARN ends with; nil for the unqualified one.
  ///   - inList: list answers carry no states.
  func configuration(
    _ name: String, _ version: VersionRecord, qualifier: String?, inList: Bool = false
  ) -> JSONObject {
    var answer = JSONObject([
      ("FunctionName", .string(name)), ("FunctionArn", .string(arns.function(name, qualifier))),
      ("CodeSize", .int(version.code.size)), ("LastModified", .string(Self.date(version.lastModified))),
      ("CodeSha256", .string(version.code.sha256)), ("Version", .string(version.number)),
      ("RevisionId", .string(version.revision)),
    ])
    for (key, value) in version.settings.members { answer[key] = value }
    if let image = answer["ImageConfig"] {
      answer["ImageConfig"] = nil
      answer["ImageConfigResponse"] = ["ImageConfig": image]
    }
    guard !inList else { return answer }
    for (key, value) in states(version).members { answer[key] = value }
    if version.code.image == nil {
      answer["RuntimeVersionConfig"] = [
        "RuntimeVersionArn": .string(
          "arn:aws:lambda:\(arns.region)::runtime:\(SHA256.digest(of: version.settings["Runtime"]?.string ?? "").hex)"
        )
      ]
    }
    return answer
  }

  private func states(_ version: VersionRecord) -> JSONObject {
    switch version.transition?.kind {
    case .creating:
      JSONObject([
        ("State", "Pending"), ("StateReason", "The function is being created."),
        ("StateReasonCode", "Creating"),
      ])
    case .updating:
      JSONObject([
        ("State", "Active"), ("LastUpdateStatus", "InProgress"),
        ("LastUpdateStatusReason", "The function is being created."),
        ("LastUpdateStatusReasonCode", "Creating"),
      ])
    case nil: JSONObject([("State", "Active"), ("LastUpdateStatus", "Successful")])
    }
  }

  /// An AliasConfiguration; weights that were cleared do not show.
  func alias(_ function: String, _ alias: AliasRecord) -> JSONObject {
    var answer = JSONObject([
      ("AliasArn", .string(arns.function(function, alias.name))), ("Name", .string(alias.name)),
      ("FunctionVersion", .string(alias.version)), ("Description", .string(alias.description)),
    ])
    if !alias.weights.isEmpty {
      let weights = alias.weights.map { ($0.version, JSON.double($0.weight)) }
      answer["RoutingConfig"] = ["AdditionalVersionWeights": .object(JSONObject(weights))]
    }
    answer["RevisionId"] = .string(alias.revision)
    return answer
  }
}
