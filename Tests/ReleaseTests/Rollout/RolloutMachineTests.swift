import Core
import Testing

@testable import Release

@Suite("The rollout machine on its good way")
struct RolloutMachineTests {
  private let start = Timestamp(seconds: 1_795_240_170)

  private func machine(
    _ plan: String, bake: String = "10m", settle: String = "0s",
    _ change: (inout RolloutMachine.Settings) -> Void = { _ in }
  ) throws -> RolloutMachine {
    var settings = RolloutMachine.Settings(
      steps: try StepPlan(parsing: plan).steps, bake: try TimeSpan(parsing: bake),
      settle: try TimeSpan(parsing: settle), maxHold: .minutes(20))
    change(&settings)
    return RolloutMachine(settings)
  }

  /// Lets the judge say `finding` at every look until the machine asks for something else.
  private func drive(
    _ machine: inout RolloutMachine, _ action: RolloutMachine.Action,
    finding: (Timestamp) -> RolloutMachine.Finding
  ) -> (RolloutMachine.Action, Timestamp, looks: Int) {
    var action = action
    var now = start
    var looks = 0
    while case .observe(let moment) = action, looks < 1000 {
      now = moment
      looks += 1
      action = machine.on(.observed(finding(now), at: now))
    }
    return (action, now, looks)
  }

