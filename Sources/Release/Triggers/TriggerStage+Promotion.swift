internal import AWSClient
internal import Core
package import Triggers

/// What is to call a function, as a checkout states it.
package struct TriggerWish: Sendable {
  /// The function.
  package let name: FunctionName
  /// What is to call its alias.
  package let edges: EdgeWish

  /// A wish of these values.
  package init(name: FunctionName, edges: EdgeWish) {
    self.name = name
    self.edges = edges
  }
}

extension TriggerStage {
  /// Writes the edges of functions that have all traffic on their new versions, while the release bakes. No lease is
  /// taken: the rollout has it.
  ///
  /// - Returns: nothing of what could not be begun; it is written at the end.
  package func carryOut(
    _ plan: ReleasePlan, promoted: Set<String>, by release: ReleaseID
  ) async -> [EdgeResult] {
    guard !settings.isSkipped else { return [] }
    do throws(ReleaseError) {
      let subjects = try await subjects(
        plan.functions.filter { promoted.contains($0.input.function) && $0.input.edges != nil },
        isOpen: !settings.isChecked)
      guard !subjects.isEmpty, !Task.isCancelled else { return [] }
      let surveys = try await survey(subjects)
      try refuse(surveys)
      return await EdgeRun(edges, settings: settings.edges).apply(surveys, release: "\(release)")
    } catch {
      services.report(.note(error.function, "triggers wait for the end of the bake: \(error)"))
      return []
    }
  }

  /// Writes the edges of functions whose release, which another run began, has ended well in this one.
  ///
  /// A checkout tells what its own commit wants: the edges of a version from another commit, or from files that no commit
  /// has, are left to a deploy, and that is told.
  ///
  /// - Parameters:
  ///   - wishes: what the checkout states.
  ///   - identity: whose checkout it is, and of what commit.
  package func carryOut(
    _ wishes: [TriggerWish], by identity: RunIdentity, into report: inout ReleaseReport
  ) async {
    let promoted = Set(report.functions.filter { $0.outcome == .promoted }.map(\.function))
    let wishes = wishes.filter { promoted.contains($0.name.function) }
    guard !wishes.isEmpty else { return }
    guard !report.wasInterrupted else {
      report.warnings += wishes.map { "\($0.name.function): its triggers are left to the next deploy" }
      return
    }
    do throws(ReleaseError) {
      var seen: [(name: FunctionName, seen: FunctionDescription)] = []
      for wish in wishes { seen.append((wish.name, try await description(of: wish.name, qualifier: alias))) }
      let tags = try await tags(seen)
      var subjects: [EdgeSubject] = []
      for (wish, (_, description)) in zip(wishes, seen) {
        let subject = subject(wish, description, tags: tags[wish.name.function] ?? [:])
        guard needsWork(subject) else { continue }
        let origin = VersionProvenance.decode(description.configuration.description).provenance
        guard let reason = Self.isOther(identity, than: origin) else {
          subjects.append(subject)
          continue
        }
        report.warnings.append(
          "\(wish.name.function): its triggers are left as they are, \(reason); the next deploy binds them")
      }
      try await write(subjects, into: &report)
    } catch {
      report.fail(error)
    }
  }

  /// Why a checkout may want something else than what a version was made from; nil where it is the same.
  private static func isOther(_ identity: RunIdentity, than origin: VersionProvenance?) -> String? {
    guard let origin, let commit = origin.commit, !origin.isDirty else {
      return "as the version was made from files that no commit has"
    }
    guard let present = identity.commit, present.hasPrefix(commit) else {
      return "as the version comes from commit \(commit), and this is no checkout of it"
    }
    return identity.isDirty ? "as files of this checkout differ from commit \(commit)" : nil
  }

  private func subject(
    _ wish: TriggerWish, _ seen: FunctionDescription, tags: [String: String]
  ) -> EdgeSubject {
    EdgeSubject(
      scope: EdgeScope(
        project: wish.edges.project, function: wish.name.function, functionName: wish.name.functionName,
        functionARN: seen.configuration.unqualifiedARN, alias: alias),
      triggers: wish.edges.triggers, eventInvoke: wish.edges.eventInvoke,
      recorded: tags[TriggerTag.key(alias: alias)].flatMap { TriggerTag($0) },
      timeout: seen.configuration.timeout.map {
        InvocationTimeout(longest: .seconds(Double($0)), isRaised: false)
      })
  }
}
