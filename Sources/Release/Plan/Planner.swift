internal import AWSClient
internal import Core

/// Finds out what AWS has and decides what a deploy would do. Writes nothing.
///
/// A function that is as the repository wants it costs one GetFunction. ListFunctions shows every `$LATEST`: only
/// where that differs from the version the alias serves can a rollout have been left behind, and only there, or where
/// something is to be done, the alias is read.
public struct Planner: Sendable {
  let lambda: any LambdaReading
  private let environment: String
  let alias: String
  let parallel: Int

  /// A planner for the alias of one environment.
  public init(lambda: any LambdaReading, environment: String, alias: String, parallel: Int) {
    self.lambda = lambda
    self.environment = environment
    self.alias = alias
    self.parallel = parallel
  }

  /// Compares `inputs` with what is deployed.
  ///
  /// - Parameters:
  ///   - inputs: the selected functions.
  ///   - explain: clauses for why the `src` digest of a function differs from the deployed one, as far as known.
  /// - Throws: ``ReleaseError`` when AWS cannot be read.
  public func plan(
    _ inputs: [FunctionInput], explain: @escaping @Sendable (FunctionInput, VersionProvenance) -> [String]
  ) async throws(ReleaseError) -> ReleasePlan {
    async let latest = latestByName(inputs.map(\.functionName))
    let served = await Concurrent.map(inputs, limit: parallel) { input in await self.served(input) }
    let listed = try await latest.get()
    var plans: [Result<FunctionPlan, ReleaseError>] = []
    plans = await Concurrent.map(Array(zip(inputs, served)), limit: parallel) { input, served in
      await decide(input, served: served, latest: listed[input.functionName], explain: explain)
    }
    var functions: [FunctionPlan] = []
    for plan in plans { functions.append(try plan.get()) }
    functions = try await withOverlooked(functions)
    return ReleasePlan(
      environment: environment, alias: alias,
      functions: functions.sorted { $0.input.function.utf8.lexicographicallyPrecedes($1.input.function.utf8) }
    )
  }

  private func served(_ input: FunctionInput) async -> Result<FunctionDescription?, ReleaseError> {
    do throws(AWSError) {
      return .success(try await lambda.getFunction(input.functionName, qualifier: alias))
    } catch {
      return error.isNotFound ? .success(nil) : .failure(.aws(error, function: input.function))
    }
  }

  /// `$LATEST` of the named functions, from ListFunctions; stops reading pages once they would outnumber the names,
  /// and asks for the rest one by one.
  private func latestByName(
    _ names: [String]
  ) async -> Result<[String: FunctionConfiguration], ReleaseError> {
    var wanted = Set(names)
    var found: [String: FunctionConfiguration] = [:]
    do throws(AWSError) {
      var marker: String?
      var pages = 0
      repeat {
        let page = try await lambda.listFunctions(marker: marker)
        pages += 1
        for item in page.items where wanted.remove(item.functionName) != nil {
          found[item.functionName] = item
        }
        marker = page.nextMarker
      } while marker != nil && !wanted.isEmpty && pages < max(1, names.count)
      guard marker != nil else { return .success(found) }
    } catch {
      return .failure(.aws(error, function: nil))
    }
    for name in wanted {
      do throws(AWSError) {
        found[name] = try await lambda.getFunction(name, qualifier: nil).configuration
      } catch {
        guard error.isNotFound else { return .failure(.aws(error, function: name)) }
      }
    }
    return .success(found)
  }

  private func decide(
    _ input: FunctionInput, served: Result<FunctionDescription?, ReleaseError>,
    latest: FunctionConfiguration?,
    explain: @Sendable (FunctionInput, VersionProvenance) -> [String]
  ) async -> Result<FunctionPlan, ReleaseError> {
    do throws(ReleaseError) {
      guard let description = try served.get() else { return .success(try await absent(input)) }
      let provenance = VersionProvenance.decode(description.configuration.description).provenance
      let (change, reasons) = Comparison.change(
        of: input, against: description.configuration, provenance: provenance, explain: explain)
      // A `$LATEST` that nobody showed may be anything.
      let drift =
        latest.map { Comparison.drift(of: $0, from: description.configuration) }
        ?? LatestDrift(code: true, configuration: true)
      guard change != .none || drift != .none else {
        let serving = ServingFunction(description: description, provenance: provenance, alias: nil)
        return .success(
          FunctionPlan(
            input: input, deployed: .serving(serving), change: change, reasons: reasons, unfinished: nil,
            drift: drift, latest: latest))
      }
      let aliasNow = try await reading(input) { () async throws(AWSError) in
        try await lambda.getAlias(input.functionName, name: alias)
      }
      let serving = ServingFunction(description: description, provenance: provenance, alias: aliasNow)
      return .success(
        FunctionPlan(
          input: input, deployed: .serving(serving), change: change, reasons: reasons,
          unfinished: try await unfinished(input, serving: serving, change: change), drift: drift,
          latest: latest))
    } catch {
      return .failure(error)
    }
  }

  private func absent(_ input: FunctionInput) async throws(ReleaseError) -> FunctionPlan {
    do throws(AWSError) {
      let latest = try await lambda.getFunction(input.functionName, qualifier: nil)
      return FunctionPlan(
        input: input, deployed: .withoutAlias(latest: latest), change: .create,
        reasons: ["no alias \(alias) yet"], unfinished: nil,
        drift: LatestDrift(code: true, configuration: true))
    } catch {
      guard error.isNotFound else { throw .aws(error, function: input.function) }
    }
    return FunctionPlan(
      input: input, deployed: .missing, change: .create, reasons: ["new function"], unfinished: nil,
      drift: .none)
  }

  func unfinished(
    _ input: FunctionInput, serving: ServingFunction, change: Change
  ) async throws(ReleaseError) -> UnfinishedRollout? {
    guard let record = serving.record, record.state.isUnderWay else { return nil }
    // In bake the canary is the alias's main version, so its inputs have just been compared.
    guard let canary = record.canary, canary != serving.version else {
      return UnfinishedRollout(record: record, relation: change == .none ? .same : .superseded)
    }
    guard change != .none else { return UnfinishedRollout(record: record, relation: .takenBack) }
    let description = try await reading(input) { () async throws(AWSError) in
      try await lambda.getFunction(input.functionName, qualifier: canary)
    }
    let provenance = VersionProvenance.decode(description.configuration.description).provenance
    let same =
      provenance?.source == input.sourceDigest
      && (!input.ownsConfiguration || provenance?.configuration == input.configurationDigest)
    return UnfinishedRollout(record: record, relation: same ? .same : .superseded)
  }

  func reading<Value: Sendable>(
    _ input: FunctionInput, _ call: () async throws(AWSError) -> Value
  ) async throws(ReleaseError) -> Value {
    do throws(AWSError) { return try await call() } catch { throw .aws(error, function: input.function) }
  }
}
