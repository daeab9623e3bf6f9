internal import AWSClient
internal import Core

/// Carries out the calls of one function. Each may have been carried out before by a run that died, or whose answer was
/// lost: what is there already as it is wanted is success.
struct EdgeWriter: Sendable {
  let services: EdgeServices
  let scope: EdgeScope
  /// Is asked before each call, as waits between them may be long: throws where the alias is another run's by now.
  var hold: @Sendable () async throws(EdgeError) -> Void = {}

  /// How long a permission or role may take to get around, and a mapping to be free for a change.
  private static let (patience, longPatience) = (TimeSpan.seconds(60), TimeSpan.minutes(5))

  func add(_ statement: Statement) async throws(EdgeError) {
    do throws(EdgeError) {
      try await trying(statement.trigger) { () async throws(AWSError) in
        try await services.lambda.addPermission(
          scope.functionName, alias: scope.alias, statement: statement.request)
      }
    } catch {
      guard error.cause?.isConflict ?? false else { throw error }
      // Its id holds a hash of all of it: one that is there is the same.
      let present = try await trying(statement.trigger) { () async throws(AWSError) in
        try await services.lambda.statements(scope.functionName, alias: scope.alias)
      }
      guard present.contains(where: { $0["Sid"]?.string == statement.sid }) else { throw error }
    }
  }

  func remove(_ statement: PlacedStatement) async throws(EdgeError) {
    try await trying(statement.trigger) { () async throws(AWSError) in
      try await services.lambda.removePermission(scope.functionName, alias: scope.alias, sid: statement.sid)
    }
  }

  func perform(_ call: EdgeCall, _ trigger: String) async throws(EdgeError) {
    let (name, alias) = (scope.functionName, scope.alias)
    switch call {
    case .putEventInvoke(let members):
      try await trying(trigger) { () async throws(AWSError) in
        try await services.lambda.putEventInvoke(name, alias: alias, members)
      }
    case .deleteEventInvoke:
      try await trying(trigger) { () async throws(AWSError) in
        try await services.lambda.deleteEventInvoke(name, alias: alias)
      }
    case .createURL(let members):
      try await creating(trigger) { () async throws(AWSError) in
        try await services.lambda.createURL(name, alias: alias, members)
      } orChange: { () async throws(AWSError) in
        try await services.lambda.updateURL(name, alias: alias, members)
      }
    case .updateURL(let members):
      try await trying(trigger) { () async throws(AWSError) in
        try await services.lambda.updateURL(name, alias: alias, members)
      }
    case .deleteURL:
      try await trying(trigger) { () async throws(AWSError) in
        try await services.lambda.deleteURL(name, alias: alias)
      }
    case .createMapping(let members): try await createMapping(members, trigger)
    case .updateMapping(let id, let members):
      try await trying(trigger) { () async throws(AWSError) in
        try await services.lambda.updateMapping(id, members)
      }
    case .deleteMapping(let id): try await deleteMapping(id, trigger)
    default: try await performElsewhere(call, trigger)
    }
  }

