internal import AWSClient
internal import Core

extension Releaser {
  /// Carries out `plan` with each function as a release of its own, all at the same time: none waits for another, and
  /// none takes another back.
  ///
  /// A release that another run began with several functions stays together.
  func deployEach(
    _ plan: ReleasePlan, packages: any PackageSource, release: ReleaseID
  ) async -> ReleaseReport {
    let names = plan.functions.filter(\.isToBeBuilt).map(\.input.function)
    for name in names { services.report(.phase(name, .building)) }
    let ahead = await PackagesAhead(names, from: packages)
    let parts = plan.parts
    // Each waits through its rollout for most of its time; the rate of requests is the client's to limit.
    let reports = await Concurrent.map(parts, limit: parts.count) { part in
      await deployTogether(part, packages: ahead, release: release, isBuilt: true)
    }
    var report = ReleaseReport(plan)
    report.functions = []
    for var part in reports {
      if let error = part.error, part.functions.count == 1 { part.functions[0].failure = error }
      report.join(part)
    }
    report.isPartial = Self.isPartial(reports)
    return report
  }

  /// Whether some came to a good end and others did not, or they failed in different ways.
  private static func isPartial(_ reports: [ReleaseReport]) -> Bool {
    let outcomes = Set(reports.map(\.outcome)).subtracting([.unchanged])
    return outcomes.count > 1 && !outcomes.isDisjoint(with: [.failed, .rolledBack])
  }
}

extension ReleasePlan {
  /// The plan cut into what can be released apart from each other.
  fileprivate var parts: [ReleasePlan] {
    var groups: [ReleaseID: [FunctionPlan]] = [:]
    var parts: [[FunctionPlan]] = []
    let open = Set(functions.compactMap(\.unfinished?.record.release))
    for function in functions {
      if let record = function.record, record.functions > 1, open.contains(record.release) {
        groups[record.release, default: []].append(function)
      } else {
        parts.append([function])
      }
    }
    parts += groups.sorted { $0.key < $1.key }.map(\.value)
    return parts.map { ReleasePlan(environment: environment, alias: alias, functions: $0) }
  }
}

/// Packages that were built before they are asked for, so that functions that are released apart are not built one by
/// one.
private struct PackagesAhead: PackageSource {
  private var built: [String: FunctionPackage] = [:]
  private var failures: [String: PackageFailure] = [:]

  /// Builds those called `names`. A failure keeps only the function that it names from its package.
  init(_ names: [String], from source: any PackageSource) async {
    var left = names
    while !left.isEmpty {
      do throws(PackageFailure) {
        built = try await source.packages(for: left)
        return
      } catch {
        // One that names nobody is everybody's.
        let failed = left.contains(error.function) ? [error.function] : left
        for name in failed { failures[name] = error }
        left.removeAll { failed.contains($0) }
      }
    }
  }

  func packages(for functions: [String]) async throws(PackageFailure) -> [String: FunctionPackage] {
    if let failure = functions.compactMap({ failures[$0] }).first { throw failure }
    return built.filter { functions.contains($0.key) }
  }
}