  @Test("a canary goes through its step, its promotion and its bake")
  func wholeWay() throws {
    var machine = try machine("10%:10m")
    #expect(
      machine.on(.entered(.fresh, at: start)) == .shift(step: 0, weight: try Weight(parsing: "10%")))
    let first = machine.on(.shifted(step: 0, at: start))
    let (promotion, promoted, _) = drive(&machine, first) { _ in .pass }
    #expect(promotion == .promote)
    // The last minute of the step began 30 s before its end.
    #expect(promoted == start + .minutes(10.5))
    let bake = machine.on(.promoted(at: promoted))
    #expect(machine.isBaking)
    let (end, ended, _) = drive(&machine, bake) { _ in .pass }
    #expect(end == .finish)
    // The minute of the promotion has traffic of both versions.
    #expect(ended == promoted.startOfMinute + .minutes(11))
    #expect(machine.on(.finished) == .end(.promoted))
  }

  @Test(
    "nothing is promoted before the last minute of the last step has settled; the steps before end on time")
  func settledPromotion() throws {
    var machine = try machine("10%:10m,50%:10m", settle: "2m")
    _ = machine.on(.entered(.fresh, at: start))
    let (shift, moved, _) = drive(&machine, machine.on(.shifted(step: 0, at: start))) { _ in .pass }
    #expect(shift == .shift(step: 1, weight: try Weight(parsing: "50%")))
    #expect(moved == start + .minutes(10))
    let (promotion, promoted, _) = drive(&machine, machine.on(.shifted(step: 1, at: moved))) { _ in .pass }
    #expect(promotion == .promote)
    #expect(promoted == moved + .minutes(10.5) + .minutes(2))
  }

  @Test("a pass before the time of the step is over moves nothing")
  func earlyPass() throws {
    var machine = try machine("10%:10m")
    _ = machine.on(.entered(.fresh, at: start))
    _ = machine.on(.shifted(step: 0, at: start))
    #expect(machine.on(.observed(.pass, at: start + .minutes(9.9))) == .observe(at: start + .minutes(10.5)))
  }

  @Test("looks are a minute apart, a few seconds after the full minute, and one falls on the end")
  func looks() throws {
    var machine = try machine("10%:3m")
    _ = machine.on(.entered(.fresh, at: start))
    var moments: [Double] = []
    var action = machine.on(.shifted(step: 0, at: start))
    while case .observe(let moment) = action {
      moments.append((moment - start).seconds)
      action = machine.on(.observed(.pass, at: moment))
    }
    #expect(moments == [35, 95, 155, 210])
  }

  @Test("an extension keeps looking until the judge is content")
  func extended() throws {
    var machine = try machine("10%:10m")
    _ = machine.on(.entered(.fresh, at: start))
    let first = machine.on(.shifted(step: 0, at: start))
    let enough = start + .minutes(14)
    let (action, now, _) = drive(&machine, first) { $0 < enough ? .watch : .pass }
    #expect(action == .promote)
    #expect(now >= enough)
    #expect(now < enough + .minutes(1))
  }

  @Test("while the rollout is held the clock of the step stands still")
  func heldClock() throws {
    var machine = try machine("10%:10m")
    _ = machine.on(.entered(.fresh, at: start))
    let first = machine.on(.shifted(step: 0, at: start))
    let from = start + .minutes(4)
    let to = start + .minutes(9)
    let (action, now, _) = drive(&machine, first) { (from..<to).contains($0) ? .hold(.noMetrics) : .pass }
    #expect(action == .promote)
    #expect(now >= start + .minutes(14))
    #expect(now <= start + .minutes(17))
  }

  @Test("a hold that does not end asks for a person")
  func endlessHold() throws {
    var machine = try machine("10%:10m")
    _ = machine.on(.entered(.fresh, at: start))
    let first = machine.on(.shifted(step: 0, at: start))
    let (action, now, _) = drive(&machine, first) { _ in .hold(.environment) }
    #expect(action == .hold(.environment))
    #expect(now >= start + .minutes(20))
    #expect(machine.on(.held) == .end(.held))
  }

  @Test("a pause in the plan holds after the step before it")
  func pause() throws {
    var machine = try machine("1%:5m,pause,50%:5m")
    _ = machine.on(.entered(.fresh, at: start))
    let first = machine.on(.shifted(step: 0, at: start))
    let (action, _, _) = drive(&machine, first) { _ in .pass }
    #expect(action == .hold(.pause))
  }

  @Test("a rollout that may not promote ends held at its last weight")
  func noPromotion() throws {
    var machine = try machine("10%:10m") { $0.stopsBeforePromotion = true }
    _ = machine.on(.entered(.fresh, at: start))
    let first = machine.on(.shifted(step: 0, at: start))
    #expect(drive(&machine, first) { _ in .pass }.0 == .hold(.pause))
  }

  @Test("all at once promotes first, and without a bake that is the end")
  func allAtOnce() throws {
    var machine = try machine("100%", bake: "0s")
    #expect(machine.on(.entered(.fresh, at: start)) == .promote)
    #expect(machine.on(.promoted(at: start)) == .finish)
  }

  @Test("the bake lasts until its last full minute has settled, so that a short one is judged too")
  func settledBake() throws {
    var machine = try machine("100%", bake: "1m", settle: "2m")
    #expect(machine.on(.entered(.fresh, at: start)) == .promote)
    let (action, ended, _) = drive(&machine, machine.on(.promoted(at: start))) { _ in .pass }
    #expect(action == .finish)
    #expect(ended == start.startOfMinute + .minutes(4))
  }

  @Test("a resumed step takes the leases, ends when it would have ended, and is judged at once")
  func resumed() throws {
    var machine = try machine("1%:5m,10%:10m")
    let now = start + .minutes(7)
    #expect(machine.on(.entered(.step(1, since: start, isWhole: true), at: now)) == .lease)
    #expect(machine.on(.leased(at: now)) == .observe(at: now))
    #expect(machine.phase == .step(1))
    let (action, ended, _) = drive(&machine, .observe(at: now)) { _ in .pass }
    #expect(action == .promote)
    #expect(ended == start + .minutes(10.5))
  }

  @Test("a resumed rollout whose step the plan no longer has promotes what has passed all that is left")
  func resumedBeyondPlan() throws {
    var machine = try machine("100%")
    _ = machine.on(.entered(.step(3, since: start, isWhole: true), at: start))
    #expect(machine.on(.leased(at: start)) == .observe(at: start))
    #expect(machine.on(.observed(.watch, at: start)) == .promote)
  }

  @Test(
    "functions that stand at a step of another plan go to the last one of this plan at most, after one look")
  func restarted() throws {
    let half = try Weight(parsing: "50%")
    for (step, expected) in [
      (0, RolloutMachine.Action.shift(step: 0, weight: try Weight(parsing: "10%"))),
      (2, .shift(step: 2, weight: half)), (7, .shift(step: 2, weight: half)),
    ] {
      var machine = try machine("10%:10m,pause,50%:5m,pause")
      _ = machine.on(.entered(.otherStep(step, isWhole: true), at: start))
      _ = machine.on(.leased(at: start))
      #expect(machine.on(.observed(.watch, at: start)) == expected)
    }
  }

  @Test("only the last step with traffic is drained, and draining and settling go on at the same time")
  func drained() throws {
    var machine = try machine("10%:10m,50%:5m,pause", bake: "0s", settle: "2m") { $0.drain = .minutes(15) }
    _ = machine.on(.entered(.fresh, at: start))
    _ = machine.on(.shifted(step: 0, at: start))
    #expect(machine.phaseEnd == start + .minutes(10))
    _ = machine.on(.shifted(step: 1, at: start))
    #expect(machine.phaseEnd == start + .minutes(5.5) + .minutes(15))
  }

  @Test("a release that was half promoted goes forward without a look")
  func resumedPromotion() throws {
    var machine = try machine("10%:10m")
    _ = machine.on(.entered(.promoted(pending: true, since: start), at: start))
    #expect(machine.on(.leased(at: start)) == .promote)
  }

  @Test("the leader goes first; without a bake the release has passed with it")
  func leader() throws {
    var baking = try machine("100%") { $0.isGroup = true }
    #expect(baking.on(.entered(.fresh, at: start)) == .promote)
    #expect(baking.on(.promotedLeader) == .promote)
    #expect(baking.on(.failed) == .withdraw(RolloutMachine.Withdrawal(reason: .interrupt)))
    var passing = try machine("100%", bake: "0s") { $0.isGroup = true }
    _ = passing.on(.entered(.fresh, at: start))
    #expect(passing.on(.promotedLeader) == .promote)
    #expect(passing.on(.failed) == .finish)
  }

  @Test("a person's decision leads over the pauses, unless the evidence speaks against the canary")
  func decided() throws {
    var machine = try machine("10%:5m,pause,50%:5m") { $0.extent = .overHold }
    _ = machine.on(.entered(.step(0, since: start, isWhole: true), at: start))
    _ = machine.on(.leased(at: start))
    var bad = machine
    #expect(
      machine.on(.observed(.hold(.noMetrics), at: start))
        == .shift(step: 2, weight: try Weight(parsing: "50%")))
    #expect(
      bad.on(.observed(.rollback(.errors, culprit: "a"), at: start))
        == .withdraw(RolloutMachine.Withdrawal(reason: .errors, culprit: "a")))
  }

  @Test("a run that looks once does what is due, and leaves the rest guarded")
  func oneLook() throws {
    var machine = try machine("10%:5m") { $0.extent = .oneLook }
    #expect(
      machine.on(.entered(.step(0, since: start, isWhole: true), at: start + .minutes(1)))
        == .observe(at: start + .minutes(1)))
    #expect(machine.on(.observed(.pass, at: start + .minutes(1))) == .keepWatch)
    #expect(machine.on(.released) == .end(.detached))
  }
}

