internal import AWSClient
internal import Core
internal import Packager
internal import Release

/// Looks at what would keep a rollout from shifting traffic, by the rules that a release goes by.
struct TrafficProbe: Sendable {
  let session: Session
  let definitions: [FunctionDefinition]

  private var alias: String { session.environment.alias }

  /// How traffic reaches the functions, and what their aliases hold ready.
  func findings() async -> [DoctorFinding] {
    let names = Session.names(definitions)
    guard !names.isEmpty else { return [] }
    return await triggers(names) + moves(names) + provisioned(names)
  }

  private func triggers(_ names: [FunctionName]) async -> [DoctorFinding] {
    let check = "triggers"
    do throws(AWSError) {
      let hours = try await TrafficReader(metrics: session.aws.cloudWatch, alias: alias)
        .hour(before: session.serverTime() - session.environment.rollout.settle, of: names)
      let found = names.compactMap { name in
        hours[name.function].flatMap { Preflight.bypass($0, of: name.function, alias: alias) }
      }
      guard found.isEmpty else { return found.map { Self.warning(check, $0) } }
      let count = hours.values.reduce(0) { $0 + $1.throughAlias }
      return [.good(check, "\(count) invocations in the last hour, through the alias \(alias)")]
    } catch {
      return [Self.unknown(check, error)]
    }
  }

  /// What somebody has moved by hand: a release would go over it.
  private func moves(_ names: [FunctionName]) async -> [DoctorFinding] {
    let check = "aliases"
    let (lambda, alias) = (session.aws.lambda, alias)
    let found = await Concurrent.map(names, limit: session.parallel) { name -> DoctorFinding? in
      do throws(AWSError) {
        let snapshot = AliasSnapshot(try await lambda.getAlias(name.functionName, name: alias))
        return snapshot.move.map { move in
          .warning(
            check, "\(name.function): \(move.words)",
            fix: "find out who and why: lamctl deploy would release over it")
        }
      } catch {
        if error.isNotFound { return nil }
        return Self.unknown("\(check) of \(name.function)", error)
      }
    }.compactMap { $0 }
    return found.isEmpty ? [.good(check, "every alias \(alias) is where its record says")] : found
  }

  private func provisioned(_ names: [FunctionName]) async -> [DoctorFinding] {
    let check = "provisioned concurrency"
    let (lambda, alias) = (session.aws.lambda, alias)
    let found = await Concurrent.map(names, limit: session.parallel) { name -> DoctorFinding? in
      do throws(AWSError) {
        let provisioned = try await lambda.getProvisionedConcurrencyConfig(
          name.functionName, qualifier: alias)
        return provisioned.map {
          Self.warning(check, Preflight.provisioned($0, on: alias, of: name.function))
        }
      } catch {
        // Not made yet, which other lines say.
        if error.isNotFound { return nil }
        return Self.unknown("\(check) of \(name.function)", error)
      }
    }.compactMap { $0 }
    return found.isEmpty ? [.good(check, "none on the alias \(alias), which would rule out steps")] : found
  }

  /// A release does without what it may not read here, and says so.
  private static func unknown(_ check: String, _ error: AWSError) -> DoctorFinding {
    let finding = DoctorFinding.bad(check, error)
    return .warning(check, finding.text, fix: finding.fix ?? "")
  }

  private static func warning(_ check: String, _ finding: PreflightFinding) -> DoctorFinding {
    .warning(check, (finding.function.map { "\($0): " } ?? "") + finding.rule, fix: finding.fix)
  }
}
