internal import AWSClient
internal import Core

/// Routes of HTTP APIs that lead to the alias by one integration a trigger. The integration is ours by its description.
struct HTTPAPIEdges: EdgeKind {
  let kind = TriggerKind.httpApi

  func find(_ look: EdgeLook) async throws(EdgeError) -> EdgeFindings {
    var findings = EdgeFindings()
    var wantedMarks: [String: Set<String>] = [:]
    for trigger in look.wanted {
      guard let api = try await api(trigger, look, into: &findings) else { continue }
      let mark = Marks.name(of: trigger.name, in: look.scope, limit: 200)
      wantedMarks[api, default: []].insert(mark)
      let parts = try await parts(of: api, look, trigger.name)
      findings.statements.append(Self.statement(trigger, api: api, in: look.scope))
      let movable = try await movable(trigger, parts, look)
      Self.compare(trigger, api: api, mark: mark, parts, movable, in: look.scope, into: &findings)
    }
    var apis = Set(look.placed.compactMap { Self.api(inSource: $0.source) })
    apis.formUnion(wantedMarks.keys)
    for api in apis.sorted() {
      try await leftovers(of: api, wanted: wantedMarks[api] ?? [], look, into: &findings)
    }
    return findings
  }

  /// Keeps the old permissions of an API while one of its stages may show what was before: it does until somebody
  /// deploys it.
  private static func hold(
    _ api: String, _ stages: [JSONObject], _ look: EdgeLook, into findings: inout EdgeFindings
  ) {
    let calls = findings.steps.flatMap { $0.writes + $0.removals }
    let changed = look.removals.map { $0 - EdgeLook.longestDelay }
    let isBehind = stages.contains { stage in
      guard stage["autoDeploy"]?.bool != true, let name = stage["stageName"]?.string,
        !calls.contains(.deploy(api: api, stage: name))
      else { return false }
      let deployed = stage["lastUpdatedDate"]?.string.flatMap { Timestamp(iso8601: $0) }
      return deployed.flatMap { deployed in changed.map { deployed <= $0 } } ?? true
    }
    guard isBehind else { return }
    let wanted = Set(findings.statements.map(\.sid))
    findings.held.formUnion(
      look.placed.filter { Self.api(inSource: $0.source) == api && !wanted.contains($0.sid) }.map(\.sid))
  }

  /// What an API has.
  struct Parts: Sendable {
    var routes: [JSONObject]
    var integrations: [JSONObject]
    var stages: [JSONObject]
  }

  /// The id of the API that a trigger names.
  private func api(
    _ trigger: Trigger, _ look: EdgeLook, into findings: inout EdgeFindings
  ) async throws(EdgeError) -> String? {
    let name = trigger.settings["api"]?.string ?? ""
    let all = try await look.reading(trigger.name) { () async throws(AWSError) in
      try await look.readings.allAPIs()
    }.filter { ($0["protocolType"]?.string ?? "HTTP") == "HTTP" }
    if all.contains(where: { $0["apiId"]?.string == name }) { return name }
    let named = all.filter { $0["name"]?.string == name }.compactMap { $0["apiId"]?.string }
    if named.count == 1 { return named[0] }
    findings.obstacles.append(
      EdgeError(
        look.scope, trigger.name,
        named.isEmpty
          ? "there is no HTTP API with the id or name \(name) in \(look.scope.region)"
          : "the HTTP APIs \(named.sorted().joined(separator: ", ")) are all called \(name)",
        fix: named.isEmpty ? "\(look.services.making), or correct \"api\"" : "write its id as \"api\""))
    return nil
  }

  private func parts(of api: String, _ look: EdgeLook, _ trigger: String?) async throws(EdgeError) -> Parts {
    let port = look.services.apis
    return try await look.reading(trigger) { () async throws(AWSError) -> Parts in
      Parts(
        routes: try await look.readings.once("routes \(api)") { () async throws(AWSError) in
          try await port.routes(api)
        },
        integrations: try await look.readings.once("integrations \(api)") { () async throws(AWSError) in
          try await port.integrations(api)
        },
        stages: try await look.readings.once("stages \(api)") { () async throws(AWSError) in
          try await port.stages(api)
        })
    }
  }

  /// The integrations from which the routes of a trigger may be led away in place.
  private func movable(
    _ trigger: Trigger, _ parts: Parts, _ look: EdgeLook
  ) async throws(EdgeError) -> Set<String> {
    let keys = trigger.settings["routes"]?.array?.compactMap(\.string) ?? []
    let targets = Set(
      parts.routes.filter { $0["routeKey"]?.string.map(keys.contains) ?? false }
        .compactMap { $0["target"]?.string })
    var movable: Set<String> = []
    for integration in parts.integrations {
      guard let id = integration["integrationId"]?.string, targets.contains("integrations/\(id)"),
        let mark = integration["description"]?.string, let target = integration["integrationUri"]?.string,
        try await look.mayMove(mark: mark, target: target)
      else { continue }
      movable.insert(id)
    }
    return movable
  }

