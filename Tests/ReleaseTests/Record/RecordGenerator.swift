import Core
import Release

/// A small generator (SplitMix64) with a fixed seed, so that a failure repeats.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension RolloutRecord {
  /// A record as a run could have written it.
  static func random(using generator: inout SeededGenerator) -> RolloutRecord {
    let reasons: [RecordReason] = [.errors, .lowTraffic, .deadMan, .other("solar-flare")]
    let reason = reasons.randomElement(using: &generator) ?? .errors
    let states: [RolloutState] = [.idle, .canary, .hold(reason), .bake, .commit, .rolledBack(reason)]
    let release = ReleaseID(
      time: Timestamp(seconds: Double(Int.random(in: 0...4_000_000_000, using: &generator))),
      commit: nil, random: (0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) })
    var record = RolloutRecord(release: release, state: states.randomElement(using: &generator) ?? .idle)
    func version() -> String { String(Int.random(in: 1...9_999_999, using: &generator)) }
    func chance() -> Bool { Bool.random(using: &generator) }
    record.steps = Int.random(in: 0...40, using: &generator)
    record.step = record.steps == 0 ? 0 : Int.random(in: 0...record.steps, using: &generator)
    record.stable = version()
    if chance() { record.canary = version() }
    if chance() { record.previous = version() }
    if chance() || record.state.word == "rb" {
      record.badVersions = (0..<Int.random(in: 1...6, using: &generator)).map { _ in version() }
    }
    if chance() { record.package = String(release.suffix + "abcde") }
    var minute = 0
    for _ in 0..<Int.random(in: 0...20, using: &generator) {
      guard let weight = Weight(fraction: Double.random(in: 0.001...1, using: &generator)) else { continue }
      record.history.append(WeightChange(minute: minute, weight: weight))
      minute += Int.random(in: 1...90, using: &generator)
    }
    if chance() {
      record.started = Timestamp(seconds: Double(Int.random(in: 0...4_000_000_000, using: &generator)))
      record.leaseEnd = record.started.map { $0 + .minutes(5) }
    }
    if chance() {
      let length = Int.random(in: 1...60, using: &generator)
      record.owner = RecordOwner(
        String((0..<length).compactMap { _ in "abc/: é7;=".randomElement(using: &generator) }))
    }
    record.functions = Int.random(in: 1...1_000, using: &generator)
    return record
  }
}
