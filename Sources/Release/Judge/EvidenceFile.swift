internal import Core

/// Evidence as a file, `lamctl.evidence/1`: for `judge --input`, for reports, and to repeat a verdict.
public struct EvidenceFile: Hashable, Sendable {
  /// The functions by name; at least one.
  public var functions: [String: FunctionEvidence]
  /// How they were, or are to be, judged.
  public var settings: JudgeSettings

  /// The name and number of the format.
  public static let schema = "lamctl.evidence/1"

  /// Evidence and how to judge it.
  public init(functions: [String: FunctionEvidence], settings: JudgeSettings) {
    self.functions = functions
    self.settings = settings
  }

  /// Reads a file's bytes. Everything but `schema`, `functions` and the counts themselves may be left out.
  ///
  /// - Parameter file: its name, for errors.
  /// - Throws: ``EvidenceError`` with the place of the first thing that is wrong, unknown keys included.
  public init(parsing bytes: [UInt8], file: String) throws(EvidenceError) {
    let root: JSONNode
    do {
      root = try JSONNode(parsing: bytes)
    } catch {
      throw EvidenceError(file: file, position: error.position, reason: error.reason)
    }
    let reader = EvidenceReader(file: file)
    try reader.object(root, "the evidence", keys: ["schema", "functions", "settings"])
    let schema = try reader.required(root, "schema", of: "the evidence")
    guard try reader.string(schema, "'schema'") == Self.schema else {
      throw reader.mismatch(schema, "'schema'", "\"\(Self.schema)\"")
    }
    let listed = try reader.required(root, "functions", of: "the evidence")
    functions = [:]
    for member in try reader.members(listed, "'functions'") {
      functions[member.key] = try reader.function(member.value, member.key)
    }
    guard !functions.isEmpty else { throw reader.fault(listed, "'functions' names no function") }
    settings =
      try reader.present(root, "settings").map { node throws(EvidenceError) in try reader.settings(node) }
      ?? JudgeSettings()
  }

  /// This file with the functions of another beside its own, which keep how they were judged.
  func joined(with other: EvidenceFile?) -> EvidenceFile {
    var joined = self
    joined.functions.merge(other?.functions ?? [:]) { own, _ in own }
    return joined
  }

  /// The verdict on what is in the file: on a release when it has several functions.
  public func judged() -> ReleaseVerdict { Judge.release(functions, settings: settings) }
}

extension EvidenceReader {
  func function(_ node: JSONNode, _ name: String) throws(EvidenceError) -> FunctionEvidence {
    try object(
      node, "the function '\(name)'",
      keys: ["steps", "history", "bake", "availability", "alarms", "versions"])
    let steps = try list(try required(node, "steps", of: "the function '\(name)'"), "'steps'")
    var evidence = FunctionEvidence(steps: [])
    for step in steps { evidence.steps.append(try self.step(step)) }
    if let history = present(node, "history") {
      for counts in try list(history, "'history'") {
        evidence.history.append(try self.counts(counts, "a minute of the history"))
      }
    }
    if let bake = present(node, "bake") { evidence.bake = try self.bake(bake) }
    if let availability = present(node, "availability") {
      evidence.availability = try self.availability(availability)
    }
    if let alarms = present(node, "alarms") {
      for alarm in try list(alarms, "'alarms'") { evidence.alarms.append(try self.alarm(alarm)) }
    }
    if let versions = present(node, "versions") {
      try object(versions, "'versions'", keys: ["stable", "canary"])
      if let stable = present(versions, "stable") { evidence.stableVersion = try string(stable, "'stable'") }
      if let canary = present(versions, "canary") { evidence.canaryVersion = try string(canary, "'canary'") }
    }
    return evidence
  }

  private func step(_ node: JSONNode) throws(EvidenceError) -> StepEvidence {
    try object(node, "a step", keys: ["weight", "ended", "minutes"])
    let weightNode = try required(node, "weight", of: "a step")
    let weight = try number(weightNode, "'weight'")
    guard weight > 0, weight <= 1 else {
      throw mismatch(weightNode, "'weight'", "a share above 0 and up to 1, such as 0.1 for 10 %")
    }
    let minutes = try list(try required(node, "minutes", of: "a step"), "'minutes'")
    var step = StepEvidence(weight: weight, ended: false, minutes: [])
    if let ended = present(node, "ended") { step.ended = try bool(ended, "'ended'") }
    for minute in minutes { step.minutes.append(try self.minute(minute, needsStable: true)) }
    return step
  }

  private func minute(_ node: JSONNode, needsStable: Bool) throws(EvidenceError) -> Minute {
    try object(node, "a minute", keys: ["start", "canary", "stable", "slow", "extra"])
    let canary = try counts(try required(node, "canary", of: "a minute"), "'canary'")
    var stable = Counts.zero
    if needsStable || node["stable"] != nil {
      stable = try counts(try required(node, "stable", of: "a minute"), "'stable'")
    }
    var minute = Minute(canary: canary, stable: stable)
    if let start = present(node, "start") {
      guard let moment = Timestamp(iso8601: try string(start, "'start'")) else {
        throw mismatch(start, "'start'", "a time such as \"2026-11-21T05:49:00Z\"")
      }
      minute.start = moment
    }
    if let slow = present(node, "slow") { minute.slow = try split(slow, "'slow'") }
    if let extra = present(node, "extra") {
      for member in try members(extra, "'extra'") {
        minute.extra[member.key] = try split(member.value, "'\(member.key)'")
      }
    }
    return minute
  }

  private func counts(_ node: JSONNode, _ name: String) throws(EvidenceError) -> Counts {
    try object(node, name, keys: ["invocations", "errors"])
    let invocations = try whole(try required(node, "invocations", of: name), "'invocations'")
    // CloudWatch has no point for errors in a minute without any.
    guard let node = present(node, "errors") else { return Counts(invocations: invocations, errors: 0) }
    let errors = try whole(node, "'errors'")
    guard errors <= invocations else {
      throw fault(node, "\(errors) errors cannot come from \(Wording.count(invocations, "invocation"))")
    }
    return Counts(invocations: invocations, errors: errors)
  }

  private func split(_ node: JSONNode, _ name: String) throws(EvidenceError) -> Split {
    try object(node, name, keys: ["canary", "stable"])
    return Split(
      canary: try whole(try required(node, "canary", of: name), "'canary'"),
      stable: try whole(try required(node, "stable", of: name), "'stable'"))
  }

  private func bake(_ node: JSONNode) throws(EvidenceError) -> BakeEvidence {
    try object(node, "the bake", keys: ["ended", "minutes", "baseline", "baselineExtra"])
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
    return bake
  }

  private func availability(_ node: JSONNode) throws(EvidenceError) -> MetricAvailability {
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

  private func alarm(_ node: JSONNode) throws(EvidenceError) -> AlarmEvidence {
    try object(node, "an alarm", keys: ["name", "wasOK", "isInAlarm"])
    return AlarmEvidence(
      name: try string(try required(node, "name", of: "an alarm"), "'name'"),
      wasOK: try bool(try required(node, "wasOK", of: "an alarm"), "'wasOK'"),
      isInAlarm: try bool(try required(node, "isInAlarm", of: "an alarm"), "'isInAlarm'"))
  }
}