  /// The permission for the routes of a trigger: for one route its own path, else the whole API.
  static func statement(_ trigger: Trigger, api: String, in scope: EdgeScope) -> Statement {
    let routes = trigger.settings["routes"]?.array?.compactMap(\.string) ?? []
    var path = "*"
    if routes.count == 1, routes[0] != "$default" {
      let parts = routes[0].split(separator: " ")
      let method = parts[0] == "ANY" ? "*" : String(parts[0])
      let steps = parts[1].split(separator: "/", omittingEmptySubsequences: false)
        .map { $0.hasPrefix("{") ? "*" : String($0) }
      path = "*/\(method)\(steps.joined(separator: "/"))"
    }
    let source = "arn:\(scope.partition):execute-api:\(scope.region):\(scope.account):\(api)/\(path)"
    return .service("apigateway", source: source, account: nil, .httpApi, trigger.name)
  }

  static func api(inSource source: String?) -> String? {
    guard let source, source.contains(":execute-api:") else { return nil }
    return source.split(separator: ":").last?.split(separator: "/").first.map(String.init)
  }

  /// What makes the integration and the routes of a trigger what they are to be.
  ///
  /// - Parameter movable: the integrations from which routes may be led away.
  static func compare(
    _ trigger: Trigger, api: String, mark: String, _ parts: Parts, _ movable: Set<String>,
    in scope: EdgeScope, into findings: inout EdgeFindings
  ) {
    let settings = trigger.settings
    var integration = settings.only(["PayloadFormatVersion", "TimeoutInMillis"]).lowered
    integration["integrationType"] = "AWS_PROXY"
    integration["integrationUri"] = .string(scope.aliasARN)
    integration["description"] = .string(mark)
    if integration["payloadFormatVersion"] == nil { integration["payloadFormatVersion"] = "2.0" }
    if integration["timeoutInMillis"] == nil { integration["timeoutInMillis"] = 30_000 }
    let own = parts.integrations.first { $0["description"]?.string == mark }
    let ownID = own?["integrationId"]?.string
    var differs = own.map { Likeness.differences(integration, from: $0) } ?? []
    let (routes, differing) = placements(
      trigger, api: api, integration: ownID, parts, movable, in: scope, into: &findings)
    differs += differing
    let isNew = own == nil
    let change: EdgeChange = isNew ? .add : differs.isEmpty && routes.isEmpty ? .none : .modify
    let keys = settings["routes"]?.array?.compactMap(\.string) ?? []
    var step = EdgeStep(
      trigger.name, .httpApi, change, source: api, detail: "\(api) \(keys.joined(separator: ", "))")
    step.id = ownID
    if change == .modify { step.differs = Set(differs + (routes.isEmpty ? [] : ["routes"])).sorted() }
    if change != .none {
      step.writes = [
        .placeRoutes(
          RouteWish(
            api: api, integration: integration, present: ownID,
            changes: !(own.map { Likeness.differences(integration, from: $0) } ?? []).isEmpty, routes: routes)
        )
      ]
    }
    // Routes of ours that the trigger states no more.
    let gone = parts.routes.filter { route in
      guard let ownID else { return false }
      return route["target"]?.string == "integrations/\(ownID)"
        && !(route["routeKey"]?.string.map(keys.contains) ?? false)
    }.compactMap { $0["routeId"]?.string }
    if let ownID, !gone.isEmpty {
      if step.change == .none { step.change = .modify }
      step.differs = Set(step.differs + ["routes"]).sorted()
      step.removals = [.removeRoutes(api: api, integration: ownID, routes: gone, all: false)]
    }
    tellStages(&step, Set([settings["deploy"]?.string].compactMap { $0 }), parts.stages, api)
    findings.steps.append(step)
  }

  /// What takes away of a route who may call it.
  private static let authorization: [(String, JSON)] = [
    ("authorizerId", ""), ("authorizationScopes", .array([])),
  ]