  /// The calls of other services than Lambda.
  private func performElsewhere(_ call: EdgeCall, _ trigger: String) async throws(EdgeError) {
    switch call {
    case .createGroup(let group):
      try await trying(trigger) { () async throws(AWSError) in try await services.schedules.createGroup(group)
      }
    case .createSchedule(let name, let members):
      try await creating(trigger) { () async throws(AWSError) in
        try await services.schedules.createSchedule(name, members)
      } orChange: { () async throws(AWSError) in
        try await services.schedules.updateSchedule(name, members)
      }
    case .updateSchedule(let name, let members):
      try await trying(trigger) { () async throws(AWSError) in
        try await services.schedules.updateSchedule(name, members)
      }
    case .deleteSchedule(let name, let group):
      try await trying(trigger) { () async throws(AWSError) in
        try await services.schedules.deleteSchedule(name, group: group)
      }
    case .subscribe(let topic, let attributes):
      guard try await subscribe(scope.aliasARN, to: topic, attributes, trigger) else {
        throw EdgeError(
          scope, trigger, "the subscription to \(topic) waits for the topic's owner to confirm it",
          fix: "have it confirmed, and deploy again")
      }
    case .setAttribute(let subscription, let name, let value):
      try await trying(trigger) { () async throws(AWSError) in
        try await services.topics.setAttribute(subscription, name, value)
      }
    case .unsubscribe(let subscription):
      try await trying(trigger) { () async throws(AWSError) in
        try await services.topics.unsubscribe(subscription)
      }
    case .putRule(let wish): try await put(wish, trigger)
    case .deleteRule(let name, let bus, let targets):
      try await trying(trigger) { () async throws(AWSError) in
        try await services.rules.removeTargets(name, bus: bus, ids: targets)
        try await services.rules.deleteRule(name, bus: bus)
      }
    case .placeRoutes(let wish): try await place(wish, trigger)
    case .removeRoutes(let api, let integration, let routes, let all):
      try await removeRoutes(api, integration, routes, all: all, trigger)
    case .deploy(let api, let stage):
      try await trying(trigger) { () async throws(AWSError) in
        try await services.apis.deploy(api, stage: stage)
      }
    default: break
    }
  }

  /// Subscribes a name of the function.
  ///
  /// - Returns: whether it gets messages: who subscribes to another account's topic has to be confirmed. The ARN, which is
  ///   told all the same, does not say so.
  func subscribe(
    _ endpoint: String, to topic: String, _ attributes: [String: String], _ trigger: String?
  ) async throws(EdgeError) -> Bool {
    let arn = try await trying(trigger) { () async throws(AWSError) in
      try await services.topics.subscribe(topic, endpoint: endpoint, attributes: attributes)
    }
    guard arn.hasPrefix("arn:") else { return false }
    guard Self.account(of: topic) != scope.account else { return true }
    let made = try await trying(trigger) { () async throws(AWSError) in
      try await services.topics.attributes(arn)
    }
    return made?["PendingConfirmation"] != "true"
  }

  /// The account that an ARN names.
  private static func account(of arn: String) -> String? {
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count > 4 ? String(parts[4]) : nil
  }

  /// One call, again while what AWS says may be about a permission, a role or a mapping that is too new.
  @discardableResult
  func trying<Answer>(
    _ trigger: String?, _ call: () async throws(AWSError) -> Answer
  ) async throws(EdgeError) -> Answer {
    var waited = TimeSpan.zero
    var wait = TimeSpan.seconds(2)
    while true {
      try await hold()
      do throws(AWSError) {
        return try await call()
      } catch {
        let limit =
          Spreading.isInUse(error) ? Self.longPatience : Spreading.isLate(error) ? Self.patience : .zero
        guard waited < limit else { throw EdgeError(scope, trigger, error) }
      }
      do { try await services.clock.sleep(for: wait) } catch {
        throw EdgeError(scope, trigger, .cancelled("a write of \(scope.function)'s triggers"))
      }
      waited = waited + wait
      wait = min(wait * 2, .seconds(10))
    }
  }

  /// Makes something, or changes it where an earlier call has made it.
  private func creating(
    _ trigger: String, _ create: () async throws(AWSError) -> Void,
    orChange change: () async throws(AWSError) -> Void
  ) async throws(EdgeError) {
    do throws(EdgeError) {
      try await trying(trigger, create)
    } catch {
      guard error.cause?.isConflict ?? false else { throw error }
      try await trying(trigger, change)
    }
  }

  private func put(_ wish: RuleWish, _ trigger: String) async throws(EdgeError) {
    var members = wish.members
    members["Name"] = .string(wish.name)
    members["EventBusName"] = .string(wish.bus)
    try await trying(trigger) { () async throws(AWSError) in try await services.rules.putRule(members) }
    try await trying(trigger) { () async throws(AWSError) in
      try await services.rules.putTargets(wish.name, bus: wish.bus, [wish.target])
    }
  }
}
