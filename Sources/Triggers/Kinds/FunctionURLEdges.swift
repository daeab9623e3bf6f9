internal import AWSClient
internal import Core

/// The URL of an alias. One that is there already is taken over; one that nobody wants goes only if we made it.
struct FunctionURLEdges: EdgeKind {
  let kind = TriggerKind.functionUrl

  func find(_ look: EdgeLook) async throws(EdgeError) -> EdgeFindings {
    guard let trigger = look.wanted.first else { return try await leftover(look) }
    let (name, alias) = (look.scope.functionName, look.scope.alias)
    let present = try await look.reading(trigger.name) { () async throws(AWSError) in
      try await look.services.lambda.url(name, alias: alias)
    }
    return EdgeFindings(
      steps: [Self.step(trigger, present: present, in: look.scope)],
      statements: Self.statements(for: trigger))
  }

  /// What makes a URL what it is to be.
  static func step(_ trigger: Trigger, present: JSONObject?, in scope: EdgeScope) -> EdgeStep {
    let members = trigger.settings.without(["callers"])
    let auth = members["AuthType"]?.string ?? ""
    guard let present else {
      var step = EdgeStep(trigger.name, .functionUrl, .add, source: scope.aliasARN, detail: auth)
      step.writes = [.createURL(members)]
      return step
    }
    var wanted = members
    if wanted["InvokeMode"] == nil { wanted["InvokeMode"] = "BUFFERED" }
    let rules = (members["Cors"]?.object ?? JSONObject(), present["Cors"]?.object ?? JSONObject())
    let asWanted = Likeness.alike(.object(rules.0), .object(rules.1), defaults: Self.noRules)
    if !asWanted { wanted["Cors"] = .object(Self.rules(rules.0, over: rules.1)) }
    var differs = Likeness.differences(wanted.without(["Cors"]), from: present) + (asWanted ? [] : ["Cors"])
    if differs == ["InvokeMode"], present["InvokeMode"] == nil, wanted["InvokeMode"] == "BUFFERED" {
      differs = []
    }
    var step = EdgeStep(
      trigger.name, .functionUrl, differs.isEmpty ? .none : .modify, source: scope.aliasARN, detail: auth)
    step.id = present["FunctionUrl"]?.string
    step.differs = differs.map(Likeness.key)
    if !differs.isEmpty { step.writes = [.updateURL(wanted.only(differs))] }
    if auth == "NONE", present["AuthType"]?.string == "AWS_IAM" {
      step.detail = "AWS_IAM -> NONE"
      step.loss = "turning its URL from AWS_IAM to NONE lets everybody call it"
    }
    return step
  }

  /// What rules for other origins say where they are not stated.
  private static let noRules = JSONObject([("AllowCredentials", false), ("MaxAge", 0)])

  /// Rules that say of all that is there now what is wanted, also that nothing is.
  private static func rules(_ wanted: JSONObject, over present: JSONObject) -> JSONObject {
    guard !wanted.isEmpty else { return wanted }
    return present.members.reduce(into: wanted) { rules, member in
      guard rules[member.key] == nil else { return }
      rules[member.key] = noRules[member.key] ?? .array([])
    }
  }

  private func leftover(_ look: EdgeLook) async throws(EdgeError) -> EdgeFindings {
    guard look.isRecorded || !look.placed.isEmpty else { return EdgeFindings() }
    let (name, alias) = (look.scope.functionName, look.scope.alias)
    let present = try await look.reading { () async throws(AWSError) in
      try await look.services.lambda.url(name, alias: alias)
    }
    guard let present else { return EdgeFindings() }
    let trigger = look.placed.first?.trigger ?? "url"
    var step = EdgeStep(
      trigger, kind, .remove, source: look.scope.aliasARN, detail: present["AuthType"]?.string ?? "")
    step.id = present["FunctionUrl"]?.string
    step.loss = "taking its URL away loses the address, which never comes back"
    step.removals = [.deleteURL]
    return EdgeFindings(steps: [step])
  }

