import AWSClient
import Core
import Release
import TestSupport
import Testing

/// Walks through every state that deploys, rollbacks, deaths, lost answers, signals, outages and second pipelines
/// lead to, and makes sure of the same things in each.
@Suite("Every state that runs can leave behind")
struct ModelTests {
  /// Steps after one another that are tried.
  private static let depth = 4

  @Test(
    "traffic is whole or on a record that the next run goes on with", arguments: ["bad2", "late2"])
  func walk(candidate: String) async throws {
    let start = try await World.running()
    let plan = try StepPlan(parsing: "10%:3m")
    start.configure { settings in
      settings.plan = plan
      settings.bake = .minutes(3)
    }
    var frontier: [(world: World, path: [String])] = [(start, [])]
    var known: Set<ModelState> = [ModelState(start)]
    for depth in 1...Self.depth {
      var next: [(world: World, path: [String])] = []
      for (world, path) in frontier {
        func take(_ step: ModelStep) async -> RunResult {
          let after = world.copy()
          let run = await step.take(in: after)
          let path = path + [step.name]
          check(before: world, after: after, step: step, run: run, path: path)
          if known.insert(ModelState(after)).inserted { next.append((after, path)) }
          return run
        }
        _ = await take(ModelStep(code: nil))
        for code in ["good1", candidate, "good3"] {
          let run = await take(ModelStep(code: code))
          // The last step shows that every state has an end.
          guard depth < Self.depth else { continue }
          for step in disturbed(code, calls: run.connection.calls, candidate: candidate) {
            _ = await take(step)
          }
        }
        guard depth < Self.depth else { continue }
        for event in [Connection.Event.diesBefore(3), .diesAfter(3), .losesAnswer(3)] {
          _ = await take(ModelStep(code: nil, events: [event]))
        }
      }
      frontier = next
    }
    #expect(known.count > 80)
  }

  /// What can happen to a deploy of `code` that makes `calls`. Only calls that change something matter: a run that
  /// dies between two of them leaves what one leaves that dies after the first.
  private func disturbed(_ code: String, calls: [String], candidate: String) -> [ModelStep] {
    var steps = [ModelStep(code: code, outage: true)]
    for (index, call) in calls.enumerated() where !call.hasPrefix("Get") && !call.hasPrefix("List") {
      let number = index + 1
      let events: [Connection.Event] = [
        .diesBefore(number), .diesAfter(number), .losesAnswer(number), .cancels(number),
      ]
      steps += events.map { ModelStep(code: code, events: [$0]) }
      steps += [candidate, "good3"].map { ModelStep(code: code, other: (number, $0)) }
    }
    return steps
  }

  private func check(before: World, after: World, step: ModelStep, run: RunResult, path: [String]) {
    let words = Comment(rawValue: path.joined(separator: " → ") + " → \(run.errorName ?? "no error")")
    guard let alias = after.account.alias(), let record = after.account.record() else {
      Issue.record(words)
      return
    }
    // Traffic is never split but under a record that says just so.
    if alias.weights.isEmpty {
      #expect(![.canary].contains(record.state) && record.state.word != "hold", words)
    } else {
      #expect(alias.functionVersion == record.stable, words)
      #expect(alias.weights.keys.first == record.canary, words)
      #expect(alias.weights.values.first == record.weight?.fraction, words)
    }
    // What was condemned gets all the traffic only again if somebody insists.
    let bad = ModelState(before).bad
    if !bad.isEmpty {
      let old = before.account.state.withLock { $0.functions["orders"]?.routes.count ?? 0 }
      let routes = after.account.state.withLock { $0.functions["orders"]?.routes.dropFirst(old) ?? [] }
      #expect(
        !routes.contains {
          bad.contains(after.account.code($0.main) ?? "")
            && $0.main != before.account.alias()?.functionVersion
        }, words)
    }
    // Bad code does not outlive a run that nobody disturbs, and such a run leaves nothing open.
    guard step.events.isEmpty, step.other == nil, !step.outage, let code = step.code else { return }
    #expect(alias.weights.isEmpty, words)
    // A bake of something else is nobody's to judge when what is wanted instead is refused.
    if run.error == nil { #expect(!record.state.isUnderWay, words) }
    let serving = after.account.code(alias.functionVersion)
    if serving?.hasPrefix("good") != true { #expect(serving == ModelState(before).serving, words) }
    if run.error == nil, run.outcome != .rolledBack { #expect(serving == code, words) }
    if let error = run.errorName { #expect(error == "quarantined", words) }
  }
}
