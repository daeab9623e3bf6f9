internal import Core
internal import Release
internal import Triggers

/// What `lamctl adopt` has found and done.
struct AdoptReport: Sendable {
  /// What was asked for.
  enum Action: String, Sendable {
    case adopt
    case finish
    case undo
  }

  let action: Action
  let isPlan: Bool
  /// The moves, and how far each has come.
  var journal: MoveJournal
  /// Where the journal is; nil where none was needed.
  var path: String?
  /// What was planned, function by function; empty for an undo.
  var plans: [MovePlan] = []
  /// What earlier runs had left half way.
  var goesOn: [MoveJournal] = []
  /// What CloudWatch shows, by logical name.
  var proofs: [String: MoveProof] = [:]
  /// The signal that ended it, if one did.
  var signal: Interruption.Signal?
  private var errors: [String: EdgeError] = [:]
  private var left: [EdgeError] = []
  private var notes: [String] = []

  init(_ action: Action, isPlan: Bool, _ journal: MoveJournal) {
    self.action = action
    self.isPlan = isPlan
    self.journal = journal
  }

  mutating func take(_ outcome: MoveOutcome) {
    errors.merge(outcome.failures) { $1 }
    left += outcome.left
    notes += outcome.notes
  }

  /// The functions, by logical name and in the plans' order.
  private var scopes: [EdgeScope] {
    var seen: Set<String> = []
    return (plans.map(\.scope) + journal.entries.map(\.move.scope)).filter {
      seen.insert($0.function).inserted
    }
  }

  private func entries(of scope: EdgeScope) -> [MoveJournal.Entry] {
    journal.entries.filter { $0.move.scope == scope }
  }

  /// What is wrong, a line each.
  var failures: [Failure] {
    var failures: [Failure] = []
    for plan in plans {
      failures += plan.refusals.map { refusal in
        Failure(
          .failed, "\(plan.scope.function): \(refusal)",
          fix: "change the template and update the stack, or move it all the same with --even-managed")
      }
      failures += plan.obstacles.map { Failure(.edge($0, isBefore: true) as ReleaseError) }
    }
    failures += scopes.compactMap { errors[$0.function] }.map {
      Failure(.edge($0, isBefore: true) as ReleaseError)
    }
    failures += left.map { Failure(.edge($0, isBefore: true) as ReleaseError) }
    failures += scopes.compactMap { scope in
      guard case .elsewhere(let count)? = proofs[scope.function] else { return nil }
      return Failure(
        .held,
        "\(scope.function): \(count) invocations since the move, and none of them through the alias \(scope.alias)",
        fix: "look who calls it: lamctl doctor; lamctl adopt --undo \(path ?? "FILE") puts all of it back")
    }
    return failures
  }

  /// The code of the first failure where nothing was written, 14 where a part was, 11 where callers do not show.
  var exitCode: ExitCode {
    if let signal { return signal.exitCode }
    let failures = failures
    guard let first = failures.first else { return .done }
    if failures.allSatisfy({ $0.exitCode == .held }) { return .held }
    let wrote = journal.entries.contains { $0.state == .done || $0.state == .undone }
    if wrote { return .partial }
    return failures.contains { $0.exitCode == .permission } ? .permission : first.exitCode
  }

  /// The journal's own members, and what else there is to say.
  func document(_ schema: String) -> JSON {
    var document = journal.document
    document["schema"] = .string(schema)
    document["action"] = .string(action.rawValue)
    document["plan"] = .bool(isPlan)
    document["journal"] = .optional(path)
    document["goesOn"] = .array(goesOn.map { .string($0.fileName) })
    document["notes"] = .array(notes.map(JSON.string))
    document["functions"] = .array(scopes.map(function))
    document["exitCode"] = .int(Int(exitCode.rawValue))
    document["error"] = failures.first?.json ?? .null
    return .object(document)
  }

  private func function(_ scope: EdgeScope) -> JSON {
    let plan = plans.first { $0.scope == scope }
    return [
      "function": .string(scope.function), "functionName": .string(scope.functionName),
      "outcome": .string(outcome(of: scope)),
      "notes": .array((plan?.notes ?? []).map(JSON.string)),
      "refused": .array((plan?.refusals ?? []).map(JSON.string)),
      "proof": proofs[scope.function].map(Self.json) ?? .null,
      "error": (plan?.obstacles.first ?? errors[scope.function]).map {
        Failure(.edge($0, isBefore: true) as ReleaseError).json
      } ?? .null,
    ]
  }

