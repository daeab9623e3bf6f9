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
    let provisioned = await Concurrent.map(facts, limit: parallel) { facts in
      facts.heaviest != nil || facts.published.usesSnapStart ? await self.provisioned(facts.name) : nil
    }
    let hours = await traffic
    return zip(facts, provisioned).map { facts, provisioned in
      var facts = facts
      facts.provisioned = provisioned
      facts.traffic = hours[facts.name.function]
      return facts
    }
  }

  /// Concurrency that is kept ready for the alias; nil when none is, or nobody may say.
  func provisioned(_ name: FunctionName) async -> ProvisionedConcurrency? {
    do throws(AWSError) {
      return try await services.lambda.getProvisionedConcurrencyConfig(name.functionName, qualifier: alias)
    } catch {
      services.report(
        .note(
          name.function, "whether the alias \(alias) has provisioned concurrency cannot be read: \(error)"))
      return nil
    }
  }

  /// The concurrency that functions without a reservation of their own share; nil where nobody can say.
  func unreserved() async -> Int? {
    do throws(AWSError) {
      return try await services.lambda.getAccountSettings().unreservedConcurrentExecutions
    } catch {
      services.report(.note(nil, "the account's concurrency cannot be read: \(error)"))
      return nil
    }
  }

  private func traffic(of names: [FunctionName]) async -> [String: HourOfTraffic] {
    do throws(AWSError) {
      let found = try await TrafficReader(metrics: services.metrics, alias: alias)
        .hour(before: services.serverTime() - settle, of: names)
      for name in names where found[name.function] == nil {
        services.report(
          .note(name.function, "the traffic of the last hour is not known: its metrics are not complete"))
      }
      return found
    } catch {
      services.report(.note(nil, "the traffic of the last hour cannot be read: \(error)"))
      return [:]
    }
  }
}
