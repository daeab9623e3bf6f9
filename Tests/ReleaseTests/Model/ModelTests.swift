import AWSClient
import Core
import Glibc
import Release
import TestSupport
import Testing

/// Walks through every state that deploys, rollbacks, deaths, lost answers, signals, outages, people and other pipelines
/// lead to, one after the other, and makes sure of the same things in each.
@Suite("Every state that runs can leave behind")
struct ModelTests {
  /// Steps after one another that are tried: each of a person's or a pipeline's acts, with whatever comes in its way.
  /// Each step more takes several times as long; `LAMCTL_MODEL_DEPTH=8` walks as deep as states are still new.
  private static let depth = getenv("LAMCTL_MODEL_DEPTH").flatMap { Int(String(cString: $0)) } ?? 3

  /// Until this step, anything comes in the way of what follows a hand; later steps show that the way has an end.
  private static let depthTouched = 3

  /// What is walked through.
  struct Walk: Sendable, CustomTestStringConvertible {
    /// The code that turns out to be bad.
    let candidate: String
    /// Whether schedules take the traffic back where nobody comes.
    var hasSwitch = false
    /// How many functions are released together; each makes every step longer.
    var functions = 1
    /// Minutes at 100 %.
    var bake = 1.0
    /// How many steps.
    var depth = 8

    var testDescription: String {
      [
        candidate, functions > 1 ? "of \(functions) functions" : nil, bake > 0 ? nil : "without a bake",
        hasSwitch ? "with a dead-man switch" : nil,
      ].compactMap { $0 }.joined(separator: " ")
    }
  }

  @Test(
    "traffic is whole or on a record that the next run goes on with, and nothing bad comes back by itself",
    arguments: [
      Walk(candidate: "bad-utterly2"), Walk(candidate: "late-utterly2"),
      Walk(candidate: "bad-utterly2", hasSwitch: true, depth: 5),
      Walk(candidate: "bad-utterly2", functions: 2, depth: 3),
      Walk(candidate: "bad-utterly2", functions: 2, bake: 0, depth: 3),
    ])
  func walk(_ walk: Walk) async throws {
    let start = try await Self.start(walk)
    let depth = min(walk.depth, Self.depth)
    var frontier: [Place] = [Place(world: start, path: [])]
    var known: Set<ModelState> = [ModelState(start)]
    var levels: [Int] = []
    for level in 1...depth {
      let ways = await Concurrent.map(frontier, limit: 2) { place in
        await reached(from: place, in: walk, level: level, isLast: level == depth)
      }
      frontier = ways.flatMap { $0 }.filter { known.insert(ModelState($0.world)).inserted }
      levels.append(frontier.count)
    }
    #expect(known.count > min(80, 10 * depth), "\(levels) states a step")
  }

  /// A world that something has led to.
  private struct Place: Sendable {
    let world: World
    let path: [String]
    /// Whether somebody has moved an alias by hand on the way.
    var isTouched = false
  }

  /// Where everything leads that may happen next.
  private func reached(from place: Place, in walk: Walk, level: Int, isLast: Bool) async -> [Place] {
    var reached: [Place] = []
    let isNear = !place.isTouched || level <= Self.depthTouched
    func take(_ step: ModelStep) async -> RunResult {
      let after = place.world.copy()
      let (run, deaths, moved) = await step.take(in: after)
      let path = place.path + [step.name]
      let isTouched = place.isTouched || moved != nil
      check(
        before: place.world, after: after, step: step, run: run, path: path,
        isWhole: level <= 2, isTouched: isTouched)
      if let moved, let name = after.names.last {
        let alias = after.account.alias(name)
        #expect(alias?.functionVersion == moved.functionVersion, "\(path): \(run.connection.calls)")
        #expect(alias?.weights == moved.weights, "\(path): \(run.connection.calls)")
      }
      reached.append(Place(world: after, path: path, isTouched: isTouched))
      for (call, world) in deaths where isNear {
        let path = path + ["died before call \(call)"]
        checkTraffic(of: world, Comment(rawValue: path.joined(separator: " → ")))
        reached.append(Place(world: world, path: path, isTouched: isTouched))
      }
      return run
    }
    for act in Self.acts(walk) {
      let run = await take(ModelStep(act: act))
      // The last step shows that every state has an end.
      guard !isLast, isNear else { continue }
      for step in disturbed(act, calls: run.connection.calls, candidate: walk.candidate, level: level) {
        _ = await take(step)
      }
    }
    return reached
  }

  /// Functions that serve. AWS needs two seconds until every reader sees a write of an alias.
  private static func start(_ walk: Walk) async throws -> World {
    let functions = (1...walk.functions).map { ("orders\($0)", Wanted("good1")) }
    let start = try await World.running(Dictionary(uniqueKeysWithValues: functions), for: .minutes(15))
    let plan = try StepPlan(parsing: "10%:1m")
    for name in start.names { start.account.change(name) { $0.staleness = .seconds(2) } }
    start.configure { settings in
      settings.plan = plan
      settings.bake = .minutes(walk.bake)
      guard walk.hasSwitch else { return }
      settings.deadMan = DeadManSettings(
        role: "arn:aws:iam::123456789012:role/switch", after: .minutes(15), partition: "aws")
    }
    return start
  }

  /// What anybody may do next.
  private static func acts(_ walk: Walk) -> [ModelStep.Act] {
    let codes = ["good1", walk.candidate, "good3"]
    return [.rollBack, .resume] + (walk.hasSwitch ? [.wait] : [])
      + codes.flatMap { [.deploy($0), .supersede($0)] }
  }

