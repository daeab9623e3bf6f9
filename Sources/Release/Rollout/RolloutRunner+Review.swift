extension RolloutRunner {
  /// One look at the rollout, as if this run had taken it over.
  func lookOnly() async -> Observation {
    var machine = newMachine
    if entry(&machine) == .promote { _ = machine.promoted(at: promotionTime) }
    return await look(machine)
  }
}
