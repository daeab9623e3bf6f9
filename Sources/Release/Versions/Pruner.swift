internal import AWSClient
internal import Core

/// What became of the versions of one function.
package struct PruneResult: Sendable {
  /// The function's names.
  package let name: FunctionName
  /// The versions that are gone, or would be, from the oldest to the newest.
  package var deleted: [VersionEntry] = []
  /// The aliases of persons that are gone, or would be, because their time is over.
  package var deletedAliases: [TemporaryAlias] = []
  /// The versions that stay.
  package var kept: [PrunePlan.Kept]
  /// The versions that could not be deleted, and why.
  package var failures: [(version: String, error: ReleaseError)] = []
  /// The names of the layers that its versions have or had.
  package var layerNames: Set<String> = []
}

/// Deletes old versions that nothing refers to.
package struct Pruner: Sendable {
  private let services: ReleaseServices
  private let parallel: Int
  private let keep: Int

  /// A pruner that leaves each function its `keep` newest versions, at least 1.
  package init(services: ReleaseServices, keep: Int, parallel: Int) {
    self.services = services
    self.keep = keep
    self.parallel = parallel
  }

  /// Deletes what may go of each of `names`; a function that AWS does not have is left out.
  ///
  /// - Parameter dryRun: whether to find out only.
  /// - Throws: ``ReleaseError/aws(_:function:)`` when Lambda cannot be read; nothing was deleted then. Where CloudWatch
  ///   cannot be read nothing is deleted either, and that is told.
  package func prune(_ names: [FunctionName], dryRun: Bool = false) async throws(ReleaseError)
    -> [PruneResult]
  {
    let histories = try await VersionReader(services: services, parallel: parallel).read(names)
    let now = services.serverTime()
    let traffic = await traffic(of: histories, now: now)
    let plans = histories.map { history in
      (
        history: history,
        plan: PrunePlan(history, keep: keep, busy: traffic.map { $0[history.name] ?? [] }, now: now)
      )
    }
    return await Concurrent.map(plans, limit: parallel) { history, plan in
      var result =
        dryRun
        ? PruneResult(
          name: history.name, deleted: plan.deletions, deletedAliases: plan.endedAliases, kept: plan.kept)
        : await carryOut(plan, of: history.name)
      result.layerNames = history.layerNames
      return result
    }
  }

  /// One version after the other, so that a signal, or the end of what is allowed, leaves the newer ones.
  private func carryOut(_ plan: PrunePlan, of name: FunctionName) async -> PruneResult {
    var result = PruneResult(name: name, kept: plan.kept)
    await sweep(plan.endedAliases, of: name, into: &result)
    for version in plan.deletions where !Task.isCancelled {
      do throws(AWSError) {
        try await services.lambda.deleteFunctionVersion(name.functionName, version: version.version)
        result.deleted.append(version)
      } catch {
        if case .referenced(let aliases) = error.conflict {
          // Taken up since the aliases were read.
          result.kept.append(PrunePlan.Kept(version: version, reason: .alias(aliases.first ?? "")))
          continue
        }
        result.failures.append((version.version, .aws(error, function: name.function)))
        // What is refused for one is refused for all.
        if error.isPermission { break }
      }
    }
    return result
  }

  /// Deletes aliases whose time is over; one that was set anew since it was read stays, as far as a look before tells:
  /// Lambda deletes an alias whatever it says.
  private func sweep(_ ended: [TemporaryAlias], of name: FunctionName, into result: inout PruneResult) async {
    for alias in ended where !Task.isCancelled {
      let reader = AliasReader(lambda: services.lambda, alias: alias.alias, parallel: 1)
      do throws(ReleaseError) {
        guard let seen = try await reader.read(name), TemporaryAlias(seen) == alias else { continue }
        do throws(AWSError) {
          // What becomes of an address without its alias is not documented.
          if alias.isPreview {
            try await services.lambda.deleteFunctionURLConfig(name.functionName, qualifier: alias.alias)
          }
          try await services.lambda.deleteAlias(name.functionName, name: alias.alias)
        } catch {
          guard error.isNotFound else { throw .aws(error, function: name.function) }
        }
        result.deletedAliases.append(alias)
      } catch {
        services.report(
          .note(name.function, "the alias \(alias.alias), whose time is over, could not be deleted: \(error)")
        )
      }
    }
  }

  /// The versions that somebody calls; nil where CloudWatch does not tell. Only those are asked for that nothing else
  /// keeps.
  private func traffic(of histories: [VersionHistory], now: Timestamp) async -> [FunctionName: Set<String>]? {
    let candidates = histories.map { history in
      (history: history, candidates: PrunePlan(history, keep: keep, busy: [], now: now).deletions)
    }
    do throws(AWSError) {
      return try await VersionTraffic(metrics: services.metrics, now: now).busy(candidates)
    } catch {
      services.report(
        .note(nil, "whether old versions are called cannot be read, so none of them is deleted: \(error)"))
      return nil
    }
  }
}

extension Pruner {
  /// Deletes what may go of the functions that `report` has promoted. The release is through: what fails here is told
  /// and changes nothing.
  static func tidy(after report: ReleaseReport, services: ReleaseServices, settings: ReleaseSettings) async {
    guard let keep = settings.keepVersions else { return }
    let pruner = Pruner(services: services, keep: keep, parallel: settings.parallel)
    let names = report.functions.filter { $0.outcome == .promoted && !$0.isTidied }.map {
      FunctionName(function: $0.function, functionName: $0.functionName)
    }
    guard !names.isEmpty, !Task.isCancelled else { return }
    do throws(ReleaseError) {
      let results = try await pruner.prune(names)
      for result in results {
        if !result.deleted.isEmpty {
          let versions = result.deleted.map(\.version).joined(separator: ", ")
          services.report(.note(result.name.function, "deleted old versions: \(versions)"))
        }
        if let failure = result.failures.first {
          services.report(
            .note(result.name.function, "version \(failure.version) could not be deleted: \(failure.error)"))
        }
      }
      let layers = try await LayerPruner(services: services, parallel: settings.parallel).prune(
        after: results)
      for layer in layers {
        if !layer.deleted.isEmpty {
          let versions = layer.deleted.map { String($0.version) }.joined(separator: ", ")
          services.report(.note(nil, "deleted old versions of the layer \(layer.name): \(versions)"))
        }
        if let failure = layer.failures.first {
          services.report(
            .note(
              nil,
              "version \(failure.version) of the layer \(layer.name) could not be deleted: \(failure.error)"))
        }
      }
    } catch {
      services.report(.note(nil, "old versions were left alone: \(error)"))
    }
  }
}
