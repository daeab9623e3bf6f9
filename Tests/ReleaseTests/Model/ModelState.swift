import AWSClient
import Core
import Release
import TestSupport

/// What of a world decides how it goes on: versions by what is in them, no times, no names.
struct ModelState: Hashable {
  let latest: String?
  let newest: String?
  let serving: String?
  let canary: [String?: Double]
  let word: String
  let stable: String?
  let onTrial: String?
  let previous: String?
  let bad: Set<String>
  let weights: [Weight]
  let isLeased: Bool

  init(_ world: World) {
    let account = world.account
    let alias = account.alias()
    let record = account.record()
    let count = account.versionCount()
    latest = account.code(nil)
    newest = count > 0 ? account.code("\(count)") : nil
    serving = alias.flatMap { account.code($0.functionVersion) }
    canary = Dictionary((alias?.weights ?? [:]).map { (account.code($0.key), $0.value) }) { $1 }
    word = [record?.state.word, record?.state.reason?.word].compactMap { $0 }.joined(separator: " ")
    stable = record?.stable.flatMap { account.code($0) }
    onTrial = record?.canary.flatMap { account.code($0) }
    previous = record?.previous.flatMap { account.code($0) }
    bad = Set((record?.badVersions ?? []).compactMap { account.code($0) })
    weights = record?.history.map(\.weight) ?? []
    isLeased = record?.leaseEnd != nil
  }
}

/// One thing that can happen to a function between two looks at it.
struct ModelStep {
  /// What the repository wants; nil for `rollback`, which does not ask.
  let code: String?
  var events: [Connection.Event] = []
  /// Another run comes and goes, for this code, before that call.
  var other: (call: Int, code: String)?
  var outage = false

  var name: String {
    var words = [code.map { "deploy \($0)" } ?? "rollback"]
    words += events.map { "\($0)" }
    if let other { words.append("while \(other.code) is deployed before call \(other.call)") }
    if outage { words.append("without metrics") }
    return words.joined(separator: ", ")
  }

  /// Takes the step in `world`.
  func take(in world: World) async -> RunResult {
    // Leases are over by then; how they are watched is looked at elsewhere.
    world.clock.advance(by: .minutes(6))
    guard let code else { return await world.rollBack(events: events) }
    world.want { $0.code = code }
    if outage { world.account.breakMetrics(for: .minutes(40)) }
    var hooks: [Int: @Sendable () async -> Void] = [:]
    if let other {
      hooks[other.call] = {
        world.want { $0.code = other.code }
        _ = await world.deploy("other")
        world.want { $0.code = code }
      }
    }
    let run = await world.deploy("run", events: events, hooks: hooks)
    if outage { world.clock.advance(by: .minutes(40)) }
    return run
  }
}
