import AWSClient
import Core

@testable import Triggers

extension World: LambdaEdges {
  func statements(_ function: String, alias: String?) async throws(AWSError) -> [JSONObject] {
    try call("GetPolicy") { contents throws(AWSError) in
      (alias == nil ? contents.bareStatements : contents.statements).sorted { $0.key < $1.key }.map(\.value)
    }
  }

  func addPermission(_ function: String, alias: String?, statement: JSONObject) async throws(AWSError) {
    let isClosed = state.withLock { $0.closed.contains(function) }
    try call("AddPermission") { contents throws(AWSError) in
      guard !isClosed else { throw World.fault(403, "AccessDeniedException", "not allowed") }
      let sid = statement["StatementId"]?.string ?? ""
      let place = alias == nil ? \World.Contents.bareStatements : \World.Contents.statements
      guard contents[keyPath: place][sid] == nil else { throw World.conflict }
      contents[keyPath: place][sid] = World.placed(statement)
    }
  }

  /// A statement as the policy shows it.
  static func placed(_ statement: JSONObject) -> JSONObject {
    var placed = JSONObject([("Sid", statement["StatementId"] ?? .null), ("Effect", "Allow")])
    placed["Action"] = statement["Action"]
    let principal = statement["Principal"]?.string ?? ""
    placed["Principal"] =
      principal == "*"
      ? "*" : [principal.hasSuffix(".amazonaws.com") ? "Service" : "AWS": .string(principal)]
    var conditions = JSONObject()
    if let source = statement["SourceArn"] { conditions["ArnLike"] = ["AWS:SourceArn": source] }
    if let account = statement["SourceAccount"] {
      conditions["StringEquals"] = ["AWS:SourceAccount": account]
    }
    if !conditions.isEmpty { placed["Condition"] = .object(conditions) }
    return placed
  }

  func removePermission(_ function: String, alias: String?, sid: String) async throws(AWSError) {
    try call("RemovePermission") { contents throws(AWSError) in
      if alias == nil { contents.bareStatements[sid] = nil } else { contents.statements[sid] = nil }
    }
  }

  func mappings() async throws(AWSError) -> [JSONObject] {
    try call("ListEventSourceMappings") { contents throws(AWSError) in
      let seen = contents.mappings
      // What goes on after an answer is over at the next look but one.
      for index in contents.mappings.indices {
        let isEnabled = contents.mappings[index]["Enabled"]?.bool ?? true
        contents.mappings[index]["State"] = isEnabled ? "Enabled" : "Disabled"
      }
      return seen
    }
  }

  func mapping(_ id: String) async throws(AWSError) -> JSONObject? {
    try call("GetEventSourceMapping") { contents throws(AWSError) in
      guard let index = contents.mappings.firstIndex(where: { $0["UUID"]?.string == id }) else { return nil }
      let isEnabled = contents.mappings[index]["Enabled"]?.bool ?? true
      contents.mappings[index]["State"] = isEnabled ? "Enabled" : "Disabled"
      return contents.mappings[index]
    }
  }

  func createMapping(_ members: JSONObject) async throws(AWSError) -> JSONObject {
    let isHeard = isRoleHeard
    return try call("CreateEventSourceMapping") { contents throws(AWSError) in
      guard isHeard else {
        throw World.fault(
          400, "InvalidParameterValueException",
          "The provided execution role does not have permissions to call ReceiveMessage on SQS")
      }
      let isTaken = contents.mappings.contains {
        $0["FunctionArn"] == members["FunctionName"] && $0["EventSourceArn"] == members["EventSourceArn"]
      }
      guard !isTaken else { throw World.conflict }
      let id = World.id(&contents, "uuid-")
      let arn = "arn:aws:lambda:eu-west-1:123456789012:event-source-mapping:\(id)"
      let tags = members["Tags"]?.object?.members ?? []
      contents.tags[arn] = Dictionary(tags.map { ($0.key, $0.value.string ?? "") }) { $1 }
      var mapping = members.without(["FunctionName", "Tags"])
      mapping["UUID"] = .string(id)
      mapping["EventSourceMappingArn"] = .string(arn)
      mapping["FunctionArn"] = members["FunctionName"]
      mapping["State"] = "Creating"
      let isQueue = members["EventSourceArn"]?.string?.contains(":sqs:") ?? false
      if mapping["BatchSize"] == nil { mapping["BatchSize"] = isQueue ? 10 : 100 }
      contents.mappings.append(mapping)
      return mapping
    }
  }