@Suite("The rollout machine, whatever happens")
struct RolloutMachineTableTests {
  typealias Machine = RolloutMachine

  private static let now = Timestamp(seconds: 1_795_240_170)

  /// A machine in each of its phases.
  private static func machines(
    _ change: (inout Machine.Settings) -> Void = { _ in }
  ) throws -> [(name: String, machine: Machine)] {
    var settings = Machine.Settings(
      steps: try StepPlan(parsing: "10%:5m").steps, bake: .minutes(5), settle: .minutes(1),
      maxHold: .minutes(10))
    change(&settings)
    var fresh = Machine(settings)
    _ = fresh.on(.entered(.fresh, at: now))
    var step = fresh
    _ = step.on(.shifted(step: 0, at: now))
    if case .ended = step.phase { step = Machine(settings) }
    if step.phase == .fresh { _ = step.on(.entered(.step(0, since: now, isWhole: true), at: now)) }
    var baking = Machine(settings)
    _ = baking.on(.entered(.promoted(pending: false, since: now), at: now))
    var passed = Machine(settings)
    _ = passed.on(.entered(.passed, at: now))
    var failing = passed
    _ = failing.on(.failed)
    var back = baking
    _ = back.on(.observed(.rollback(.errors, culprit: "a"), at: now))
    var again = back
    _ = again.on(.withdrawn(isSafe: false))
    var ended = passed
    _ = ended.on(.finished)
    return [
      ("fresh", fresh), ("step", step), ("baking", baking), ("passed", passed), ("passed, failing", failing),
      ("going back", back), ("going back again", again), ("ended", ended),
    ]
  }

  private static let events: [(name: String, event: Machine.Event)] = [
    ("failed", .failed), ("touched", .touched), ("lost", .lost), ("signal", .stopped(by: .signal)),
    ("credentials", .stopped(by: .credentials)), ("withdrawn", .withdrawn(isSafe: true)),
    ("not withdrawn", .withdrawn(isSafe: false)), ("finished", .finished), ("released", .released),
    ("held", .held), ("bad", .observed(.rollback(.errors, culprit: "a"), at: now)),
    ("condemned", .condemned(.superseded)),
  ]

  private static func word(_ action: Machine.Action) -> String {
    switch action {
    case .withdraw(let withdrawal):
      "back \(withdrawal.reason.word)" + (withdrawal.onlyOurs ? " ours" : "")
    case .end(let end): "\(end)"
    case .finish: "finish"
    case .release: "release"
    default: "\(action)"
    }
  }

