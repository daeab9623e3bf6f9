internal import Core

extension EvidenceReader {
  func settings(_ node: JSONNode) throws(EvidenceError) -> JudgeSettings {
    try object(
      node, "'settings'",
      keys: [
        "minInvocations", "maxErrorRate", "assumedErrorRate", "plannedSteps", "materialRatio", "onLowTraffic",
        "smoked", "waited", "maxWait", "latency", "alarm",
      ])
    var settings = JudgeSettings()
    if let node = present(node, "minInvocations") {
      settings.minInvocations = try whole(node, "'minInvocations'")
    }
    if let node = present(node, "maxErrorRate") { settings.maxErrorRate = try rate(node, "'maxErrorRate'") }
    if let node = present(node, "assumedErrorRate") {
      settings.assumedErrorRate = try rate(node, "'assumedErrorRate'")
    }
    if let node = present(node, "plannedSteps") { settings.plannedSteps = try whole(node, "'plannedSteps'") }
    if let node = present(node, "materialRatio") {
      let ratio = try number(node, "'materialRatio'")
      guard ratio >= 1 else { throw mismatch(node, "'materialRatio'", "1 or more") }
      settings.materialRatio = ratio
    }
    if let node = present(node, "onLowTraffic") {
      settings.onLowTraffic = try word(node, "'onLowTraffic'", LowTrafficPolicy.self)
    }
    if let node = present(node, "smoked") { settings.smoked = try bool(node, "'smoked'") }
    if let node = present(node, "waited") { settings.waited = try span(node, "'waited'") }
    if let node = present(node, "maxWait") { settings.maxWait = try span(node, "'maxWait'") }
    if let node = present(node, "latency") {
      settings.onLatency = try word(node, "'latency'", FindingAction.self)
    }
    if let node = present(node, "alarm") { settings.onAlarm = try word(node, "'alarm'", FindingAction.self) }
    return settings
  }

  private func rate(_ node: JSONNode, _ name: String) throws(EvidenceError) -> Double {
    let rate = try number(node, name)
    guard rate > 0, rate < 1 else {
      throw mismatch(node, name, "an error rate above 0 and below 1, such as 0.05 for 5 %")
    }
    return rate
  }
}

extension JudgeSettings {
  /// As `settings` of an evidence file.
  var json: JSON {
    [
      "minInvocations": .int(minInvocations), "maxErrorRate": maxErrorRate.map(JSON.double) ?? .null,
      "assumedErrorRate": .double(assumedErrorRate), "plannedSteps": .int(plannedSteps),
      "materialRatio": .double(materialRatio), "onLowTraffic": .string(onLowTraffic.rawValue),
      "smoked": .bool(smoked), "waited": .double(waited.seconds), "maxWait": .double(maxWait.seconds),
      "latency": .string(onLatency.rawValue), "alarm": .string(onAlarm.rawValue),
    ]
  }
}
