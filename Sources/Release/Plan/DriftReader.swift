internal import AWSClient
internal import Core

/// Reads what others have changed in the `$LATEST` of functions. Writes nothing.
package struct DriftReader: Sendable {
  let lambda: any LambdaReading
  let alias: String
  let parallel: Int

  /// A reader for one alias.
  package init(lambda: any LambdaReading, alias: String, parallel: Int) {
    self.lambda = lambda
    self.alias = alias
    self.parallel = parallel
  }

  /// What others have changed, by logical name: two GetFunction each, and ListVersionsByFunction where `$LATEST` is not
  /// the version that serves. What the repository states is not known here.
  package func changes(
    in names: [FunctionName]
  ) async throws(ReleaseError) -> [String: ForeignChanges] {
    let found = try await Concurrent.map(names, limit: parallel) {
      name throws(ReleaseError) -> ForeignChanges? in
      do throws(AWSError) {
        let serving = try await lambda.getFunction(name.functionName, qualifier: alias).configuration
        let now = try await lambda.getFunction(name.functionName, qualifier: nil).configuration
        return try await ancestry(of: now, serving: serving, input: nil, functionName: name.functionName)?
          .foreign
      } catch {
        if error.isNotFound { return nil }
        throw .aws(error, function: name.function)
      }
    }
    var changes: [String: ForeignChanges] = [:]
    for (name, change) in zip(names, found) { changes[name.function] = change }
    return changes
  }

  /// Where `$LATEST` comes from; nil where it is the version that serves, or serves itself.
  func ancestry(
    of latest: FunctionConfiguration, serving: FunctionConfiguration, input: FunctionInput?,
    functionName: String
  ) async throws(AWSError) -> Ancestry? {
    guard serving.version != "$LATEST", Comparison.drift(of: latest, from: serving) != .none else {
      return nil
    }
    let versions = try await lambda.listVersions(functionName)
    return Comparison.ancestry(of: latest, among: versions, serving: serving, input: input)
  }
}

extension Planner {
  /// `plans` with what others have changed in `$LATEST`: one ListVersionsByFunction for each function where that is not
  /// the version that serves, and no rollout under way goes on or ends.
  func withForeignChanges(_ plans: [FunctionPlan]) async throws(ReleaseError) -> [FunctionPlan] {
    let reader = DriftReader(lambda: lambda, alias: alias, parallel: parallel)
    return try await Concurrent.map(plans, limit: parallel) { plan throws(ReleaseError) -> FunctionPlan in
      guard case .serving(let serving) = plan.deployed, let latest = plan.latest, plan.drift != .none,
        plan.unfinished.map({ $0.relation == .superseded }) ?? true
      else { return plan }
      var plan = plan
      do throws(AWSError) {
        let ancestry = try await reader.ancestry(
          of: latest, serving: serving.description.configuration, input: plan.input,
          functionName: plan.input.functionName)
        plan.base = ancestry?.base
        plan.foreign = ancestry?.foreign
      } catch {
        throw .aws(error, function: plan.input.function)
      }
      return plan
    }
  }
}
