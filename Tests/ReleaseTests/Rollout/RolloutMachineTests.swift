import Core
import Release
import Testing

@Suite("The rollout machine")
struct RolloutMachineTests {
  private let start = Timestamp(seconds: 1_795_240_170)

  private func machine(
    _ plan: String, bake: String = "10m", stops: Bool = false
  ) throws -> RolloutMachine {
    RolloutMachine(
      RolloutMachine.Settings(
        steps: try StepPlan(parsing: plan).steps, bake: try TimeSpan(parsing: bake), maxHold: .minutes(20),
        stopsBeforePromotion: stops))
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
      action = machine.observed(finding(now), at: now)
    }
    return (action, now, looks)
  }

  @Test("a canary goes through its step, its promotion and its bake")
  func wholeWay() throws {
    var machine = try machine("10%:10m")
    #expect(machine.begin() == .shift(step: 0, weight: try Weight(parsing: "10%")))
    let first = machine.shifted(step: 0, at: start)
    let (promotion, promoted, _) = drive(&machine, first) { _ in .pass }
    #expect(promotion == .promote)
    #expect(promoted == start + .minutes(10))
    let bake = machine.promoted(at: promoted)
    #expect(machine.isBaking)
    let (end, ended, _) = drive(&machine, bake) { _ in .pass }
    #expect(end == .finish)
    // The minute of the promotion has traffic of both versions.
    #expect(ended == promoted.startOfMinute + .minutes(11))
  }

  @Test("a pass before the time of the step is over moves nothing")
  func earlyPass() throws {
    var machine = try machine("10%:10m")
    _ = machine.begin()
    _ = machine.shifted(step: 0, at: start)
    #expect(machine.observed(.pass, at: start + .minutes(9.7)) == .observe(at: start + .minutes(10)))
  }

  @Test("looks are a minute apart, a few seconds after the full minute, and one falls on the end")
  func looks() throws {
    var machine = try machine("10%:3m")
    _ = machine.begin()
    var moments: [Double] = []
    var action = machine.shifted(step: 0, at: start)
    while case .observe(let moment) = action {
      moments.append((moment - start).seconds)
      action = machine.observed(.pass, at: moment)
    }
    #expect(moments == [35, 95, 155, 180])
  }

  @Test("an extension keeps looking until the judge is content")
  func extended() throws {
    var machine = try machine("10%:10m")
    _ = machine.begin()
    let first = machine.shifted(step: 0, at: start)
    let enough = start + .minutes(14)
    let (action, now, _) = drive(&machine, first) { $0 < enough ? .watch : .pass }
    #expect(action == .promote)
    #expect(now >= enough)
    #expect(now < enough + .minutes(1))
  }

  @Test("a rollback is immediate, in a step and in the bake")
  func rollback() throws {
    var machine = try machine("10%:10m")
    _ = machine.begin()
    _ = machine.shifted(step: 0, at: start)
    #expect(machine.observed(.rollback, at: start + .minutes(3)) == .rollBack)
    _ = machine.promoted(at: start)
    #expect(machine.observed(.rollback, at: start + .minutes(3)) == .rollBack)
  }

  @Test("while the rollout is held the clock of the step stands still")
  func heldClock() throws {
    var machine = try machine("10%:10m")
    _ = machine.begin()
    let first = machine.shifted(step: 0, at: start)
    let from = start + .minutes(4)
    let to = start + .minutes(9)
    let (action, now, _) = drive(&machine, first) { (from..<to).contains($0) ? .hold(.noMetrics) : .pass }
    #expect(action == .promote)
    #expect(now >= start + .minutes(14))
    #expect(now <= start + .minutes(16))
  }

  @Test("a hold that does not end asks for a person")
  func endlessHold() throws {
    var machine = try machine("10%:10m")
    _ = machine.begin()
    let first = machine.shifted(step: 0, at: start)
    let (action, now, _) = drive(&machine, first) { _ in .hold(.environment) }
    #expect(action == .hold(.environment))
    #expect(now >= start + .minutes(20))
  }

  @Test("a pause in the plan holds after the step before it")
  func pause() throws {
    var machine = try machine("1%:5m,pause,50%:5m")
    _ = machine.begin()
    let first = machine.shifted(step: 0, at: start)
    let (action, _, _) = drive(&machine, first) { _ in .pass }
    #expect(action == .hold(.pause))
  }

  @Test("a rollout that may not promote ends held at its last weight")
  func noPromotion() throws {
    var machine = try machine("10%:10m", stops: true)
    _ = machine.begin()
    let first = machine.shifted(step: 0, at: start)
    #expect(drive(&machine, first) { _ in .pass }.0 == .hold(.pause))
  }

  @Test("all at once promotes first, and without a bake that is the end")
  func allAtOnce() throws {
    var machine = try machine("100%", bake: "0s")
    #expect(machine.begin() == .promote)
    #expect(machine.promoted(at: start) == .finish)
  }

  @Test("the bake lasts until its last full minute has settled, so that a short one is judged too")
  func settledBake() throws {
    var machine = RolloutMachine(
      RolloutMachine.Settings(steps: [], bake: .minutes(1), settle: .minutes(2), maxHold: .minutes(20)))
    #expect(machine.begin() == .promote)
    let (action, ended, _) = drive(&machine, machine.promoted(at: start)) { _ in .pass }
    #expect(action == .finish)
    #expect(ended == start.startOfMinute + .minutes(4))
  }

  @Test("a resumed step ends when it would have ended, and is judged at once")
  func resumed() throws {
    var machine = try machine("1%:5m,10%:10m")
    let now = start + .minutes(7)
    #expect(machine.resume(step: 1, since: start, now: now) == .observe(at: now))
    #expect(machine.step == 1)
    let (action, ended, _) = drive(&machine, .observe(at: now)) { _ in .pass }
    #expect(action == .promote)
    #expect(ended == start + .minutes(10))
  }

  @Test("a resumed rollout whose step the plan no longer has promotes what has passed all that is left")
  func resumedBeyondPlan() throws {
    var machine = try machine("100%")
    #expect(machine.resume(step: 3, since: start, now: start) == .promote)
  }

  @Test("functions that stand at a step of another plan go to the last one of this plan at most")
  func restarted() throws {
    var machine = try machine("10%:10m,pause,50%:5m,pause")
    let half = try Weight(parsing: "50%")
    #expect(machine.restart(at: 0) == .shift(step: 0, weight: try Weight(parsing: "10%")))
    #expect(machine.restart(at: 2) == .shift(step: 2, weight: half))
    #expect(machine.restart(at: 7) == .shift(step: 2, weight: half))
  }

  @Test("only the last step with traffic is drained")
  func drained() throws {
    var machine = RolloutMachine(
      RolloutMachine.Settings(
        steps: try StepPlan(parsing: "10%:10m,50%:5m,pause").steps, bake: .zero, drain: .minutes(15),
        maxHold: .minutes(20)))
    _ = machine.begin()
    _ = machine.shifted(step: 0, at: start)
    #expect(machine.phaseEnd == start + .minutes(10))
    _ = machine.shifted(step: 1, at: start)
    #expect(machine.phaseEnd == start + .minutes(20))
    _ = machine.resume(step: 1, since: start, now: start)
    #expect(machine.phaseEnd == start + .minutes(20))
  }

  @Test("a release that was half promoted goes forward")
  func resumedPromotion() throws {
    var machine = try machine("10%:10m")
    #expect(machine.resumePromotion() == .promote)
  }
}
