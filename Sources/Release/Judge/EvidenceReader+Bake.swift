internal import Core

extension EvidenceReader {
  func bake(_ node: JSONNode) throws(EvidenceError) -> BakeEvidence {
    try object(node, "the bake", keys: ["ended", "minutes", "baseline", "baselineExtra", "baselinePeriod"])
    let baseline = try counts(try required(node, "baseline", of: "the bake"), "'baseline'")
    var bake = BakeEvidence(ended: false, minutes: [], baseline: baseline)
    if let ended = present(node, "ended") { bake.ended = try bool(ended, "'ended'") }
    for minute in try list(try required(node, "minutes", of: "the bake"), "'minutes'") {
      bake.minutes.append(try self.minute(minute, needsStable: false))
    }
    if let extra = present(node, "baselineExtra") {
      for member in try members(extra, "'baselineExtra'") {
        bake.baselineExtra[member.key] = try whole(member.value, "'\(member.key)'")
      }
    }
    if let period = present(node, "baselinePeriod") { bake.baselinePeriod = try self.period(period) }
    return bake
  }

  private func period(_ node: JSONNode) throws(EvidenceError) -> Range<Timestamp> {
    let name = "'baselinePeriod'"
    try object(node, name, keys: ["from", "to"])
    let from = try moment(try required(node, "from", of: name), "'from'")
    let end = try required(node, "to", of: name)
    let to = try moment(end, "'to'")
    guard from <= to else { throw fault(end, "\(name) ends before it begins") }
    return from..<to
  }

  func availability(_ node: JSONNode) throws(EvidenceError) -> MetricAvailability {
    switch node.kind {
    case .string("complete"): return .complete
    case .string("stableMissing"): return .stableMissing
    case .object:
      try object(node, "'availability'", keys: ["failing"])
      let reason = try required(node, "failing", of: "'availability'")
      return .failing(reason: try string(reason, "'failing'"))
    default:
      throw mismatch(node, "'availability'", "\"complete\", \"stableMissing\" or {\"failing\": \"reason\"}")
    }
  }

  func alarm(_ node: JSONNode) throws(EvidenceError) -> AlarmEvidence {
    try object(node, "an alarm", keys: ["name", "wasOK", "isInAlarm", "since"])
    return AlarmEvidence(
      name: try string(try required(node, "name", of: "an alarm"), "'name'"),
      wasOK: try bool(try required(node, "wasOK", of: "an alarm"), "'wasOK'"),
      isInAlarm: try bool(try required(node, "isInAlarm", of: "an alarm"), "'isInAlarm'"),
      since: try present(node, "since").map { node throws(EvidenceError) in try moment(node, "'since'") })
  }
}
