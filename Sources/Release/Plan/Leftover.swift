internal import AWSClient
internal import Core

/// Something that lamctl has released, and that the configuration does not know any more. It is never deleted.
package enum Leftover: Hashable, Sendable {
  /// A function whose alias serves a version of ours: the version, and the commit that it was made from.
  case function(functionName: String, version: String, commit: String?)
  /// An alias with a record of ours, of an environment that is gone.
  case alias(name: String, functionNames: [String])
}

/// Looks for what was left behind. Writes nothing; what cannot be read is none of ours.
package struct LeftoverReader: Sendable {
  /// The most functions that are looked at.
  private static let limit = 50

  let lambda: any LambdaReading & LambdaVersions
  let alias: String
  let parallel: Int

  /// A reader for one alias.
  package init(lambda: any LambdaReading & LambdaVersions, alias: String, parallel: Int) {
    self.lambda = lambda
    self.alias = alias
    self.parallel = parallel
  }

  /// Which of `candidates` serve a version of ours through the alias: a GetFunction each, for 50 at the most.
  package func functions(among candidates: [String]) async -> [Leftover] {
    let some = candidates.sorted().prefix(Self.limit)
    return await Concurrent.map(Array(some), limit: parallel) { name -> Leftover? in
      guard
        let found = try? await lambda.getFunction(name, qualifier: alias).configuration,
        let provenance = VersionProvenance.decode(found.description).provenance
      else { return nil }
      return .function(functionName: name, version: found.version, commit: provenance.commit)
    }.compactMap { $0 }
  }

  /// The aliases of `functionNames` that bear a record of ours and are not among `known`: a ListAliases each.
  package func aliases(of functionNames: [String], besides known: Set<String>) async -> [Leftover] {
    let found = await Concurrent.map(functionNames, limit: parallel) { name -> [String] in
      let aliases = (try? await lambda.listAliases(name)) ?? []
      return aliases.filter { !known.contains($0.name) && AliasSnapshot($0).record != nil }.map(\.name)
    }
    var users: [String: [String]] = [:]
    for (name, aliases) in zip(functionNames, found) {
      for alias in aliases { users[alias, default: []].append(name) }
    }
    return users.sorted { $0.key < $1.key }.map { .alias(name: $0.key, functionNames: $0.value.sorted()) }
  }
}
