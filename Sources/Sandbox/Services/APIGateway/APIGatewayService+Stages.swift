internal import Core

extension APIGatewayService {
  func stage(_ call: APIGatewayOperation) throws(ServiceError) -> APIStageRecord {
    guard let stage = try api(call.api).stage(call.item) else { throw Self.noStage(call.item) }
    return stage
  }

  private static func noStage(_ name: String) -> ServiceError {
    ServiceError(404, "NotFoundException", "Unable to find Stage by name \(name)")
  }

  func createStage(_ id: String, _ body: JSONObject) throws(ServiceError) -> JSONObject {
    let name = body["stageName"]?.string ?? ""
    guard name == "$default" || (1...128).contains(name.utf8.count) && name.utf8.allSatisfy(Self.isNameByte)
    else {
      throw Self.bad("Invalid stage name specified")
    }
    let now = clock.now()
    return try change(id) { api throws(ServiceError) in
      guard api.stage(name) == nil else {
        throw ServiceError(409, "ConflictException", "Stage already exists")
      }
      var stage = APIStageRecord(
        name: name, isAutomatic: body["autoDeploy"]?.bool ?? false, deployment: nil,
        variables: body["stageVariables"]?.object ?? JSONObject(), created: now, changed: now)
      try show(body["deploymentId"]?.string, in: &stage, of: api)
      api.stages.append(stage)
      return answer(stage)
    }
  }

  func updateStage(_ call: APIGatewayOperation, _ body: JSONObject) throws(ServiceError) -> JSONObject {
    let now = clock.now()
    return try change(call.api) { api throws(ServiceError) in
      guard let index = api.stages.firstIndex(where: { $0.name == call.item }) else {
        throw Self.noStage(call.item)
      }
      var stage = api.stages[index]
      stage.isAutomatic = body["autoDeploy"]?.bool ?? stage.isAutomatic
      stage.variables = body["stageVariables"]?.object ?? stage.variables
      stage.changed = now
      try show(body["deploymentId"]?.string, in: &stage, of: api)
      api.stages[index] = stage
      return answer(stage)
    }
  }

  private func show(
    _ deployment: String?, in stage: inout APIStageRecord, of api: APIRecord
  ) throws(ServiceError) {
    guard let deployment else { return }
    guard !stage.isAutomatic else {
      throw Self.bad("Deployment ID cannot be set on a stage with AutoDeploy enabled")
    }
    guard api.deployments.contains(where: { $0.id == deployment }) else {
      throw ServiceError(404, "NotFoundException", "Invalid deployment identifier specified \(deployment)")
    }
    stage.deployment = deployment
  }

  func deleteStage(_ call: APIGatewayOperation) throws(ServiceError) -> HTTPResponse {
    try change(call.api) { api throws(ServiceError) in
      guard api.stage(call.item) != nil else { throw Self.noStage(call.item) }
      api.stages.removeAll { $0.name == call.item }
    }
    return HTTPResponse(status: 204)
  }

  /// Keeps what there is, and shows it in a stage where one is named.
  func createDeployment(_ id: String, _ body: JSONObject) throws(ServiceError) -> JSONObject {
    let name = body["stageName"]?.string
    let deployment = Self.newID()
    let now = clock.now()
    return try store.change(id) { record throws(ServiceError) in
      guard var api = record else { throw missing(id) }
      guard !api.routing.routes.isEmpty else {
        throw Self.bad("At least one route is required before deploying the Api.")
      }
      if let name {
        guard let stage = api.stage(name) else { throw Self.noStage(name) }
        guard !stage.isAutomatic else {
          throw Self.bad("Cannot deploy to a stage with AutoDeploy enabled")
        }
      }
      api.deploy(
        deployment, description: body["description"]?.string ?? "", isAutomatic: false, at: now
      ) { $0.name == name }
      record = api
      return api.deployments.last.map(answer) ?? JSONObject()
    }
  }

  func answer(_ stage: APIStageRecord) -> JSONObject {
    var answer = JSONObject([
      ("autoDeploy", .bool(stage.isAutomatic)), ("createdDate", .string(stage.created.iso8601)),
      ("defaultRouteSettings", ["detailedMetricsEnabled": false]),
      ("lastUpdatedDate", .string(stage.changed.iso8601)), ("routeSettings", [:]),
      ("stageName", .string(stage.name)), ("stageVariables", .object(stage.variables)), ("tags", [:]),
    ])
    answer["deploymentId"] = stage.deployment.map(JSON.string)
    return answer
  }

  func answer(_ deployment: APIDeployment) -> JSONObject {
    JSONObject([
      ("autoDeployed", .bool(deployment.isAutomatic)), ("createdDate", .string(deployment.created.iso8601)),
      ("deploymentId", .string(deployment.id)), ("deploymentStatus", "DEPLOYED"),
      ("description", .string(deployment.description)),
    ])
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    FunctionReference.isNameCharacter(byte)
  }
}