  private static func json(_ proof: MoveProof) -> JSON {
    switch proof {
    case .invocations(let count): ["kind": "invocations", "invocations": .int(count)]
    case .silent: ["kind": "silent", "invocations": 0]
    case .elsewhere(let count): ["kind": "elsewhere", "invocations": .int(count)]
    case .unread: ["kind": "unread", "invocations": .null]
    }
  }

  private func outcome(of scope: EdgeScope) -> String {
    let plan = plans.first { $0.scope == scope }
    if plan?.isBlocked ?? false { return plan?.refusals.isEmpty ?? true ? "blocked" : "refused" }
    let entries = entries(of: scope)
    if entries.isEmpty { return "unchanged" }
    if isPlan { return "planned" }
    if action == .undo {
      return left.contains { $0.function == scope.function } ? "partlyUndone" : "undone"
    }
    if errors[scope.function] != nil {
      return entries.contains { $0.state == .done } ? "partlyMoved" : "failed"
    }
    return action == .finish ? "finished" : "moved"
  }

  /// What a person reads.
  var text: String {
    var lines = goesOn.map { journal in
      isPlan
        ? "\(journal.fileName) was left half way, and is ended first"
        : "\(journal.fileName) was left half way, and is ended"
    }
    for scope in scopes {
      let entries = entries(of: scope)
      let plan = plans.first { $0.scope == scope }
      guard !entries.isEmpty || !(plan?.notes.isEmpty ?? true) else { continue }
      lines.append(scope.function)
      lines += entries.map { "  \(word($0))  \($0.move.title)\($0.reason.map { ": \($0)" } ?? "")" }
      lines += (plan?.notes ?? []).map { "  note     \($0)" }
      if let proof = proofs[scope.function] { lines.append("  proof    \(Self.words(proof, scope))") }
    }
    lines += notes
    lines.append(sentence)
    return lines.map { PlainText.line($0) + "\n" }.joined()
  }

  private func word(_ entry: MoveJournal.Entry) -> String {
    switch (entry.state, action) {
    case (.planned, .undo): "not    "
    case (.planned, _): entry.move.isCopy ? "copy   " : entry.move.isFarewell ? "remove " : "move   "
    case (.begun, .undo) where isPlan, (.done, .undo) where isPlan: "back   "
    case (.begun, _): "open   "
    case (.done, _): entry.move.isCopy ? "copied " : entry.move.isFarewell ? "removed" : "moved  "
    case (.present, _): "there  "
    case (.left, _): "left   "
    case (.undone, _): "back   "
    }
  }

  private static func words(_ proof: MoveProof, _ scope: EdgeScope) -> String {
    switch proof {
    case .invocations(let count): "\(count) invocations through the alias \(scope.alias)"
    case .silent:
      "no call came in 15 minutes: nothing shows yet that the moves work; look again when there is traffic"
    case .elsewhere(let count): "\(count) invocations, none of them through the alias \(scope.alias)"
    case .unread(let reason): "not known: \(reason)"
    }
  }

  private var sentence: String {
    let moves = journal.entries.count
    guard moves > 0 else {
      switch action {
      case .undo: return "The journal has nothing to take back."
      case .finish: return "No bare function has a permission that its alias has too."
      case .adopt:
        return plans.contains(where: \.isBlocked)
          ? "Nothing was moved."
          : "Nothing that can be moved hangs on a bare function."
      }
    }
    if isPlan { return "Nothing was written: this is the plan." }
    switch action {
    case .undo:
      return left.isEmpty ? "All of it is as it was before." : "What is named below was left as it is."
    case .finish: return "Undo: lamctl adopt \(journal.environment) --undo \(path ?? "FILE")"
    case .adopt:
      return "Undo: lamctl adopt \(journal.environment) --undo \(path ?? "FILE"). A day later: "
        + "lamctl adopt \(journal.environment) --finish"
    }
  }
}
