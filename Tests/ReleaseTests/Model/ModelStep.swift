import AWSClient
import Core
import Release
import TestSupport

/// One thing that can happen to a function between two looks at it.
struct ModelStep {
  /// What somebody does.
  enum Act: Equatable {
    /// A deploy of this code.
    case deploy(String)
    /// A deploy of this code that ends the rollouts of others first.
    case supersede(String)
    /// `rollback`, which does not ask what the repository wants.
    case rollBack
    /// `resume`, which does not ask either.
    case resume
    /// Nobody does anything until the schedules are due.
    case wait
  }

  /// What a person does in the console to the alias of the last function.
  enum Hand: String {
    /// Sends all its traffic to ``version``.
    case move
    /// Writes something behind what its Description says.
    case edit
  }

  let act: Act
  var events: [Connection.Event] = []
  /// Another run comes and goes, for this code, before that call.
  var other: (call: Int, code: String)?
  /// Somebody does this before that call.
  var hand: (call: Int, hand: Hand)?
  var outage = false

  /// The code that the repository wants; nil where that does not matter.
  var code: String? {
    switch act {
    case .deploy(let code), .supersede(let code): code
    case .rollBack, .resume, .wait: nil
    }
  }

  /// Whether it ends what others have begun.
  var supersedes: Bool {
    guard case .supersede = act else { return false }
    return true
  }

  /// Whether nothing comes in its way.
  var isUndisturbed: Bool { events.isEmpty && other == nil && hand == nil && !outage }

  var name: String {
    var words: [String]
    switch act {
    case .deploy(let code): words = ["deploy \(code)"]
    case .supersede(let code): words = ["deploy \(code) --supersede"]
    case .rollBack: words = ["rollback"]
    case .resume: words = ["resume"]
    case .wait: words = ["the schedules are due"]
    }
    words += events.map { "\($0)" }
    if let other { words.append("while \(other.code) is deployed before call \(other.call)") }
    if let hand { words.append("\(hand.hand) by hand before call \(hand.call)") }
    if outage { words.append("without metrics") }
    return words.joined(separator: ", ")
  }

  /// Takes the step in `world`.
  ///
  /// - Returns: how the run went; the world as it was before each call that changes something: what a run leaves that
  ///   dies there; and the alias as a hand has left it, where that has moved its traffic.
  func take(
    in world: World
  ) async -> (run: RunResult, deaths: [(call: Int, world: World)], moved: AliasConfiguration?) {
    // Leases are over by then; how they are watched is looked at elsewhere. Superseding is for those that are not, but
    // nobody can supersede what AWS does not show yet.
    world.clock.advance(by: supersedes ? .seconds(3) : .minutes(6))
    if let code { world.wantEverywhere(code) }
    if outage { world.account.breakMetrics(for: .minutes(40)) }
    let before = Lock<[(call: Int, world: World)]>([])
    let moved = Lock<AliasConfiguration?>(nil)
    let run = await run(
      in: world, before: { call in before.withLock { $0.append((call, world.copy())) } },
      moved: { alias in moved.withLock { $0 = alias } })
    if outage { world.clock.advance(by: .minutes(40)) }
    let calls = run.connection.calls
    let deaths = before.withLock { $0 }.filter { call, _ in
      calls.indices.contains(call - 1) && Self.changes(calls[call - 1])
    }
    return (run, deaths, moved.withLock { $0 })
  }

  /// Whether a call, as a connection names it, changes anything.
  static func changes(_ call: String) -> Bool {
    !["Get", "List", "Invoke", "Describe", "Filter"].contains { call.hasPrefix($0) }
  }

  private func run(
    in world: World, before: @escaping @Sendable (Int) -> Void,
    moved: @escaping @Sendable (AliasConfiguration?) -> Void
  ) async -> RunResult {
    let hooks = hooks(in: world, before: before, moved: moved)
    switch act {
    case .wait:
      world.clock.advance(by: .minutes(20))
      world.account.runSchedules()
      return RunResult(report: nil, error: nil, connection: Connection(world.account), events: [])
    case .rollBack: return await world.rollBack(events: events, hooks: hooks)
    case .resume: return await world.takeOver(.resume, "run", events: events, hooks: hooks)
    case .supersede:
      let run = try? await world.deploy(
        "run", waiting: nil, events: events, hooks: hooks, configure: { $0.supersedes = true })
      return run ?? RunResult(report: nil, error: nil, connection: Connection(world.account), events: [])
    case .deploy:
      let run = try? await world.deploy("run", waiting: nil, events: events, hooks: hooks)
      return run ?? RunResult(report: nil, error: nil, connection: Connection(world.account), events: [])
    }
  }

  /// What happens while the run is paused: nobody else's, or the world is looked at.
  private func hooks(
    in world: World, before: @escaping @Sendable (Int) -> Void,
    moved: @escaping @Sendable (AliasConfiguration?) -> Void
  ) -> [Int: @Sendable () async -> Void] {
    var hooks: [Int: @Sendable () async -> Void] = [:]
    if isUndisturbed {
      for call in 1...120 { hooks[call] = { before(call) } }
    } else if let other {
      let code = code
      hooks[other.call] = {
        world.wantEverywhere(other.code)
        _ = try? await world.deploy("other", waiting: nil)
        if let code { world.wantEverywhere(code) }
      }
    }
    if let hand {
      hooks[hand.call] = { moved(hand.hand.take(in: world)) }
    }
    return hooks
  }
}

extension ModelStep.Hand {
  /// The version that a person trusts: the first.
  static let version = "1"

  /// - Returns: the alias, where its traffic goes elsewhere than before.
  func take(in world: World) -> AliasConfiguration? {
    guard let name = world.names.last, let before = world.account.alias(name) else { return nil }
    switch self {
    case .move: world.account.edit(name, version: Self.version, weights: [:])
    case .edit: world.account.edit(name, description: "\(before.description) ; asked for by Ann")
    }
    guard let after = world.account.alias(name) else { return nil }
    return after.functionVersion == before.functionVersion && after.weights == before.weights ? nil : after
  }
}
