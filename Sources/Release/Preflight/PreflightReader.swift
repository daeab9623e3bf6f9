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
  func completed(_ facts: [PreflightFacts]) async -> [PreflightFacts] {
    async let traffic = traffic(of: facts.filter { $0.heaviest != nil }.map(\.name))
    let provisioned = await provisioned(
      facts.filter { $0.heaviest != nil || $0.published.usesSnapStart }.map(\.name))
    let hours = await traffic
    return facts.map { facts in
      var facts = facts
      facts.provisioned = provisioned[facts.name.function]
      facts.traffic = hours[facts.name.function]
      return facts
    }
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

  /// The concurrency that functions without a reservation of their own share; nil where nobody can say.
  func unreserved() async -> Int? {
    do throws(AWSError) {
      return try await services.lambda.getAccountSettings().unreservedConcurrentExecutions
    } catch {
      tell("the account's concurrency cannot be read: \(error)")
      return nil
    }
  }

  private func traffic(of names: [FunctionName]) async -> [String: HourOfTraffic] {
    do throws(AWSError) {
      let found = try await TrafficReader(metrics: services.metrics, alias: alias)
        .hour(before: services.serverTime() - settle, of: names)
      let missing = names.map(\.function).filter { found[$0] == nil }
      if !missing.isEmpty {
        tell("the metrics of \(missing.joined(separator: ", ")) for the last hour are not complete")
      }
      return found
    } catch {
      tell("the traffic of the last hour cannot be read: \(error)")
      return [:]
    }
  }

  /// A run that was told to stop reads nothing, and that is no news.
  private func tell(_ text: String) {
    if !Task.isCancelled { services.report(.note(nil, text)) }
  }
}
