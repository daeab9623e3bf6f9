internal import Core

/// The routes and integrations of an API: as they are now, or as a deployment has kept them.
struct APIRouting: Sendable {
  /// Members of routes as the API names them, in the order of their making.
  var routes: [JSONObject] = []
  var integrations: [JSONObject] = []

  /// The route that takes a request, and what its path's variables stand for.
  func route(for method: String, _ path: String) -> (
    route: JSONObject, key: RouteKey, parameters: [(name: String, value: String)]
  )? {
    var best: (route: JSONObject, key: RouteKey, parameters: [(name: String, value: String)])?
    for route in routes {
      guard let key = route["routeKey"]?.string.flatMap(RouteKey.init), let found = key.match(method, path)
      else {
        continue
      }
      if let present = best, !key.precedes(present.key) { continue }
      best = (route, key, found)
    }
    return best
  }

  func integration(_ id: String) -> JSONObject? { integrations.first { $0["integrationId"]?.string == id } }

  var json: JSON {
    ["routes": .array(routes.map(JSON.object)), "integrations": .array(integrations.map(JSON.object))]
  }

  init() {}

  init(_ json: JSON?) {
    routes = json?["routes"]?.array?.compactMap(\.object) ?? []
    integrations = json?["integrations"]?.array?.compactMap(\.object) ?? []
  }
}

/// A deployment of an API.
struct APIDeployment: Sendable {
  var id: String
  var created: Timestamp
  var description: String
  var isAutomatic: Bool
  var routing: APIRouting
}

/// A stage of an API.
struct APIStageRecord: Sendable {
  var name: String
  var isAutomatic: Bool
  var deployment: String?
  var variables: JSONObject
  var created: Timestamp
  var changed: Timestamp
}

/// An HTTP API with everything that belongs to it.
struct APIRecord: Sendable {
  var id: String
  var name: String
  var description: String?
  var cors: JSON?
  var tags: JSONObject
  var created: Timestamp
  /// Where it is reached on this machine; 0 before the first time.
  var port: Int
  var routing = APIRouting()
  var stages: [APIStageRecord] = []
  var deployments: [APIDeployment] = []

  var door: String { Self.door(id) }

  private static let prefix = "api/"

  static func door(_ id: String) -> String { prefix + id }

  /// The id in a door's name; nil for a door of another kind.
  static func id(inDoor door: String) -> String? {
    door.hasPrefix(prefix) ? String(door.dropFirst(prefix.count)) : nil
  }

  func stage(_ name: String) -> APIStageRecord? { stages.first { $0.name == name } }

  /// What a stage shows; nil before its first deployment.
  func routing(of stage: APIStageRecord) -> APIRouting? {
    deployments.first { $0.id == stage.deployment }?.routing
  }

  /// Keeps what there is as a deployment, and shows it in the stages that `isMeant` picks.
  mutating func deploy(
    _ id: String, description: String, isAutomatic: Bool, at now: Timestamp,
    to isMeant: (APIStageRecord) -> Bool
  ) {
    deployments.append(
      APIDeployment(
        id: id, created: now, description: description, isAutomatic: isAutomatic, routing: routing))
    for index in stages.indices where isMeant(stages[index]) {
      stages[index].deployment = id
      stages[index].changed = now
    }
    // Automatic ones that nobody shows any more are of no use.
    let shown = Set(stages.compactMap(\.deployment))
    deployments.removeAll { $0.isAutomatic && !shown.contains($0.id) }
  }
}

/// The form in which APIs are kept on disk.
extension APIRecord {
  var json: JSON {
    var object = JSONObject([
      ("name", .string(name)), ("tags", .object(tags)), ("created", .double(created.seconds)),
      ("port", .int(port)), ("routing", routing.json), ("stages", .array(stages.map(\.json))),
      ("deployments", .array(deployments.map(\.json))),
    ])
    object["description"] = description.map(JSON.string)
    object["cors"] = cors
    return .object(object)
  }

  init?(_ id: String, _ json: JSON) {
    guard let name = json["name"]?.string, let created = json["created"]?.moment else { return nil }
    self.init(
      id: id, name: name, description: json["description"]?.string, cors: json["cors"],
      tags: json["tags"]?.object ?? JSONObject(), created: created, port: json["port"]?.int ?? 0)
    routing = APIRouting(json["routing"])
    stages = (json["stages"]?.array ?? []).compactMap(APIStageRecord.init)
    deployments = (json["deployments"]?.array ?? []).compactMap(APIDeployment.init)
  }
}

extension APIStageRecord {
  fileprivate var json: JSON {
    [
      "name": .string(name), "isAutomatic": .bool(isAutomatic), "deployment": .optional(deployment),
      "variables": .object(variables), "created": .double(created.seconds),
      "changed": .double(changed.seconds),
    ]
  }

  fileprivate init?(_ json: JSON) {
    guard let name = json["name"]?.string, let created = json["created"]?.moment,
      let changed = json["changed"]?.moment
    else { return nil }
    self.init(
      name: name, isAutomatic: json["isAutomatic"]?.bool ?? false, deployment: json["deployment"]?.string,
      variables: json["variables"]?.object ?? JSONObject(), created: created, changed: changed)
  }
}

extension APIDeployment {
  fileprivate var json: JSON {
    [
      "id": .string(id), "created": .double(created.seconds), "description": .string(description),
      "isAutomatic": .bool(isAutomatic), "routing": routing.json,
    ]
  }

  fileprivate init?(_ json: JSON) {
    guard let id = json["id"]?.string, let created = json["created"]?.moment else { return nil }
    self.init(
      id: id, created: created, description: json["description"]?.string ?? "",
      isAutomatic: json["isAutomatic"]?.bool ?? false, routing: APIRouting(json["routing"]))
  }
}
