internal import Core

/// The permission alone. Which one is there the policy tells, that every function's reading begins with.
struct GrantEdges: EdgeKind {
  let kind = TriggerKind.grant

  func find(_ look: EdgeLook) async throws(EdgeError) -> EdgeFindings {
    var findings = EdgeFindings()
    for trigger in look.wanted {
      var members = trigger.settings
      if members["Action"] == nil { members["Action"] = "lambda:InvokeFunction" }
      let statement = Statement(.grant, trigger.name, members.members.map { ($0.key, $0.value) })
      let placed = look.placed.filter { $0.trigger == trigger.name }
      let change: EdgeChange =
        placed.contains { $0.sid == statement.sid } ? .none : placed.isEmpty ? .add : .modify
      var step = EdgeStep(
        trigger.name, kind, change, source: members["SourceArn"]?.string ?? "",
        detail: [members["Principal"]?.string, members["SourceArn"]?.string].compactMap { $0 }
          .joined(separator: " "))
      step.id = statement.sid
      if change == .modify { step.differs = ["permission"] }
      findings.steps.append(step)
      findings.statements.append(statement)
    }
    let names = Set(look.wanted.map(\.name))
    for placed in look.placed where !names.contains(placed.trigger) {
      var step = EdgeStep(placed.trigger, kind, .remove, source: placed.source ?? "", detail: placed.source)
      step.id = placed.sid
      findings.steps.append(step)
    }
    return findings
  }
}
