package import AWSClient
internal import Core

/// What became of the versions of one layer.
package struct LayerPruneResult: Sendable {
  /// The layer's name in AWS.
  package let name: String
  /// The versions that are gone, or would be, from the oldest to the newest.
  package var deleted: [LayerVersion] = []
  /// How many versions stay.
  package var kept: Int
  /// The versions that could not be deleted, and why.
  package var failures: [(version: Int, error: ReleaseError)] = []
}

/// Deletes old versions of layers that no version of any function refers to.
package struct LayerPruner: Sendable {
  private let services: ReleaseServices
  private let parallel: Int

  /// A pruner that reads `parallel` layers at once.
  package init(services: ReleaseServices, parallel: Int) {
    self.services = services
    self.parallel = parallel
  }

  /// Deletes what may go of the layers that the functions of `results` have or had. The newest version of each stays, what
  /// is younger than a day, since a run may be about to use it, what lamctl did not publish, and what any function of the
  /// account has.
  ///
  /// - Parameters:
  ///   - results: what became of the functions' versions: those that are gone, or would be, refer to nothing.
  ///   - dryRun: whether to find out only.
  /// - Throws: ``ReleaseError/aws(_:function:)`` when Lambda cannot be read; nothing was deleted then.
  package func prune(
    after results: [PruneResult], dryRun: Bool = false
  ) async throws(ReleaseError) -> [LayerPruneResult] {
    let names = Set(results.flatMap(\.layerNames)).sorted()
    guard !names.isEmpty else { return [] }
    let lambda = services.lambda
    let lists: [[LayerVersion]]
    let used: Set<String>
    do throws(AWSError) {
      lists = try await Concurrent.map(names, limit: parallel) { name throws(AWSError) in
        try await lambda.listLayerVersions(name)
      }
      used = Self.used(try await lambda.listAllVersions(), gone: results)
    } catch {
      throw .aws(error, function: nil)
    }
    let now = services.serverTime()
    var pruned: [LayerPruneResult] = []
    for (name, versions) in zip(names, lists) {
      let own = versions.filter { LayerProvenance($0.description) != nil }
      let doomed = own.dropLast().filter { version in
        guard let created = version.created else { return false }
        return created < now - PrunePlan.rest && !used.contains(version.arn)
      }
      var result = LayerPruneResult(name: name, kept: versions.count - doomed.count)
      if dryRun { result.deleted = doomed } else { await delete(doomed, into: &result) }
      pruned.append(result)
    }
    return pruned
  }

  /// The layers that versions of functions have.
  private static func used(_ versions: [FunctionConfiguration], gone: [PruneResult]) -> Set<String> {
    let gone = Set(gone.flatMap { result in result.deleted.map { [result.name.functionName, $0.version] } })
    return Set(versions.filter { !gone.contains([$0.functionName, $0.version]) }.flatMap(\.layers))
  }

  private func delete(_ versions: [LayerVersion], into result: inout LayerPruneResult) async {
    for version in versions where !Task.isCancelled {
      do throws(AWSError) {
        try await services.lambda.deleteLayerVersion(result.name, version: version.version)
        result.deleted.append(version)
      } catch {
        result.failures.append((version.version, .aws(error, function: nil)))
        result.kept += 1
        // What is refused for one is refused for all.
        if error.isPermission { break }
      }
    }
  }

  /// The name in the ARN of a layer's version; nil for every other text.
  static func name(in arn: String) -> String? {
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 8 && parts[5] == "layer" ? String(parts[6]) : nil
  }
}
