package import Core

/// What becomes of an edge.
package enum EdgeChange: String, Hashable, Sendable, CaseIterable {
  /// It is as it is wanted.
  case none
  /// It comes into being.
  case add
  /// It is there and differs.
  case modify
  /// It is not wanted any more.
  case remove
}

/// One trigger, what is there of it, and the calls that make it what it is to be.
package struct EdgeStep: Hashable, Sendable {
  /// The trigger's name; of an edge that nobody wants any more, as far as its mark tells.
  package let trigger: String
  /// Its kind.
  package let kind: TriggerKind
  /// What becomes of it.
  package var change: EdgeChange
  /// What it comes from: an ARN, an API's id, an expression.
  package let source: String
  /// The id of the edge in AWS, where it has one.
  package var id: String?
  /// The settings that differ, as the configuration spells them.
  package var differs: [String] = []
  /// What a line of a plan tells: `cron(0 2 * * ? *) -> cron(0 3 * * ? *)`.
  package var detail: String
  /// The settings that are in force until the change; nil where they do not bear on how often the trigger calls.
  package var inForce: JSONObject?
  /// Calls that add or change, in order.
  var writes: [EdgeCall] = []
  /// Calls that take away, after all that is added.
  var removals: [EdgeCall] = []
  /// What is lost for good with it, so that it needs `--yes`, as a clause that says by what; nil where nothing is.
  package var loss: String?
  /// What is to be told whatever becomes of it.
  package var notes: [String] = []

  init(_ trigger: String, _ kind: TriggerKind, _ change: EdgeChange, source: String, detail: String? = nil) {
    self.trigger = trigger
    self.kind = kind
    self.change = change
    self.source = source
    self.detail = detail ?? source
  }
}

/// An edge to the alias that lamctl did not make.
package struct ForeignEdge: Hashable, Sendable {
  /// Its kind.
  package let kind: TriggerKind
  /// What it comes from.
  package let source: String
  /// The ARN that it calls.
  package let target: String
  /// Its id.
  package let id: String
}

/// One call that changes an edge, or the few that only make sense together.
enum EdgeCall: Hashable, Sendable {
  case putEventInvoke(JSONObject)
  case deleteEventInvoke
  case createURL(JSONObject)
  case updateURL(JSONObject)
  case deleteURL
  case putRule(RuleWish)
  case deleteRule(name: String, bus: String, targets: [String])
  case createGroup(String)
  case createSchedule(name: String, JSONObject)
  case updateSchedule(name: String, JSONObject)
  case deleteSchedule(name: String, group: String)
  case subscribe(topic: String, [String: String])
  case setAttribute(subscription: String, name: String, value: String?)
  case unsubscribe(String)
  case placeRoutes(RouteWish)
  /// Takes routes away that still lead to the integration, and the integration where none is left to do.
  case removeRoutes(api: String, integration: String, routes: [String], all: Bool)
  case deploy(api: String, stage: String)
  case createMapping(JSONObject)
  case updateMapping(id: String, JSONObject)
  case deleteMapping(id: String)
}

/// A rule with its one target.
struct RuleWish: Hashable, Sendable {
  let name: String
  let bus: String
  /// Members of PutRule.
  let members: JSONObject
  /// The member of PutTargets.
  let target: JSONObject
}

/// An integration with its routes.
struct RouteWish: Hashable, Sendable {
  let api: String
  /// Members of CreateIntegration.
  let integration: JSONObject
  /// The integration that is there; nil where it is to be made.
  let present: String?
  /// Whether it is there and differs.
  let changes: Bool
  /// The routes to make or to change: members of CreateRoute but the target, with the id where there is one.
  let routes: [Route]

  struct Route: Hashable, Sendable {
    let id: String?
    let members: JSONObject
  }
}