  /// What each event leads to in each phase, in the order of ``machines(_:)``.
  private static let table: [String: [String]] = [
    "failed": [
      "back signal", "back signal", "back signal", "finish", "promoted", "back errors", "back errors",
      "promoted",
    ],
    "touched": [
      "back peer", "back peer", "back peer", "finish", "finish", "back errors", "back errors", "promoted",
    ],
    "lost": [
      "back signal ours", "lost", "lost", "lost", "lost", "back errors", "back errors", "promoted",
    ],
    "signal": [
      "back signal", "back signal", "back signal", "finish", "finish", "back errors", "back errors",
      "promoted",
    ],
    "credentials": [
      "back creds", "back creds", "back creds", "finish", "finish", "back errors", "back errors", "promoted",
    ],
    "withdrawn": [
      "failed", "rolledBack", "rolledBack", "rolledBack", "rolledBack", "rolledBack", "rolledBack",
      "promoted",
    ],
    "not withdrawn": ["held", "held", "held", "held", "held", "back errors", "held", "promoted"],
    "finished": Array(repeating: "promoted", count: 8),
    "released": Array(repeating: "detached", count: 7) + ["promoted"],
    "held": Array(repeating: "held", count: 7) + ["promoted"],
    "bad": [
      "back errors", "back errors", "back errors", "finish", "finish", "back errors", "back errors",
      "promoted",
    ],
    "condemned": [
      "back superseded", "back superseded", "back superseded", "finish", "finish", "back errors",
      "back errors", "promoted",
    ],
  ]

  @Test("every event in every phase leads where the table says")
  func wholeTable() throws {
    for (name, event) in Self.events {
      let expected = try #require(Self.table[name])
      for (index, (phase, machine)) in try Self.machines().enumerated() {
        var machine = machine
        #expect(Self.word(machine.on(event)) == expected[index], "\(name) in \(phase)")
      }
    }
  }

  @Test("a run that may leave the weights leaves them at a signal, unless the release is decided")
  func leaving() throws {
    let words = try Self.machines { $0.onInterrupt = .leave }.map { _, machine in
      var machine = machine
      return Self.word(machine.on(.stopped(by: .signal)))
    }
    #expect(
      words == [
        "release", "release", "release", "finish", "finish", "back errors", "back errors", "promoted",
      ])
  }

  @Test("a run that looks once leaves what fails to the next look, and takes back what is bad")
  func oneLook() throws {
    for (phase, machine) in try Self.machines({ $0.extent = .oneLook }) where phase == "baking" {
      var failed = machine
      #expect(failed.on(.failed) == .end(.detached))
      var stopped = machine
      #expect(stopped.on(.stopped(by: .signal)) == .end(.detached))
      var bad = machine
      #expect(Self.word(bad.on(.observed(.rollback(.errors, culprit: nil), at: Self.now))) == "back errors")
    }
  }

  @Test("once it has ended nothing moves it any more")
  func ended() throws {
    for (name, event) in Self.events {
      for (phase, machine) in try Self.machines() {
        var machine = machine
        var action = machine.on(.finished)
        if case .end(let end) = action {
          action = machine.on(event)
          #expect(action == .end(end), "\(name) after \(phase)")
        }
      }
    }
  }

  @Test("whatever happens, in any order, a run comes to its end", arguments: 0..<200)
  func alwaysEnds(seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    var settings = Machine.Settings(
      steps: try StepPlan(parsing: "10%:2m,50%:2m").steps, bake: .minutes(2), settle: .minutes(1),
      maxHold: .minutes(5))
    settings.onInterrupt = Bool.random(using: &generator) ? .leave : .rollback
    settings.isGroup = Bool.random(using: &generator)
    var machine = Machine(settings)
    var now = Self.now
    var action = machine.on(.entered(.fresh, at: now))
    var wasCondemned = false
    for _ in 0..<400 {
      if case .end(let end) = action {
        if wasCondemned { #expect(end != .promoted, "seed \(seed)") }
        return
      }
      let isHard = Int.random(in: 0..<12, using: &generator)
      let event: Machine.Event
      switch (action, isHard) {
      case (_, 0): event = .failed
      case (_, 1): event = .stopped(by: .signal)
      case (_, 2): event = .touched
      case (.shift(let step, _), _): event = .shifted(step: step, at: now)
      case (.observe(let moment), _):
        now = moment
        let findings: [Machine.Finding] = [
          .pass, .pass, .watch, .hold(.noMetrics), .rollback(.errors, culprit: nil),
        ]
        event = .observed(findings.randomElement(using: &generator) ?? .pass, at: now)
      case (.promote, _): event = .promoted(at: now)
      case (.finish, _): event = .finished
      case (.withdraw, _): event = .withdrawn(isSafe: Bool.random(using: &generator))
      case (.hold, _): event = .held
      case (.release, _), (.keepWatch, _): event = .released
      case (.lease, _): event = .leased(at: now)
      case (.end, _): return
      }
      action = machine.on(event)
      if case .goingBack = machine.phase { wasCondemned = true }
    }
    Issue.record("seed \(seed) never ended: \(machine.phase)")
  }
}
