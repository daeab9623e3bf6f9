internal import Core
internal import Release

/// What the standing of a function asks of a person, and of which release and commit it is. Pure.
struct StatusAdvice: Hashable, Sendable {
  /// How it stands: `waits for a person (pause)`.
  let situation: String
  /// What there is to do, as commands in a clause.
  let next: String
  /// The release that stands so.
  let release: ReleaseID
  /// The commit of the version on trial; nil where none is, or that is not known.
  let commit: String?

  /// - Parameters:
  ///   - steps: the environment's: a rollout that was begun with others has to be told them again.
  ///   - now: AWS's time.
  /// - Returns: nil where nothing is to be done.
  init?(_ status: FunctionStatus, steps: StepPlan, now: Timestamp) {
    guard let alias = status.alias, let record = alias.record else { return nil }
    release = record.release
    commit = alias.trial?.commitWords
    if let move = alias.move {
      (situation, next) = (move.words, move.remedy(function: status.function))
      return
    }
    let again = record.fits(steps) ? "" : " with the --steps that it was begun with"
    let isDead = record.isLeaseOver(at: now)
    switch record.state {
    case .idle: return nil
    case .triggers:
      guard isDead else { return nil }
      situation = "has its traffic, and its run died while it wrote the triggers"
      next = "lamctl deploy finishes them"
    case .hold(let reason):
      situation = "waits for a person (\(reason.word))"
      next = "lamctl promote\(again) lets it go on, lamctl abort takes it back"
    case .canary, .bake, .commit:
      guard isDead else {
        situation = "is driven by \(record.owner?.description ?? "another run")"
        next = "lamctl abort takes it back"
        return
      }
      situation = "was left on its way by its run"
      next = "lamctl resume\(again) goes on with it, lamctl abort takes it back"
    case .rolledBack(let reason):
      situation = "was taken back (\(reason.word))"
      next =
        reason.blamesVersion
        ? "mend it and deploy; the very same code goes out only with lamctl deploy --retry"
        : "lamctl deploy tries it again"
    }
  }

  /// A line for each release, or moved alias, of which there is anything to say.
  static func lines(_ functions: [FunctionStatus], steps: StepPlan, now: Timestamp) -> [String] {
    var groups: [(advice: StatusAdvice, functions: [String])] = []
    var lines: [String] = []
    for status in functions {
      guard let advice = StatusAdvice(status, steps: steps, now: now) else { continue }
      guard status.alias?.move == nil else {
        lines.append("\(status.function): \(advice.situation). Next: \(advice.next).")
        continue
      }
      if let index = groups.firstIndex(where: { $0.advice == advice }) {
        groups[index].functions.append(status.function)
      } else {
        groups.append((advice, [status.function]))
      }
    }
    return groups.map { advice, functions in
      "Release \(advice.release)\(advice.commit.map { ", commit \($0)," } ?? "") \(advice.situation): "
        + "\(PlanText.names(functions)). Next: \(advice.next)."
    } + lines
  }
}

extension VersionProvenance {
  /// `3f2a1c9`, with a plus where files differed from the commit; nil where there was none.
  var commitWords: String? { commit.map { String($0.prefix(7)) + (isDirty ? "+" : "") } }
}
