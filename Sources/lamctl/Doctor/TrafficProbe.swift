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
    return await triggers(names) + bareNames(names) + moves(names) + drift(names) + leftovers()
      + provisioned(names)
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
      guard count > 0 else {
        return [
          .warning(
            check,
            "no invocation in the last hour, so that nothing tells whether callers use the alias \(alias)",
            fix: "look again when there is traffic; until then a canary has nothing to be judged by")
        ]
      }
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
        let move = await StrayWeights(lambda: lambda).move(of: snapshot, functionName: name.functionName)
        return move.map { move in
          .warning(
            check, "\(name.function): \(move.words)",
            fix: "find out who and why; \(move.remedy(function: name.function))")
        }
      } catch {
        if error.isNotFound { return nil }
        return Self.unknown("\(check) of \(name.function)", error)
      }
    }.compactMap { $0 }
    return found.isEmpty ? [.good(check, "every alias \(alias) is where its record says")] : found
  }

  /// What hangs on the bare function: it gets new code at once, and no canary.
  private func bareNames(_ names: [FunctionName]) async -> [DoctorFinding] {
    let check = "bare names"
    let reader = BareCallerReader(lambda: session.aws.lambda, metrics: session.aws.cloudWatch)
    let hanging = await Concurrent.map(names, limit: session.parallel) { name in
      await reader.hanging(on: name.functionName)
    }
    let found = zip(names, hanging).compactMap { name, callers -> DoctorFinding? in
      guard !callers.isEmpty else { return nil }
      return Self.warning(check, Preflight.bareCallers(callers, of: name.function, alias: alias))
    }
    return found.isEmpty ? [.good(check, "nothing hangs on a function without an alias")] : found
  }

  /// What others have changed in `$LATEST`, of which the next version is made.
  private func drift(_ names: [FunctionName]) async -> [DoctorFinding] {
    let check = "drift"
    do throws(ReleaseError) {
      let changes = try await DriftReader(
        lambda: session.aws.lambda, alias: alias, parallel: session.parallel
      )
      .changes(in: names)
      let found = names.compactMap { name in
        changes[name.function].map { change in
          DoctorFinding.warning(
            check, "\(name.function): \(change.words)",
            fix: change.hasSettings
              ? "lamctl plan says what becomes of it; state it in the manifest, or deploy with --restore-drift"
              : "nothing needs doing: the next deploy of the function replaces it")
        }
      }
      return found.isEmpty ? [.good(check, "nobody else has changed a function")] : found
    } catch {
      guard case .aws(let cause, _) = error else { return [.bad(check, error)] }
      return [Self.unknown(check, cause)]
    }
  }

  /// The most pages of functions that are read: of 50 functions each.
  private static let longestList = 100

  /// What was released once, and the configuration does not know any more.
  private func leftovers() async -> [DoctorFinding] {
    let check = "leftovers"
    do {
      var listed: [String] = []
      var marker: String?
      var pages = 0
      repeat {
        let page = try await session.aws.lambda.listFunctions(marker: marker)
        listed += page.items.map(\.functionName)
        marker = page.nextMarker
        pages += 1
      } while marker != nil && pages < Self.longestList
      let found = try await session.leftovers(listed: listed, definitions: definitions, sample: nil)
      guard !found.isEmpty else { return [.good(check, "nothing that the configuration does not know")] }
      return found.map { leftover in
        let commands = LeftoverText.commands(leftover, region: session.aws.region).joined(separator: "; ")
        return .warning(
          check, LeftoverText.sentence(leftover, alias: alias),
          fix: "lamctl deletes nothing; this would: \(commands)")
      }
    } catch let error as AWSError {
      return [Self.unknown(check, error)]
    } catch {
      return [.bad(check, error)]
    }
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
