internal import AWSClient
package import Core

/// Sets, lists and deletes aliases of persons, or those of previews. An alias without the line of such in its Description
/// is never touched.
package struct TemporaryAliases: Sendable {
  private static let attempts = 4
  private static let pause = TimeSpan.seconds(0.5)

  private let services: ReleaseServices
  private let main: String
  private let owner: String
  /// Whether it is about previews, which whoever pushes next moves on.
  private let arePreviews: Bool
  private let parallel: Int

  /// - Parameters:
  ///   - main: the environment's alias, which tells what is on trial.
  ///   - owner: who sets aliases here.
  package init(services: ReleaseServices, main: String, owner: String, parallel: Int) {
    self.services = services
    self.main = main
    self.owner = owner
    arePreviews = false
    self.parallel = parallel
  }

  /// The aliases of previews.
  ///
  /// - Parameters:
  ///   - main: the alias of the environment that they are made from.
  ///   - person: who makes previews here.
  init(previewing services: ReleaseServices, main: String, person: String, parallel: Int) {
    self.services = services
    self.main = main
    owner = AliasMark.previews + person
    arePreviews = true
    self.parallel = parallel
  }

  /// The aliases that persons have set, of each of `names`; a function that AWS does not have has none.
  ///
  /// - Throws: ``ReleaseError/aws(_:function:)``.
  package func list(_ names: [FunctionName]) async throws(ReleaseError) -> [TemporaryAliasResult] {
    let found = try await Concurrent.map(names, limit: parallel) {
      name throws(ReleaseError) -> [TemporaryAliasResult] in
      do throws(AWSError) {
        return try await services.lambda.listAliases(name.functionName)
          .compactMap { TemporaryAlias(AliasSnapshot($0)) }.sorted { $0.alias < $1.alias }
          .map { TemporaryAliasResult(name, $0, .unchanged) }
      } catch {
        if error.isNotFound { return [] }
        throw .aws(error, function: name.function)
      }
    }
    return found.flatMap { $0 }
  }

  /// Lets the alias called `alias` name a version of each of `names` for `span` from now. Everything is looked up before
  /// anything is written.
  ///
  /// - Throws: ``ReleaseError/noVersion(function:reason:fix:)`` where a function has no such version, and
  ///   ``ReleaseError/foreignAlias(function:alias:what:fix:)`` where the name is another's. Nothing is written then.
  package func set(
    _ alias: String, of names: [FunctionName], to target: TemporaryAliasTarget, for span: TimeSpan,
    dryRun: Bool = false
  ) async throws(ReleaseError) -> [TemporaryAliasResult] {
    let until = Timestamp(seconds: (services.serverTime() + span).seconds.rounded(.down))
    let plans = try await Concurrent.map(names, limit: parallel) {
      name throws(ReleaseError) -> (name: FunctionName, wanted: TemporaryAlias) in
      if let seen = try await read(alias, name) { try ensureMine(seen, name) }
      let version = try await version(target, of: name)
      return (name, TemporaryAlias(alias: alias, version: version, until: until, owner: token))
    }
    guard !dryRun else { return plans.map { TemporaryAliasResult($0.name, $0.wanted, .set) } }
    return await Concurrent.map(plans, limit: parallel) { name, wanted in
      do throws(ReleaseError) {
        try await put(wanted, name)
        return TemporaryAliasResult(name, wanted, .set)
      } catch {
        return TemporaryAliasResult(name, nil, .failed, error)
      }
    }
  }

  /// Makes sure that the alias called `alias` of each of `names` is not another's.
  ///
  /// - Throws: ``ReleaseError/foreignAlias(function:alias:what:fix:)`` where it is.
  func check(_ alias: String, of names: [FunctionName]) async throws(ReleaseError) {
    _ = try await Concurrent.map(names, limit: parallel) { name throws(ReleaseError) in
      if let seen = try await read(alias, name) { try ensureMine(seen, name) }
    }
  }

  /// Lets the alias called `alias` name a version of each function until `until`.
  ///
  /// - Returns: ``TemporaryAliasResult/Outcome/unchanged`` for one that named this version before.
  func point(
    _ alias: String, at versions: [(name: FunctionName, version: String)], until: Timestamp
  ) async -> [TemporaryAliasResult] {
    let until = Timestamp(seconds: until.seconds.rounded(.down))
    return await Concurrent.map(versions, limit: parallel) { name, version in
      let wanted = TemporaryAlias(alias: alias, version: version, until: until, owner: token)
      do throws(ReleaseError) {
        let before = try await put(wanted, name)
        return TemporaryAliasResult(name, wanted, before == version ? .unchanged : .set)
      } catch {
        return TemporaryAliasResult(name, nil, .failed, error)
      }
    }
  }

  /// What there is of the alias called `alias`; nil where there is none.
  ///
  /// - Throws: ``ReleaseError/foreignAlias(function:alias:what:fix:)`` where it is another's.
  func present(_ alias: String, of name: FunctionName) async throws(ReleaseError) -> TemporaryAlias? {
    guard let seen = try await read(alias, name) else { return nil }
    guard let present = TemporaryAlias(seen), present.isPreview == arePreviews else {
      throw stranger(seen, name)
    }
    return present
  }

  /// Deletes the alias called `alias` of each of `names`, whoever has set it.
  package func delete(
    _ alias: String, of names: [FunctionName], dryRun: Bool = false
  ) async -> [TemporaryAliasResult] {
    await Concurrent.map(names, limit: parallel) { name in
      do throws(ReleaseError) {
        guard let present = try await present(alias, of: name) else {
          return TemporaryAliasResult(name, nil, .absent)
        }
        if !dryRun { try await delete(alias, name) }
        return TemporaryAliasResult(name, present, .deleted)
      } catch {
        return TemporaryAliasResult(name, nil, .failed, error)
      }
    }
  }

  /// The owner as the line of an alias carries it.
  private var token: String {
    guard
      case .temporary(_, let token) = AliasMark(
        parsing: AliasMark.temporary(until: Timestamp(seconds: 0), owner: owner).description)
    else { return owner }
    return token
  }

  private func read(_ alias: String, _ name: FunctionName) async throws(ReleaseError) -> AliasSnapshot? {
    try await AliasReader(lambda: services.lambda, alias: alias, parallel: 1).read(name)
  }

  private func delete(_ alias: String, _ name: FunctionName) async throws(ReleaseError) {
    do throws(AWSError) {
      try await services.lambda.deleteAlias(name.functionName, name: alias)
    } catch {
      // One that is gone is what was wanted, also where the answer that said so was lost.
      guard error.isNotFound || error.mayHaveBeenProcessed else { throw .aws(error, function: name.function) }
      guard !error.isNotFound, try await read(alias, name) != nil else { return }
      throw .aws(error, function: name.function)
    }
  }

  /// - Returns: the version that it named before; nil where there was none.
  @discardableResult
  private func put(_ wanted: TemporaryAlias, _ name: FunctionName) async throws(ReleaseError) -> String? {
    let description = AliasMark.temporary(until: wanted.until, owner: wanted.owner).description
    let before = try await read(wanted.alias, name)
    var seen = before
    var attempt = 1
    while true {
      if let seen {
        try ensureMine(seen, name)
        if seen.version == wanted.version, seen.alias.others.isEmpty, seen.alias.description == description {
          return before?.version
        }
      }
      do throws(AWSError) {
        if let seen {
          _ = try await services.lambda.updateAlias(
            name.functionName, name: wanted.alias, version: wanted.version, weights: [:],
            description: description, revisionID: seen.alias.revisionIfKnown, priority: .normal)
        } else {
          _ = try await services.lambda.createAlias(
            name.functionName, name: wanted.alias, version: wanted.version, description: description)
        }
        return before?.version
      } catch {
        guard
          error.isPreconditionFailed || error.conflict == .alreadyExists || error.mayHaveBeenProcessed,
          attempt < Self.attempts
        else { throw .aws(error, function: name.function) }
      }
      do { try await services.clock.sleep(for: Self.pause) } catch { throw .interrupted }
      seen = try await read(wanted.alias, name)
      attempt += 1
    }
  }

  private func version(
    _ target: TemporaryAliasTarget, of name: FunctionName
  ) async throws(ReleaseError) -> String {
    guard let destination = target.destination else {
      guard let version = try await read(main, name)?.record?.onTrial else {
        throw .noVersion(
          function: name.function, reason: "no version is on trial behind the alias \(main)",
          fix: "name a version or a commit: lamctl versions lists them")
      }
      return version
    }
    let versions: [(number: String, origin: VersionProvenance?)]
    do throws(AWSError) {
      versions = try await services.lambda.listVersions(name.functionName)
        .filter { $0.version != "$LATEST" }
        .map { (number: $0.version, origin: VersionProvenance.decode($0.description).provenance) }
    } catch {
      throw .aws(error, function: name.function)
    }
    guard let version = destination.version(among: versions) else {
      throw .noVersion(
        function: name.function, reason: "it has not got \(target.words)",
        fix: "lamctl versions lists them; --only names the functions that are meant")
    }
    return version
  }

  private func ensureMine(_ seen: AliasSnapshot, _ name: FunctionName) throws(ReleaseError) {
    guard let present = TemporaryAlias(seen) else { throw stranger(seen, name) }
    // A preview whose time is over may have its address still.
    let isFree = present.isPreview ? arePreviews : present.isOver(at: services.serverTime())
    guard present.owner == token || isFree else {
      let command = present.isPreview ? "preview" : "alias"
      throw .foreignAlias(
        function: name.function, alias: present.alias, what: seen.content.strangerWords,
        fix: "name another, or delete this one first: lamctl \(command) delete \(present.alias)")
    }
  }

  private func stranger(_ seen: AliasSnapshot, _ name: FunctionName) -> ReleaseError {
    let fix =
      if let present = TemporaryAlias(seen) {
        "lamctl \(present.isPreview ? "preview" : "alias") delete \(present.alias) deletes it"
      } else {
        "name another: lamctl \(arePreviews ? "preview" : "alias") list shows those that may be changed or deleted"
      }
    return .foreignAlias(
      function: name.function, alias: seen.alias.name, what: seen.content.strangerWords, fix: fix)
  }
}
