/// Which operation of Lambda's REST API a request is.
struct LambdaOperation: Sendable {
  let name: String
  /// The function or layer as the path names it; empty for operations without one.
  let function: String
  /// What else the path names: an alias, a statement, a resource's ARN.
  let item: String

  private static let operations: [String: String] = [
    "GET functions": "ListFunctions", "POST functions": "CreateFunction",
    "GET functions/*": "GetFunction", "DELETE functions/*": "DeleteFunction",
    "GET functions/*/configuration": "GetFunctionConfiguration",
    "PUT functions/*/configuration": "UpdateFunctionConfiguration",
    "PUT functions/*/code": "UpdateFunctionCode",
    "GET functions/*/versions": "ListVersionsByFunction", "POST functions/*/versions": "PublishVersion",
    "GET functions/*/aliases": "ListAliases", "POST functions/*/aliases": "CreateAlias",
    "GET functions/*/aliases/*": "GetAlias", "PUT functions/*/aliases/*": "UpdateAlias",
    "DELETE functions/*/aliases/*": "DeleteAlias",
    "POST functions/*/invocations": "Invoke",
    "GET functions/*/policy": "GetPolicy", "POST functions/*/policy": "AddPermission",
    "DELETE functions/*/policy/*": "RemovePermission",
    "GET functions/*/concurrency": "GetFunctionConcurrency",
    "PUT functions/*/concurrency": "PutFunctionConcurrency",
    "DELETE functions/*/concurrency": "DeleteFunctionConcurrency",
    "GET functions/*/provisioned-concurrency": "GetProvisionedConcurrencyConfig",
    "PUT functions/*/provisioned-concurrency": "PutProvisionedConcurrencyConfig",
    "DELETE functions/*/provisioned-concurrency": "DeleteProvisionedConcurrencyConfig",
    "GET functions/*/event-invoke-config": "GetFunctionEventInvokeConfig",
    "PUT functions/*/event-invoke-config": "PutFunctionEventInvokeConfig",
    "POST functions/*/event-invoke-config": "UpdateFunctionEventInvokeConfig",
    "DELETE functions/*/event-invoke-config": "DeleteFunctionEventInvokeConfig",
    "GET functions/*/event-invoke-config/*": "ListFunctionEventInvokeConfigs",
    "GET functions/*/runtime-management-config": "GetRuntimeManagementConfig",
    "PUT functions/*/runtime-management-config": "PutRuntimeManagementConfig",
    "GET functions/*/code-signing-config": "GetFunctionCodeSigningConfig",
    "PUT functions/*/code-signing-config": "PutFunctionCodeSigningConfig",
    "DELETE functions/*/code-signing-config": "DeleteFunctionCodeSigningConfig",
    "GET functions/*/recursion-config": "GetFunctionRecursionConfig",
    "PUT functions/*/recursion-config": "PutFunctionRecursionConfig",
    "GET functions/*/url": "GetFunctionUrlConfig", "POST functions/*/url": "CreateFunctionUrlConfig",
    "PUT functions/*/url": "UpdateFunctionUrlConfig", "DELETE functions/*/url": "DeleteFunctionUrlConfig",
    "GET functions/*/urls": "ListFunctionUrlConfigs",
    "GET event-source-mappings": "ListEventSourceMappings",
    "POST event-source-mappings": "CreateEventSourceMapping",
    "GET event-source-mappings/*": "GetEventSourceMapping",
    "PUT event-source-mappings/*": "UpdateEventSourceMapping",
    "DELETE event-source-mappings/*": "DeleteEventSourceMapping",
    "GET layers/*/versions": "ListLayerVersions", "POST layers/*/versions": "PublishLayerVersion",
    "GET layers/*/versions/*": "GetLayerVersion", "DELETE layers/*/versions/*": "DeleteLayerVersion",
    "GET layers": "GetLayerVersionByArn",
    "GET account-settings": "GetAccountSettings",
    "GET tags/*": "ListTags", "POST tags/*": "TagResource", "DELETE tags/*": "UntagResource",
  ]

  /// - Throws: 404 for a path that no operation has.
  init(_ request: HTTPRequest) throws(ServiceError) {
    var segments = request.segments
    // The first one is the API's date.
    guard segments.count > 1, segments[0].count == 10 else {
      throw .unknownOperation("\(request.method) \(request.path)")
    }
    segments.removeFirst()
    if segments[0] == "tags", segments.count > 2 {
      // An ARN that was sent with a slash in it.
      segments = ["tags", segments[1...].joined(separator: "/")]
    }
    let pattern = segments.enumerated().map { $0.offset.isMultiple(of: 2) ? $0.element : "*" }.joined(
      separator: "/")
    guard var found = Self.operations["\(request.method) \(pattern)"] else {
      throw .unknownOperation("\(request.method) \(request.path)")
    }
    if found == "GetProvisionedConcurrencyConfig", request.parameter("List") == "ALL" {
      found = "ListProvisionedConcurrencyConfigs"
    }
    name = found
    function = ["functions", "layers"].contains(segments[0]) && segments.count > 1 ? segments[1] : ""
    let isOwn = ["tags", "event-source-mappings"].contains(segments[0]) && segments.count > 1
    item = segments.count > 3 ? segments[3] : isOwn ? segments[1] : ""
  }
}