  func updateMapping(_ id: String, _ members: JSONObject) async throws(AWSError) {
    try call("UpdateEventSourceMapping") { contents throws(AWSError) in
      guard let index = contents.mappings.firstIndex(where: { $0["UUID"]?.string == id }) else {
        throw World.missing
      }
      var changes = members
      if let function = members["FunctionName"] {
        changes["FunctionName"] = nil
        changes["FunctionArn"] = function
      }
      // What cannot be taken away stays.
      for name in contents.stubborn { changes[name] = nil }
      contents.mappings[index] = contents.mappings[index].replacing(changes)
      contents.mappings[index]["State"] = "Updating"
    }
  }

  func deleteMapping(_ id: String) async throws(AWSError) {
    try call("DeleteEventSourceMapping") { contents throws(AWSError) in
      contents.mappings.removeAll { $0["UUID"]?.string == id }
    }
  }

  func url(_ function: String, alias: String?) async throws(AWSError) -> JSONObject? {
    try call("GetFunctionUrlConfig") { contents throws(AWSError) in
      alias == nil ? contents.bareURL : contents.url
    }
  }

  func createURL(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    try call("CreateFunctionUrlConfig") { contents throws(AWSError) in
      guard contents.url == nil else { throw World.conflict }
      contents.url = JSONObject([("FunctionUrl", "https://x.lambda-url/")]).merging(members)
    }
  }

  func updateURL(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    try call("UpdateFunctionUrlConfig") { contents throws(AWSError) in
      guard let url = contents.url else { throw World.missing }
      contents.url = url.replacing(members)
    }
  }

  func deleteURL(_ function: String, alias: String) async throws(AWSError) {
    try call("DeleteFunctionUrlConfig") { contents throws(AWSError) in contents.url = nil }
  }

  func eventInvoke(_ function: String, alias: String?) async throws(AWSError) -> JSONObject? {
    try call("GetFunctionEventInvokeConfig") { contents throws(AWSError) in
      alias == nil ? contents.bareEventInvoke : contents.eventInvoke
    }
  }

  func putEventInvoke(_ function: String, alias: String, _ members: JSONObject) async throws(AWSError) {
    try call("PutFunctionEventInvokeConfig") { contents throws(AWSError) in contents.eventInvoke = members }
  }

  func deleteEventInvoke(_ function: String, alias: String) async throws(AWSError) {
    try call("DeleteFunctionEventInvokeConfig") { contents throws(AWSError) in contents.eventInvoke = nil }
  }

  func tags(_ arn: String) async throws(AWSError) -> [String: String] {
    try call("ListTags") { contents throws(AWSError) in contents.tags[arn] ?? [:] }
  }

  func tag(_ arn: String, _ tags: [String: String]) async throws(AWSError) {
    try call("TagResource") { contents throws(AWSError) in contents.tags[arn, default: [:]].merge(tags) { $1 }
    }
  }

  func provisioned(_ function: String) async throws(AWSError) -> [String: Int] {
    try call("ListProvisionedConcurrencyConfigs") { contents throws(AWSError) in contents.provisioned }
  }

  func untag(_ arn: String, _ keys: [String]) async throws(AWSError) {
    try call("UntagResource") { contents throws(AWSError) in
      for key in keys { contents.tags[arn]?[key] = nil }
    }
  }
}

extension JSONObject {
  /// With other members in place of those of their names, as a whole.
  func replacing(_ members: JSONObject) -> JSONObject {
    members.members.reduce(into: self) { $0[$1.key] = $1.value }
  }
}
