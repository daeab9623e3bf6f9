internal import AWSClient
internal import Core

/// Points the aliases that go with an environment's own.
///
/// They decide no traffic of the environment and bear no record: what they are to name follows from the record of the
/// alias that they go with, so that any run may put them right.
struct CompanionWriter: Sendable {
  /// How often one is written anew where somebody writes it at the same time, or an answer is lost.
  private static let attempts = 5
  /// For how long a version that Lambda does not find is waited for.
  private static let visibility = TimeSpan.seconds(30)
  private static let firstPause = 0.5

  /// What one function's companions are to name.
  struct Wish: Sendable {
    let name: FunctionName
    let versions: CompanionVersions
    /// The Description of the alias that they go with, as it was when this was wished for; nil where there was none.
    let premise: String?
  }

  let services: ReleaseServices
  let names: CompanionAliases
  let alias: String
  let parallel: Int

  /// - Returns: nil where none are wanted.
  init?(_ services: ReleaseServices, _ names: CompanionAliases?, alias: String, parallel: Int) {
    guard let names else { return nil }
    self.services = services
    self.names = names
    self.alias = alias
    self.parallel = parallel
  }

  /// Makes sure that the names of the companions are free or lamctl's own. Writes nothing.
  ///
  /// - Throws: ``ReleaseError/foreignAlias(function:alias:what:fix:)`` for the first that is not.
  func check(_ functions: [FunctionName]) async throws(ReleaseError) {
    _ = try await Concurrent.map(functions, limit: parallel) { function throws(ReleaseError) in
      for role in CompanionRole.allCases {
        guard let companion = names[role] else { continue }
        if let seen = try await reader(companion).read(function) { try ensureOurs(seen, role, function) }
      }
    }
  }

  /// Makes the companions name what is wished for, one function's after the other; what does already is left alone.
  ///
  /// - Returns: what could not be done.
  func point(_ wishes: [Wish]) async -> [(function: String, error: ReleaseError)] {
    let results = await Concurrent.map(wishes, limit: parallel) { wish -> ReleaseError? in
      do throws(ReleaseError) {
        for role in CompanionRole.allCases {
          try await point(role, wish)
        }
        return nil
      } catch {
        return error
      }
    }
    return zip(wishes, results).compactMap { wish, error in error.map { (wish.name.function, $0) } }
  }

  /// Makes the companions name what goes with the records that the aliases bear now. An alias that somebody has moved by
  /// hand since is that person's, and so are its companions.
  ///
  /// - Returns: what could not be done.
  func settle(_ functions: [FunctionName]) async -> [(function: String, error: ReleaseError)] {
    var wishes: [Wish] = []
    var failures: [(function: String, error: ReleaseError)] = []
    let main = reader(alias)
    let seen = await Concurrent.map(functions, limit: parallel) {
      function -> Result<AliasSnapshot?, ReleaseError> in
      do throws(ReleaseError) { return .success(try await main.read(function)) } catch {
        return .failure(error)
      }
    }
    for (name, seen) in zip(functions, seen) {
      switch seen {
      case .failure(let error): failures.append((name.function, error))
      case .success(let snapshot):
        guard let snapshot, snapshot.move == nil,
          let versions = snapshot.record.flatMap(CompanionVersions.init)
        else { continue }
        wishes.append(Wish(name: name, versions: versions, premise: snapshot.alias.description))
      }
    }
    return failures + (await point(wishes))
  }

  private func reader(_ alias: String) -> AliasReader {
    AliasReader(lambda: services.lambda, alias: alias, parallel: parallel)
  }

  private func point(_ role: CompanionRole, _ wish: Wish) async throws(ReleaseError) {
    guard let companion = names[role] else { return }
    let (name, version) = (wish.name, wish.versions[role])
    let deadline = services.clock.now() + Self.visibility
    var pause = Self.firstPause
    for attempt in 1... {
      let seen = try await reader(companion).read(name)
      if let seen {
        try ensureOurs(seen, role, name)
        if seen.version == version, seen.alias.others.isEmpty { return }
      }
      do throws(AWSError) {
        return try await put(seen, companion, role, of: name, version)
      } catch {
        // A version that was just published is not known to all of Lambda yet.
        let isYoung = error.isNotFound && services.clock.now() < deadline
        let isWorthAnother =
          error.isPreconditionFailed || error.conflict == .alreadyExists || error.mayHaveBeenProcessed
        guard isYoung || (isWorthAnother && attempt < Self.attempts), !Task.isCancelled else {
          throw .aws(error, function: name.function)
        }
        if error.isPreconditionFailed { try await ensurePremise(of: wish, companion) }
      }
      do { try await services.clock.sleep(for: .seconds(pause)) } catch { throw .interrupted }
      pause = min(pause * 2, 4)
    }
  }

  private func put(
    _ seen: AliasSnapshot?, _ companion: String, _ role: CompanionRole, of name: FunctionName,
    _ version: String
  ) async throws(AWSError) {
    guard let seen else {
      _ = try await services.lambda.createAlias(
        name.functionName, name: companion, version: version,
        description: AliasMark.companion(of: alias, role).description)
      return
    }
    _ = try await services.lambda.updateAlias(
      name.functionName, name: companion, version: version, weights: [:],
      description: seen.alias.description, revisionID: seen.alias.revisionIfKnown, priority: .normal)
  }

  /// Makes sure, where somebody else has written a companion, that the alias it goes with is still what the wish was made
  /// by: a run that another has taken over does not know any more what is right.
  private func ensurePremise(of wish: Wish, _ companion: String) async throws(ReleaseError) {
    let seen = try await reader(alias).read(wish.name)
    guard seen?.alias.description != wish.premise else { return }
    throw .overtaken(
      function: wish.name.function, alias: companion, by: seen?.content.ownerWords ?? "it is deleted")
  }

  private func ensureOurs(
    _ seen: AliasSnapshot, _ role: CompanionRole, _ name: FunctionName
  ) throws(ReleaseError) {
    let wanted = AliasMark.companion(of: alias, role)
    guard seen.content.mark != wanted else { return }
    throw .foreignAlias(
      function: name.function, alias: seen.alias.name, what: seen.content.strangerWords,
      fix: "name another alias in companions.\(role.rawValue), or delete this one if nobody calls it")
  }
}
