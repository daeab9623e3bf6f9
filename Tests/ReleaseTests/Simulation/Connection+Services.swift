import Core
import Release
import TestSupport

@testable import AWSClient

extension Connection: LambdaReading, LambdaPublishing, LambdaAliases, LambdaInvoking, LambdaLimits,
  LambdaVersions, LambdaCallers, LambdaLayers, MetricReading, AlarmReading, LogReading, ScheduleWriting,
  HookRunning
{
  func getFunction(_ name: String, qualifier: String?) async throws(AWSError) -> FunctionDescription {
    try await call("GetFunction", name) { () throws(AWSError) in
      try account.look(name, "GetFunction") { seen, moment, live throws(AWSError) in
        let now = account.clock.now()
        let former = live.stale.flatMap { now < $0.until ? $0.alias : nil }
        let version = qualifier.map { qualifier in
          let alias = former?.name == qualifier ? former : live.aliases[qualifier]
          return alias?.functionVersion ?? qualifier
        }
        guard let configuration = seen.configuration(version, at: moment) else {
          throw SimulatedFault.notFound("GetFunction")
        }
        return FunctionDescription(
          configuration: configuration, tags: seen.tags, codeLocation: nil,
          reservedConcurrency: seen.reserved)
      }
    }
  }

  func listFunctions(marker: String?) async throws(AWSError) -> Page<FunctionConfiguration> {
    try await call("ListFunctions", "") { () throws(AWSError) in
      let now = account.clock.now()
      let items = account.state.withLock { state in
        state.functions.keys.compactMap { name -> FunctionConfiguration? in
          guard let moment = state.functions[name]?.readLag.moment(at: now),
            var members = state.functions[name]?.asOf(moment)?.configuration(nil, at: moment)?.members
          else { return nil }
          members["State"] = nil
          members["LastUpdateStatus"] = nil
          return FunctionConfiguration(members)
        }
      }
      return Page(items: items, nextMarker: nil)
    }
  }

  func getAlias(_ function: String, name: String) async throws(AWSError) -> AliasConfiguration {
    let alias = try await call("GetAlias", function) { () throws(AWSError) in
      try account.with(function, "GetAlias") { function, now throws(AWSError) in
        guard let alias = function.look(at: name, now: now) else { throw SimulatedFault.notFound("GetAlias") }
        return alias
      }
    }
    aliasWasRead()
    return alias
  }

  func listVersions(_ name: String) async throws(AWSError) -> [FunctionConfiguration] {
    try await call("ListVersionsByFunction", name) { () throws(AWSError) in
      try account.look(name, "ListVersionsByFunction") { seen, moment, _ throws(AWSError) in
        ([nil] + seen.versions.indices.map { String($0 + 1) }).compactMap {
          seen.configuration($0, at: moment)
        }
      }
    }
  }

  func listAliases(_ function: String) async throws(AWSError) -> [AliasConfiguration] {
    try await call("ListAliases", function) { () throws(AWSError) in
      try account.with(function, "ListAliases") { function, _ throws(AWSError) in
        function.aliases.values.sorted { $0.name < $1.name }
      }
    }
  }

  func deleteAlias(_ function: String, name: String) async throws(AWSError) {
    try await call("DeleteAlias", "\(function):\(name)") { () throws(AWSError) in
      try account.with(function, "DeleteAlias") { function, _ throws(AWSError) in
        function.aliases[name] = nil
      }
    }
  }

  func deleteFunctionURLConfig(_ function: String, qualifier: String?) async throws(AWSError) -> Bool {
    try await call("DeleteFunctionUrlConfig", "\(function):\(qualifier ?? "")") { () throws(AWSError) in true
    }
  }

  func deleteFunctionVersion(_ name: String, version: String) async throws(AWSError) {
    try await call("DeleteFunction", "\(name):\(version)") { () throws(AWSError) in
      try account.with(name, "DeleteFunction") { function, _ throws(AWSError) in
        let users = function.aliases.values.filter { alias in
          alias.functionVersion == version || alias.weights[version] != nil
        }
        guard users.isEmpty else { throw SimulatedFault.inUse("DeleteFunction", by: users.map(\.name)) }
        function.deleted.insert(version)
      }
    }
  }

  func createFunction(
    name: String, code: FunctionCode, configuration: JSONObject
  ) async throws(AWSError) -> FunctionConfiguration {
    try await call("CreateFunction", name) { () throws(AWSError) in
      try account.meetFreshRole("CreateFunction")
      var members = configuration
      members["Layers"] = members["Layers"].map { Self.shown("Layers", $0) }
      members["FunctionName"] = .string(name)
      members["FunctionArn"] = .string("arn:aws:lambda:eu-west-1:1:function:\(name)")
      members["CodeSha256"] = .string(Self.content(of: code))
      return try account.create(name, members)
    }
  }

  func updateFunctionCode(
    _ name: String, code: FunctionCode, architectures: [String]?, revisionID: String?
  ) async throws(AWSError) -> FunctionConfiguration {
    try await call("UpdateFunctionCode", name) { () throws(AWSError) in
      let runtime = account.members(nil, of: name)?["Runtime"]
      if architectures == ["arm64"], runtime == "go1.x" {
        throw SimulatedFault.architecture("UpdateFunctionCode")
      }
      return try account.update(name, "UpdateFunctionCode", revisionID: revisionID) { latest in
        latest["CodeSha256"] = .string(Self.content(of: code))
        if let architectures { latest["Architectures"] = .array(architectures.map(JSON.string)) }
      }
    }
  }

  func updateFunctionConfiguration(
    _ name: String, changes: JSONObject, revisionID: String?
  ) async throws(AWSError) -> FunctionConfiguration {
    try await call("UpdateFunctionConfiguration", name) { () throws(AWSError) in
      try account.meetFreshRole("UpdateFunctionConfiguration")
      return try account.update(name, "UpdateFunctionConfiguration", revisionID: revisionID) { latest in
        for (key, value) in changes.members {
          latest[key] = Self.isEmpty(value) ? JSON?.none : Self.shown(key, value)
        }
      }
    }
  }

  /// Layers are named by their ARNs and shown as objects.
  private static func shown(_ key: String, _ value: JSON) -> JSON {
    guard key == "Layers", let arns = value.array else { return value }
    return .array(arns.map { ["Arn": $0, "CodeSize": 1] })
  }

  /// Lambda leaves empty settings out of its answers.
  private static func isEmpty(_ value: JSON) -> Bool {
    if value["Variables"]?.object?.isEmpty == true || value["TargetArn"] == "" { return true }
    return value == [] || value == ""
  }

  func publishVersion(
    _ name: String, codeSHA256: String?, revisionID: String?, description: String?
  ) async throws(AWSError) -> FunctionConfiguration {
    do throws(AWSError) {
      return try await call("PublishVersion", name) { () throws(AWSError) in
        try account.with(name, "PublishVersion") { function, now throws(AWSError) in
          guard now >= function.readyAt else { throw SimulatedFault.busy("PublishVersion") }
          if let revisionID, revisionID != function.revisionID(at: now) {
            throw SimulatedFault.stale("PublishVersion")
          }
          if let codeSHA256, function.latest["CodeSha256"]?.string != codeSHA256 {
            throw SimulatedFault.otherCode("PublishVersion")
          }
          guard let version = function.publish(description: description ?? "", at: now) else {
            throw SimulatedFault.broken("PublishVersion")
          }
          return version
        }
      }
    } catch {
      // As the client does: what became of it is looked up.
      guard case .transport = error, account.state.withLock({ $0.denied.contains("ListVersionsByFunction") })
      else { throw error }
      throw SimulatedFault.denied("ListVersionsByFunction")
    }
  }

  func getAccountSettings() async throws(AWSError) -> AccountSettings {
    try await call("GetAccountSettings", "") { () throws(AWSError) in
      AccountSettings(unreservedConcurrentExecutions: account.state.withLock { $0.unreserved })
    }
  }

  func getPolicy(_ function: String, qualifier: String?) async throws(AWSError) -> FunctionPolicy? {
    try await call("GetPolicy", function) { () throws(AWSError) in
      try account.with(function, "GetPolicy") { function, _ throws(AWSError) in
        function.policy.map { FunctionPolicy(document: $0, revisionID: "") }
      }
    }
  }

  func listEventSourceMappings(_ function: String) async throws(AWSError) -> [EventSourceMapping] {
    try await call("ListEventSourceMappings", function) { () throws(AWSError) in
      try account.with(function, "ListEventSourceMappings") { function, _ throws(AWSError) in
        function.mappings
      }
    }
  }

  func getFunctionURL(_ function: String, qualifier: String?) async throws(AWSError) -> FunctionURL? {
    try await call("GetFunctionUrlConfig", function) { () throws(AWSError) in
      try account.with(function, "GetFunctionUrlConfig") { function, _ throws(AWSError) in function.url }
    }
  }

  func createAlias(
    _ function: String, name: String, version: String, description: String
  ) async throws(AWSError) -> AliasConfiguration {
    try await call("CreateAlias", function) { () throws(AWSError) in
      try account.with(function, "CreateAlias") { function, now throws(AWSError) in
        guard function.aliases[name] == nil else { throw SimulatedFault.alreadyExists("CreateAlias") }
        guard function.shows(version, at: now) else { throw SimulatedFault.notFound("CreateAlias") }
        return function.route(
          AliasConfiguration(
            name: name, aliasARN: "", functionVersion: version, weights: [:], description: description,
            revisionID: ""), at: now)
      }
    }
  }

  func updateAlias(
    _ function: String, name: String, version: String, weights: [String: Double], description: String,
    revisionID: String?, priority: RequestPriority
  ) async throws(AWSError) -> AliasConfiguration {
    note(priority)
    return try await call("UpdateAlias", function) { () throws(AWSError) in
      try account.with(function, "UpdateAlias") { function, now throws(AWSError) in
        guard let alias = function.aliases[name] else { throw SimulatedFault.notFound("UpdateAlias") }
        if let revisionID, revisionID != alias.revisionID { throw SimulatedFault.stale("UpdateAlias") }
        for version in [version] + weights.keys.sorted() where !function.shows(version, at: now) {
          throw SimulatedFault.notFound("UpdateAlias")
        }
        return function.route(
          AliasConfiguration(
            name: name, aliasARN: "", functionVersion: version, weights: weights, description: description,
            revisionID: ""), at: now)
      }
    }
  }

  func invoke(
    _ function: String, qualifier: String?, payload: [UInt8], kind: InvocationKind, logs: Bool
  ) async throws(AWSError) -> InvokeResult {
    try await call("Invoke", function) { () throws(AWSError) in
      if try account.wake(function, qualifier) { throw SimulatedFault.asleep("Invoke") }
      return try account.look(function, "Invoke") { seen, moment, _ throws(AWSError) in
        let configuration = seen.configuration(qualifier, at: moment)
        // An alias is not looked up here.
        if configuration == nil, qualifier.flatMap(Int.init) != nil {
          throw SimulatedFault.notFound("Invoke")
        }
        let code = configuration?.codeSHA256 ?? ""
        return InvokeResult(
          statusCode: 200, functionError: code.hasPrefix("broken") ? "Unhandled" : nil, payload: payload,
          executedVersion: qualifier, logTail: nil)
      }
    }
  }

  func getMetricData(
    _ queries: [MetricQuery], from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [MetricSeries] {
    note(queries: queries.count)
    return try await call("GetMetricData", "") { () throws(AWSError) in
      try account.metrics(queries, from: from, to: to)
    }
  }

  func listMetrics(
    namespace: String, metric: String, with dimension: MetricQuery.Dimension
  ) async throws(AWSError) -> [[MetricQuery.Dimension]] {
    try await call("ListMetrics", dimension.value) { () throws(AWSError) in
      let called = account.state.withLock { $0.called.keys.sorted() + $0.calledAt.keys.sorted() }
      return called.filter { $0.hasPrefix(dimension.value + ":") }.map {
        [dimension, MetricQuery.Dimension(name: "Resource", value: $0)]
      }
    }
  }

  func describeAlarms(names: [String]) async throws(AWSError) -> [AlarmState] {
    try await call("DescribeAlarms", "") { () throws(AWSError) in account.alarmStates(names) }
  }

  func filterLogEvents(_ query: LogQuery, limit: Int) async throws(AWSError) -> [LogEvent] {
    try await call("FilterLogEvents", "") { () throws(AWSError) in
      account.state.withLock { $0.logs[query.group] ?? [] }
        .filter { $0.stream.hasPrefix(query.streamPrefix ?? "") }
    }
  }

  func createSchedule(_ schedule: Schedule) async throws(AWSError) {
    try await call("CreateSchedule", "") { () throws(AWSError) in
      let isNew = account.state.withLock { state in
        guard state.schedules[schedule.name] == nil else { return false }
        state.schedules[schedule.name] = schedule
        return true
      }
      guard isNew else { throw SimulatedFault.alreadyExists("CreateSchedule") }
    }
  }

  func updateSchedule(_ schedule: Schedule) async throws(AWSError) {
    try await call("UpdateSchedule", "") { () throws(AWSError) in
      try account.meetConflict("UpdateSchedule")
      try account.replace(schedule)
    }
  }

  func deleteSchedule(name: String, group: String?) async throws(AWSError) -> Bool {
    try await call("DeleteSchedule", "") { () throws(AWSError) in
      try account.meetConflict("DeleteSchedule")
      return account.state.withLock { $0.schedules.removeValue(forKey: name) != nil }
    }
  }

  /// A program called `fail` does; what has run is kept.
  func run(_ call: HookCall) async throws(HookFailure) {
    note(call)
    if call.arguments[0] == "fail" { throw HookFailure(reason: "it ended with exit code 3") }
  }

  private static func content(of code: FunctionCode) -> String {
    guard case .zip(let path) = code else { return "" }
    return path
  }
}
