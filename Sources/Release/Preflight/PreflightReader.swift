internal import AWSClient
internal import Core

/// Gets the facts that the rules go by. What cannot be read is told of and left open: no release ends for want of a
/// permission that only its precautions need.
struct PreflightReader: Sendable {
  let services: ReleaseServices
  let alias: String
  /// How old a minute must be before CloudWatch's figures for it count.
  let settle: TimeSpan
  let parallel: Int

  /// `facts` with what AWS says of the functions' concurrency and traffic: one GetProvisionedConcurrencyConfig each,
  /// and one GetMetricData. Where all traffic moves at once neither matters but for SnapStart.
  ///
  /// - Returns: the facts, and what speaks against a release because it could not be read.
  func completed(
    _ facts: [PreflightFacts]
  ) async -> (facts: [PreflightFacts], unreadable: [PreflightFinding]) {
    async let traffic = traffic(of: facts.filter { $0.heaviest != nil }.map(\.name))
    let provisioned = await provisioned(
      facts.filter { !$0.isAdopted && ($0.heaviest != nil || $0.next.usesSnapStart) }.map(\.name))
    let (hours, unreadable) = await traffic
    let known = facts.map { facts in
      var facts = facts
      facts.provisioned = provisioned[facts.name.function]
      facts.traffic = hours[facts.name.function]
      return facts
    }
    return (known, unreadable)
  }

  /// Concurrency that is kept ready for the aliases of `names`, by logical name.
  func provisioned(_ names: [FunctionName]) async -> [String: ProvisionedConcurrency] {
    let results = await Concurrent.map(names, limit: parallel) {
      name -> Result<ProvisionedConcurrency?, AWSError> in
      do throws(AWSError) {
        return .success(
          try await services.lambda.getProvisionedConcurrencyConfig(name.functionName, qualifier: alias))
      } catch {
        return .failure(error)
      }
    }
    var found: [String: ProvisionedConcurrency] = [:]
    var failures: [AWSError] = []
    for (name, result) in zip(names, results) {
      switch result {
      case .success(let provisioned): found[name.function] = provisioned
      case .failure(let error): failures.append(error)
      }
    }
    if let first = failures.first {
      let count = failures.count == 1 ? "1 function" : "\(failures.count) functions"
      tell("whether the alias \(alias) of \(count) has provisioned concurrency cannot be read: \(first)")
    }
    return found
  }

  /// Warnings for functions that were called by their bare names in the last hour: who does that.
  func bareCallers(_ facts: [PreflightFacts]) async -> [PreflightFinding] {
    let called = facts.filter { $0.traffic.map { $0.byBareName > 0 } ?? false }
    let reader = BareCallerReader(lambda: services.lambda, metrics: services.metrics)
    let hanging = await Concurrent.map(called, limit: parallel) {
      await reader.hanging(on: $0.name.functionName)
    }
    return zip(called, hanging).map { facts, callers in
      Preflight.bareCallers(
        [.invocations(facts.traffic?.byBareName ?? 0)] + callers, of: facts.name.function, alias: alias)
    }
  }

  /// The concurrency that functions without a reservation of their own share; nil where nobody can say.
  func unreserved() async -> Int? {
    do throws(AWSError) {
      return try await services.lambda.getAccountSettings().unreservedConcurrentExecutions
    } catch {
      tell("the account's concurrency cannot be read: \(error)")
      return nil
    }
  }

  /// What nobody may read nobody can judge: that is told before there is a canary, and not when it has run its time.
  private func traffic(
    of names: [FunctionName]
  ) async -> (hours: [String: HourOfTraffic], unreadable: [PreflightFinding]) {
    do throws(AWSError) {
      let found = try await TrafficReader(metrics: services.metrics, alias: alias)
        .hour(before: services.serverTime() - settle, of: names)
      let missing = names.map(\.function).filter { found[$0] == nil }
      if !missing.isEmpty {
        tell("the metrics of \(missing.joined(separator: ", ")) for the last hour are not complete")
      }
      return (found, [])
    } catch {
      guard error.isPermission else {
        tell("the traffic of the last hour cannot be read: \(error)")
        return ([:], [])
      }
      var finding = PreflightFinding.refusal(
        nil, "the metrics cannot be read, so that nobody could judge the canaries: \(error)",
        fix: "allow cloudwatch:GetMetricData, or deploy with --all-at-once --bake 0s")
      finding.cause = error
      return ([:], [finding])
    }
  }

  /// A run that was told to stop reads nothing, and that is no news.
  private func tell(_ text: String) {
    if !Task.isCancelled { services.report(.note(nil, text)) }
  }
}