  /// Since October 2025 a caller needs two permissions; of `*` the second holds for calls by the URL alone, or Invoke
  /// would be open to everybody.
  static func statements(for trigger: Trigger) -> [Statement] {
    func pair(_ principal: String, _ auth: String, _ source: String?, byURLAlone: Bool) -> [Statement] {
      let origin: [(String, JSON)] = source.map { [("SourceArn", .string($0))] } ?? []
      let head: [(String, JSON)] = [("Principal", .string(principal))]
      return [
        Statement(
          .functionUrl, trigger.name,
          [("Action", "lambda:InvokeFunctionUrl"), ("FunctionUrlAuthType", .string(auth))] + head + origin),
        Statement(
          .functionUrl, trigger.name,
          [("Action", "lambda:InvokeFunction")] + head + origin
            + (byURLAlone ? [("InvokedViaFunctionUrl", true)] : [])),
      ]
    }
    if trigger.settings["AuthType"]?.string == "NONE" { return pair("*", "NONE", nil, byURLAlone: true) }
    let callers = trigger.settings["callers"]
    let texts: (String) -> [String] = { callers?[$0]?.array?.compactMap(\.string) ?? [] }
    return texts("distributions").flatMap {
      pair("cloudfront.amazonaws.com", "AWS_IAM", $0, byURLAlone: false)
    } + (texts("accounts") + texts("roles")).flatMap { pair($0, "AWS_IAM", nil, byURLAlone: true) }
  }
}

/// What becomes of events that nobody waits for.
enum EventInvokeEdges {
  static func find(_ wish: EventInvokeWish, _ look: EdgeLook) async throws(EdgeError) -> EdgeStep? {
    let (name, alias) = (look.scope.functionName, look.scope.alias)
    let present = try await look.reading("eventInvoke") { () async throws(AWSError) in
      try await look.services.lambda.eventInvoke(name, alias: alias)
    }
    return step(wish, present: present, in: look.scope)
  }

  static func step(_ wish: EventInvokeWish, present: JSONObject?, in scope: EdgeScope) -> EdgeStep? {
    switch (wish, present) {
    case (.none, nil): return nil
    case (.none, _?):
      var step = EdgeStep("eventInvoke", .eventInvoke, .remove, source: scope.aliasARN, detail: "settings")
      step.removals = [.deleteEventInvoke]
      return step
    case (.settings(let wanted), let present):
      let names = ["MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"]
      let differs = names.filter { name in
        let actual = present?[name]
        guard let value = wanted[name] else {
          // A destination that is there and empty is none.
          return actual.map { !Likeness.matches(.object(JSONObject()), $0) || !isEmpty($0) } ?? false
        }
        return !Likeness.matches(value, actual)
          || (name == "DestinationConfig" && hasMore(actual, than: value))
      }
      let change: EdgeChange = present == nil ? .add : differs.isEmpty ? .none : .modify
      var step = EdgeStep(
        "eventInvoke", .eventInvoke, change, source: scope.aliasARN,
        detail: wanted.members.map { "\(Likeness.key($0.key)) \($0.value.text())" }.joined(separator: ", "))
      if change != .none { step.writes = [.putEventInvoke(wanted)] }
      if change == .modify { step.differs = differs.map(Likeness.key) }
      return step
    }
  }

  private static func isEmpty(_ value: JSON) -> Bool {
    guard let members = value.object?.members else { return value == .null }
    return members.allSatisfy { isEmpty($0.value) }
  }

  /// Whether a destination is there that nobody states.
  private static func hasMore(_ actual: JSON?, than wanted: JSON) -> Bool {
    ["OnSuccess", "OnFailure"].contains { key in
      wanted[key] == nil && actual?[key].map { !isEmpty($0) } ?? false
    }
  }
}
