internal import AWSClient
internal import Core
package import Triggers

/// What one function shows of a preview.
package struct PreviewResult: Sendable {
  /// Its alias, and what became of it.
  package let alias: TemporaryAliasResult
  /// Its address; nil where it has none, or it is gone.
  package let url: String?
}

/// Lists the previews of functions, and takes one away.
package struct Previews: Sendable {
  private let aliases: TemporaryAliases
  private let edges: PreviewEdges
  private let project: String
  /// Whether schedules take previews away.
  private let isScheduled: Bool
  private let parallel: Int

  /// - Parameters:
  ///   - main: the alias of the environment that previews are made from.
  ///   - project: the project's name, which marks begin with.
  ///   - partition: `aws`, or that of another group of regions.
  ///   - isScheduled: whether schedules take previews away.
  package init(
    services: ReleaseServices, edges: EdgeServices, main: String, project: String, partition: String,
    isScheduled: Bool, parallel: Int
  ) {
    aliases = TemporaryAliases(previewing: services, main: main, person: "", parallel: parallel)
    self.edges = PreviewEdges(edges, partition: partition, parallel: parallel)
    self.project = project
    self.isScheduled = isScheduled
    self.parallel = parallel
  }

  /// The previews of each of `names`, with their addresses; a function that AWS does not have has none.
  ///
  /// - Throws: ``ReleaseError`` when AWS cannot be read.
  package func list(_ names: [FunctionName]) async throws(ReleaseError) -> [PreviewResult] {
    let found = try await aliases.list(names).filter { $0.alias?.isPreview ?? false }
    return try await Concurrent.map(found, limit: parallel) { result throws(ReleaseError) -> PreviewResult in
      guard let alias = result.alias else { return PreviewResult(alias: result, url: nil) }
      do throws(EdgeError) {
        return PreviewResult(alias: result, url: try await edges.url(scope(result.name, alias.alias)))
      } catch {
        throw ReleaseError(preview: error)
      }
    }
  }

  /// Takes the preview called `preview` of each of `names` away: who may call its address, the address, the alias, and
  /// last the schedules, which do the rest where a run dies in between. Versions stay until `prune`.
  package func delete(
    _ preview: String, of names: [FunctionName], dryRun: Bool
  ) async -> [PreviewResult] {
    await Concurrent.map(names, limit: parallel) { name in
      var present: TemporaryAlias?
      do throws(ReleaseError) {
        present = try await aliases.present(preview, of: name)
        if !dryRun { try await remove(preview, of: name, isThere: present != nil) }
        return PreviewResult(
          alias: TemporaryAliasResult(name, present, present == nil ? .absent : .deleted), url: nil)
      } catch {
        return PreviewResult(alias: TemporaryAliasResult(name, present, .failed, error), url: nil)
      }
    }
  }

  private func remove(_ preview: String, of name: FunctionName, isThere: Bool) async throws(ReleaseError) {
    let scope = scope(name, preview)
    do throws(EdgeError) {
      if isThere { try await edges.unbind(scope) }
    } catch {
      throw ReleaseError(preview: error)
    }
    if isThere, let error = await aliases.delete(preview, of: [name]).compactMap(\.error).first {
      throw error
    }
    do throws(EdgeError) {
      // An earlier push may have had a role where there is none now.
      try await edges.unschedule(scope)
    } catch {
      // What is left of one finds nothing to take away.
      guard isScheduled || !(error.cause?.isPermission ?? false) else { return }
      throw ReleaseError(preview: error)
    }
  }

  private func scope(_ name: FunctionName, _ alias: String) -> EdgeScope {
    EdgeScope(
      project: project, function: name.function, functionName: name.functionName, functionARN: "",
      alias: alias)
  }
}