  /// What can happen to a run of `act` that makes `calls`. Only calls that change something matter: a run that dies
  /// between two of them leaves what one leaves that dies before the second.
  private func disturbed(
    _ act: ModelStep.Act, calls: [String], candidate: String, level: Int
  ) -> [ModelStep] {
    var steps: [ModelStep] = []
    var changing = calls.indices.filter { ModelStep.changes(calls[$0]) && !calls[$0].hasSuffix("Schedule") }
    switch act {
    case .wait: return []
    case .rollBack:
      return changing.flatMap { index in
        [.diesAfter(index + 1), .losesAnswer(index + 1)].map { ModelStep(act: act, events: [$0]) }
      }
    // From the end of the others' rollouts on it is a deploy like any other.
    case .supersede: changing = Array(changing.prefix(1))
    case .deploy, .resume: steps.append(ModelStep(act: act, outage: true))
    }
    for index in changing {
      let number = index + 1
      steps += [.losesAnswer(number), .cancels(number)].map { ModelStep(act: act, events: [$0]) }
      steps += [candidate, "good3"].map { ModelStep(act: act, other: (number, $0)) }
      // What a hand leaves is a state like others, so that those of the first runs are enough.
      guard level <= 2 else { continue }
      steps += [ModelStep.Hand.move, .edit].map { ModelStep(act: act, hand: (number, $0)) }
    }
    return steps
  }

  /// Traffic is never split but under a record that says just so.
  private func checkTraffic(of world: World, _ words: Comment) {
    for name in world.names {
      guard let alias = world.account.alias(name), let record = world.account.record(name) else {
        Issue.record(words)
        return
      }
      // Where somebody has moved it by hand, the record says what was before.
      guard AliasSnapshot(alias).move == nil else { continue }
      if alias.weights.isEmpty {
        #expect(![.canary].contains(record.state) && record.state.word != "hold", words)
      } else {
        #expect(alias.functionVersion == record.stable, words)
        #expect(alias.weights.keys.first == record.canary, words)
        #expect(alias.weights.values.first == record.weight?.fraction, words)
      }
    }
  }

  /// - Parameters:
  ///   - isWhole: whether all functions are to serve the same after an undisturbed deploy.
  ///   - isTouched: whether somebody has moved an alias by hand before, or in this step.
  private func check(
    before: World, after: World, step: ModelStep, run: RunResult, path: [String], isWhole: Bool,
    isTouched: Bool
  ) {
    let words = Comment(
      rawValue: path.joined(separator: " → ") + " → \(run.error.map { "\($0)" } ?? "no error")")
    checkTraffic(of: after, words)
    for name in after.names {
      checkFunction(name, before: before, after: after, step: step, run: run, isTouched: isTouched, words)
    }
    guard step.isUndisturbed, step.code != nil else { return }
    if let error = run.errorName { #expect(error == "quarantined", words) }
    // Functions that are released together serve the same after each release, good or bad, whatever came to the one
    // before. A rollback that dies between two of them, of a release that came to its end, is for a person to repeat.
    guard isWhole, !isTouched else { return }
    let serving = Set(
      after.names.map { after.account.code(after.account.alias($0)?.functionVersion, of: $0) })
    #expect(serving.count == 1, words)
  }

  private func checkFunction(
    _ name: String, before: World, after: World, step: ModelStep, run: RunResult, isTouched: Bool,
    _ words: Comment
  ) {
    guard let alias = after.account.alias(name), let record = after.account.record(name),
      let old = ModelState(before).functions[name]
    else { return }
    func code(_ version: String) -> String? { after.account.code(version, of: name) }
    // What was condemned gets all the traffic only again if somebody insists, as who moves it there by hand does: then
    // the same code may be both, in the version that was moved away from and in the one that was moved to.
    let chosen = isTouched ? code(ModelStep.Hand.version) : nil
    let bad = old.bad.filter { $0 != chosen }
    if !bad.isEmpty {
      let count = before.account.state.withLock { $0.functions[name]?.routes.count ?? 0 }
      let routes = after.account.state.withLock { $0.functions[name]?.routes.dropFirst(count) ?? [] }
      let former = before.account.alias(name)?.functionVersion
      #expect(!routes.contains { bad.contains(code($0.main) ?? "") && $0.main != former }, words)
    }
    // Bad code does not outlive a run that nobody disturbs, and such a run leaves nothing open.
    guard step.isUndisturbed, let wanted = step.code else { return }
    #expect(alias.weights.isEmpty, words)
    // A bake of something else is nobody's to judge when what is wanted instead is refused, or has gone back before it
    // came to this function.
    let isLeft = record.state == .bake && record.release == before.account.record(name)?.release
    // A record that somebody has moved the alias away from is nobody's order any more.
    let isMoved = AliasSnapshot(alias).move != nil
    if run.error == nil, !isMoved {
      #expect(!record.state.isUnderWay || (isLeft && run.outcome == .rolledBack), words)
    }
    let serving = code(alias.functionVersion)
    if serving?.hasPrefix("good") != true {
      // What is superseded gives way to what served before it, which nobody has condemned.
      #expect(([old.serving] + (step.supersedes ? [old.stable] : [])).contains(serving), words)
    }
    if run.error == nil, run.outcome != .rolledBack { #expect(serving == wanted, words) }
  }
}
