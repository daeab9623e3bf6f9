internal import AWSClient
package import Core

/// Finds out what AWS has and decides what a deploy would do. Writes nothing.
///
/// A function that is as the repository wants it costs one GetFunction. ListFunctions shows every `$LATEST`: only
/// where that differs from the version the alias serves can a rollout have been left behind, and only there, or where
/// something is to be done, the alias is read.
package struct Planner: Sendable {
  let lambda: any LambdaReading
  private let environment: String
  let alias: String
  let parallel: Int
  let clock: any WallClock
  /// Whether the alias of every function is read, also where nothing is to be done.
  let readsAllAliases: Bool

  /// A planner for the alias of one environment.
  ///
  /// - Parameters:
  ///   - clock: paces the readings of a function that others change at the same time.
  ///   - readsAllAliases: whether the alias of every function is read, to see whether somebody has moved it. A deploy that
  ///     has nothing to do is to cost one call a function, and so reads a few only.
  package init(
    lambda: any LambdaReading, environment: String, alias: String, parallel: Int, clock: any WallClock,
    readsAllAliases: Bool = false
  ) {
    self.lambda = lambda
    self.environment = environment
    self.alias = alias
    self.parallel = parallel
    self.clock = clock
    self.readsAllAliases = readsAllAliases
  }

  /// Clauses for why the `src` digest of a function differs from the deployed one, as far as known.
  package typealias Explanation = @Sendable (FunctionInput, VersionProvenance) -> [String]

  /// Compares `inputs`, the selected functions, with what is deployed.
  ///
  /// - Throws: ``ReleaseError`` when AWS cannot be read.
  package func plan(
    _ inputs: [FunctionInput], explain: @escaping Explanation
  ) async throws(ReleaseError) -> ReleasePlan {
    try await plan(inputs, look: await look(at: inputs.map(\.name)), explain: explain)
  }

  /// Compares `inputs` with what a look at them has just shown.
  ///
  /// - Throws: as ``plan(_:explain:)``.
  package func plan(
    _ inputs: [FunctionInput], look: AccountLook, explain: @escaping Explanation
  ) async throws(ReleaseError) -> ReleasePlan {
    let listed = try look.latest.get()
    let inputs = try await withLayers(inputs, look)
    var functions = try await Concurrent.map(inputs, limit: parallel) { input throws(ReleaseError) in
      let served = try look.served[input.functionName]?.get() ?? nil
      return try await decide(input, served: served, latest: listed[input.functionName], explain: explain)
    }
    functions = try await withForeignChanges(await withMoves(try await withOverlooked(functions)))
    functions = try await Concurrent.map(functions, limit: parallel) { plan throws(ReleaseError) in
      var plan = plan
      plan.own = try await OwnSettings(lambda: lambda).differences(plan)
      if !plan.own.isEmpty { plan.reasons.append("settings: " + Comparison.words(plan.own)) }
      return plan
    }
    return ReleasePlan(
      environment: environment, alias: alias,
      functions: functions.sorted { $0.input.function.utf8.lexicographicallyPrecedes($1.input.function.utf8) }
    )
  }

  /// Reads what AWS has of functions: one GetFunction each, and ListFunctions for all.
  package func look(at names: [FunctionName]) async -> AccountLook {
    let seen = Lock<[String]>([])
    async let latest = latestByName(names.map(\.functionName), seen: seen)
    let served = await Concurrent.map(names, limit: parallel) {
      name -> Result<FunctionDescription?, ReleaseError> in
      do throws(ReleaseError) { return .success(try await self.served(name)) } catch {
        return .failure(error)
      }
    }
    return AccountLook(
      latest: await latest, listed: seen.withLock { $0 },
      served: Dictionary(zip(names.map(\.functionName), served)) { first, _ in first })
  }

  /// The version that the alias names; nil where there is no function, or no alias.
  func served(_ name: FunctionName) async throws(ReleaseError) -> FunctionDescription? {
    do throws(AWSError) {
      return try await lambda.getFunction(name.functionName, qualifier: alias)
    } catch {
      if error.isNotFound { return nil }
      throw .aws(error, function: name.function)
    }
  }

  /// `$LATEST` of the named functions, from ListFunctions; stops reading pages once they would outnumber the names,
  /// and asks for the rest one by one.
  ///
  /// - Parameter seen: gets the names on the pages that were read.
  private func latestByName(
    _ names: [String], seen: Lock<[String]>
  ) async -> Result<[String: FunctionConfiguration], ReleaseError> {
    var wanted = Set(names)
    var found: [String: FunctionConfiguration] = [:]
    do throws(AWSError) {
      var marker: String?
      var pages = 0
      repeat {
        let page = try await lambda.listFunctions(marker: marker)
        pages += 1
        seen.withLock { $0 += page.items.map(\.functionName) }
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
    _ input: FunctionInput, served: FunctionDescription?, latest: FunctionConfiguration?,
    explain: Explanation
  ) async throws(ReleaseError) -> FunctionPlan {
    guard let served else { return try await absent(input) }
    let quick = comparison(input, served, latest: latest, snapshot: nil, explain: explain)
    guard quick.change != .none || quick.drift != .none else { return quick }
    return try await lookedAt(input, served, latest: latest, explain: explain)
  }

  /// What is to be done, by one reading of version and alias.
  func comparison(
    _ input: FunctionInput, _ served: FunctionDescription, latest: FunctionConfiguration?,
    snapshot: AliasSnapshot?, explain: Explanation
  ) -> FunctionPlan {
    let provenance = VersionProvenance.decode(served.configuration.description).provenance
    let input = input.deferred(to: provenance)
    let result = Comparison.change(
      of: input, against: served.configuration, latest: latest, provenance: provenance, explain: explain)
    // A `$LATEST` that nobody showed may be anything.
    let drift =
      latest.map { Comparison.drift(of: $0, from: served.configuration) }
      ?? LatestDrift(code: true, configuration: true)
    let serving = ServingFunction(description: served, provenance: provenance, snapshot: snapshot)
    return FunctionPlan(
      input: input, deployed: .serving(serving), change: result.change, reasons: result.reasons,
      differences: result.differences, unfinished: nil, latest: latest, drift: drift)
  }

  /// What is to be done where there is no function, or no alias.
  func absent(_ input: FunctionInput) async throws(ReleaseError) -> FunctionPlan {
    do throws(AWSError) {
      let latest = try await lambda.getFunction(input.functionName, qualifier: nil)
      return FunctionPlan(
        input: input, deployed: .withoutAlias(latest: latest), change: .create,
        reasons: ["no alias \(alias) yet"],
        differences: Comparison.differences(
          of: input, from: latest.configuration, latest: latest.configuration, provenance: nil),
        unfinished: nil, latest: latest.configuration,
        drift: LatestDrift(code: true, configuration: true))
    } catch {
      guard error.isNotFound else { throw .aws(error, function: input.function) }
    }
    return FunctionPlan(
      input: input, deployed: .missing, change: .create, reasons: ["new function"], unfinished: nil,
      drift: .none)
  }
}
