import AWSClient
import Core
import Release
import TestSupport

/// What of a world decides how it goes on: versions by what is in them, no times, no names.
struct ModelState: Hashable {
  /// Each function's part, by name.
  let functions: [String: ModelFunctionState]

  init(_ world: World) {
    functions = Dictionary(
      world.names.map { ($0, ModelFunctionState(world, $0)) }, uniquingKeysWith: { first, _ in first })
  }
}

/// What of one function decides how it goes on.
struct ModelFunctionState: Hashable {
  let latest: String?
  /// Whether the newest version was made of `$LATEST`: publishing gives just that version again then.
  let isPublished: Bool
  let serving: String?
  let canary: [String?: Double]
  let word: String
  let stable: String?
  let onTrial: String?
  let previous: String?
  let bad: Set<String>
  let isLeased: Bool
  /// Whether a schedule will take the traffic back.
  let isArmed: Bool

  init(_ world: World, _ name: String) {
    let account = world.account
    let alias = account.alias(name)
    let record = account.record(name)
    let count = account.versionCount(name)
    func code(_ version: String?) -> String? { account.code(version, of: name) }
    latest = code(nil)
    isPublished = count > 0 && code("\(count)") == latest
    serving = alias.flatMap { code($0.functionVersion) }
    canary = Dictionary((alias?.weights ?? [:]).map { (code($0.key), $0.value) }) { $1 }
    word = [record?.state.word, record?.state.reason?.word].compactMap { $0 }.joined(separator: " ")
    stable = record?.stable.flatMap { code($0) }
    onTrial = record?.canary.flatMap { code($0) }
    previous = record?.previous.flatMap { code($0) }
    bad = Set((record?.badVersions ?? []).compactMap { code($0) })
    isArmed = account.isArmed(name)
    isLeased = !(record?.isLeaseOver(at: world.clock.now()) ?? true)
  }
}