  /// The routes of a trigger that are to be made, or to be led to its integration.
  private static func placements(
    _ trigger: Trigger, api: String, integration ownID: String?, _ parts: Parts, _ movable: Set<String>,
    in scope: EdgeScope, into findings: inout EdgeFindings
  ) -> (routes: [RouteWish.Route], differs: [String]) {
    let settings = trigger.settings
    var differs: [String] = []
    var routes: [RouteWish.Route] = []
    var stated = settings.only(["AuthorizationType", "AuthorizerId", "AuthorizationScopes"]).lowered
    if stated["authorizationType"] == nil { stated["authorizationType"] = "NONE" }
    for key in settings["routes"]?.array?.compactMap(\.string) ?? [] {
      var members = stated
      members["routeKey"] = .string(key)
      guard let present = parts.routes.first(where: { $0["routeKey"]?.string == key }) else {
        routes.append(RouteWish.Route(id: nil, members: members))
        continue
      }
      let target = present["target"]?.string
      for (name, empty) in authorization where members[name] == nil && !Likeness.alike(empty, present[name]) {
        members[name] = empty
      }
      if target == nil || ownID == nil || target != ownID.map({ "integrations/\($0)" }) {
        let other = parts.integrations.first { integration in
          integration["integrationId"]?.string.map { "integrations/\($0)" == target } ?? false
        }
        if target != nil, !(other?["integrationId"]?.string.map(movable.contains) ?? false) {
          findings.obstacles.append(
            .foreign(
              scope, trigger.name,
              "the route \(key) of the API \(api) to \(other?["integrationUri"]?.string ?? target ?? "")"))
        }
        routes.append(RouteWish.Route(id: present["routeId"]?.string, members: members))
      } else if !Likeness.differences(members, from: present).isEmpty {
        routes.append(RouteWish.Route(id: present["routeId"]?.string, members: members))
        differs += Likeness.differences(members, from: present)
      }
    }
    return (routes, differs)
  }

  /// Changes show only where a stage deploys by itself, or is deployed.
  ///
  /// - Parameter isEmptied: whether the API has no route left after them: then it cannot be deployed.
  private static func tellStages(
    _ step: inout EdgeStep, _ deployed: Set<String>, _ stages: [JSONObject], _ api: String,
    isEmptied: Bool = false
  ) {
    guard step.change != .none else { return }
    let manual = stages.filter { $0["autoDeploy"]?.bool != true }.compactMap { $0["stageName"]?.string }
    for stage in manual {
      if isEmptied {
        step.notes.append(
          "the stage \(stage) of the API \(api) goes on showing it, as an API without routes cannot be deployed: aws "
            + "apigatewayv2 delete-stage --api-id \(api) --stage-name \(stage)")
      } else if deployed.contains(stage) {
        let call = EdgeCall.deploy(api: api, stage: stage)
        if step.removals.isEmpty { step.writes.append(call) } else { step.removals.append(call) }
      } else {
        step.notes.append(
          "the stage \(stage) of the API \(api) shows it after: aws apigatewayv2 create-deployment --api-id \(api) "
            + "--stage-name \(stage)")
      }
    }
  }

  private func leftovers(
    of api: String, wanted: Set<String>, _ look: EdgeLook, into findings: inout EdgeFindings
  ) async throws(EdgeError) {
    let all = try await look.reading { () async throws(AWSError) in try await look.readings.allAPIs() }
    guard let described = all.first(where: { $0["apiId"]?.string == api }) else { return }
    let parts = try await parts(of: api, look, nil)
    for integration in parts.integrations where integration["integrationUri"]?.string == look.scope.aliasARN {
      let mark = integration["description"]?.string ?? ""
      guard !wanted.contains(mark), let id = integration["integrationId"]?.string else { continue }
      let prefix = Marks.name([look.scope.project, look.scope.function, look.scope.alias, ""], limit: 400)
      let placed = look.placed.map(\.trigger).first {
        Marks.name(of: $0, in: look.scope, limit: 200) == mark
      }
      guard let trigger = placed ?? (mark.hasPrefix(prefix) ? String(mark.dropFirst(prefix.count)) : nil)
      else {
        findings.foreign.append(
          ForeignEdge(kind: kind, source: api, target: look.scope.aliasARN, id: id))
        continue
      }
      let routes = parts.routes.filter { $0["target"]?.string == "integrations/\(id)" }
      var step = EdgeStep(
        trigger, kind, .remove, source: api,
        detail: "\(api) \(routes.compactMap { $0["routeKey"]?.string }.joined(separator: ", "))")
      step.id = id
      step.removals = [
        .removeRoutes(
          api: api, integration: id, routes: routes.compactMap { $0["routeId"]?.string }, all: true)
      ]
      let sharing = look.wanted.filter {
        [api, described["name"]?.string].contains($0.settings["api"]?.string)
      }
      Self.tellStages(
        &step, Set(sharing.compactMap { $0.settings["deploy"]?.string }), parts.stages, api,
        isEmptied: sharing.isEmpty && routes.count == parts.routes.count)
      findings.steps.append(step)
    }
    Self.hold(api, parts.stages, look, into: &findings)
  }
}

extension JSONObject {
  /// With the names that API Gateway uses.
  fileprivate var lowered: JSONObject {
    JSONObject(members.map { ($0.key.prefix(1).lowercased() + $0.key.dropFirst(), $0.value) })
  }
}
