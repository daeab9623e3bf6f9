internal import Core

extension EvidenceReader {
  func function(_ node: JSONNode, _ name: String) throws(EvidenceError) -> FunctionEvidence {
    try object(
      node, "the function '\(name)'",
      keys: ["steps", "history", "bake", "availability", "alarms", "versions"])
    let steps = try list(try required(node, "steps", of: "the function '\(name)'"), "'steps'")
    var evidence = FunctionEvidence(steps: [])
    for step in steps { evidence.steps.append(try self.step(step)) }
    if let history = present(node, "history") {
      for minute in try list(history, "'history'") {
        evidence.history.append(try self.historyMinute(minute))
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

  func minute(_ node: JSONNode, needsStable: Bool) throws(EvidenceError) -> Minute {
    try object(node, "a minute", keys: ["start", "canary", "stable", "slow", "extra"])
    let canary = try counts(try required(node, "canary", of: "a minute"), "'canary'")
    var stable = Counts.zero
    if needsStable || node["stable"] != nil {
      stable = try counts(try required(node, "stable", of: "a minute"), "'stable'")
    }
    var minute = Minute(canary: canary, stable: stable)
    if let start = present(node, "start") { minute.start = try moment(start, "'start'") }
    if let slow = present(node, "slow") { minute.slow = try self.slow(slow) }
    if let extra = present(node, "extra") {
      for member in try members(extra, "'extra'") {
        minute.extra[member.key] = try split(member.value, "'\(member.key)'")
      }
    }
    return minute
  }

  /// The limit of the 99th percentile alone, or a list of up to three limits.
  private func slow(_ node: JSONNode) throws(EvidenceError) -> [Split] {
    guard case .array(let splits) = node.kind else { return [try split(node, "'slow'")] }
    guard (1...Self.mostLimits).contains(splits.count) else {
      throw fault(node, "'slow' must have 1 to \(Self.mostLimits) limits, not \(splits.count)")
    }
    return try splits.map { split throws(EvidenceError) in try self.split(split, "a limit of 'slow'") }
  }

  private static let mostLimits = 3

  private func historyMinute(_ node: JSONNode) throws(EvidenceError) -> HistoryMinute {
    let name = "a minute of the history"
    var minute = HistoryMinute(try counts(node, name, besides: ["slow", "extra"]))
    if let slow = present(node, "slow") {
      let counts = try list(slow, "'slow'")
      guard (1...Self.mostLimits).contains(counts.count) else {
        throw fault(slow, "'slow' must have 1 to \(Self.mostLimits) limits, not \(counts.count)")
      }
      minute.slow = try counts.map { count throws(EvidenceError) in try whole(count, "a limit of 'slow'") }
    }
    if let extra = present(node, "extra") {
      for member in try members(extra, "'extra'") {
        minute.extra[member.key] = try whole(member.value, "'\(member.key)'")
      }
    }
    return minute
  }

  /// - Parameter besides: keys that the object may have too.
  func counts(
    _ node: JSONNode, _ name: String, besides others: [String] = []
  ) throws(EvidenceError) -> Counts {
    try object(node, name, keys: ["invocations", "errors"] + others)
    let invocations = try whole(try required(node, "invocations", of: name), "'invocations'")
    // CloudWatch may have no point for errors in a minute without any.
    guard let node = present(node, "errors") else { return Counts(invocations: invocations, errors: nil) }
    return Counts(invocations: invocations, errors: try whole(node, "'errors'"))
  }

  private func split(_ node: JSONNode, _ name: String) throws(EvidenceError) -> Split {
    try object(node, name, keys: ["canary", "stable"])
    return Split(
      canary: try whole(try required(node, "canary", of: name), "'canary'"),
      stable: try whole(try required(node, "stable", of: name), "'stable'"))
  }
}
