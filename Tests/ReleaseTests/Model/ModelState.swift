import AWSClient
import Core
import Release
import TestSupport

/// What of a world decides how it goes on: versions by what is in them, no times, no names.
struct ModelState: Hashable {
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

  init(_ world: World) {
    let account = world.account
    let alias = account.alias()
    let record = account.record()
    let count = account.versionCount()
    latest = account.code(nil)
    isPublished = count > 0 && account.code("\(count)") == latest
    serving = alias.flatMap { account.code($0.functionVersion) }
    canary = Dictionary((alias?.weights ?? [:]).map { (account.code($0.key), $0.value) }) { $1 }
    word = [record?.state.word, record?.state.reason?.word].compactMap { $0 }.joined(separator: " ")
    stable = record?.stable.flatMap { account.code($0) }
    onTrial = record?.canary.flatMap { account.code($0) }
    previous = record?.previous.flatMap { account.code($0) }
    bad = Set((record?.badVersions ?? []).compactMap { account.code($0) })
    isArmed = account.isArmed()
    isLeased = !(record?.isLeaseOver(at: world.clock.now()) ?? true)
  }
}
