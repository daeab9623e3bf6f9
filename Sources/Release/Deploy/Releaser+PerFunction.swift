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
    let ahead = PackagesAhead(built: names.isEmpty ? [:] : await packages.packages(for: names))
    let parts = plan.parts
    // Each waits through its rollout for most of its time; the rate of requests is the client's to limit.
    let reports = await Concurrent.map(parts, limit: parts.count) { part in
      await deployTogether(part, packages: ahead, release: release, isBuilt: true)
    }
    var report = ReleaseReport(environment: plan.environment, alias: alias)
    for part in reports { report.join(part) }
    return report
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
  let built: [String: Result<FunctionPackage, PackageFailure>]

  func packages(for functions: [String]) async -> [String: Result<FunctionPackage, PackageFailure>] {
    built.filter { functions.contains($0.key) }
  }
}
