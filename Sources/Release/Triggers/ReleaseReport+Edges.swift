internal import Triggers

extension ReleaseReport {
  /// Takes in what became of the edges.
  mutating func take(_ results: [EdgeResult]) {
    for result in results {
      let scope = result.survey.subject.scope
      warnings += result.notes.map { "\(scope.function): \($0)" }
      if let error = result.tagError {
        warnings.append(
          "\(scope.function): what is bound to the alias is read at every deploy, as the tag is not written: \(error)"
        )
      }
      guard let index = functions.firstIndex(where: { $0.function == scope.function }) else { continue }
      functions[index].edges = result
      if result.survey.differs, functions[index].outcome == .unchanged, result.isComplete {
        functions[index].outcome = .updated
        functions[index].reasons.append("triggers")
      }
      for error in result.errors {
        let failure = ReleaseError.edge(error, isBefore: false)
        functions[index].failure = functions[index].failure ?? failure
        self.error = self.error ?? failure
      }
    }
    if outcome == .unchanged, functions.contains(where: { $0.outcome == .updated }) { outcome = .updated }
  }

  mutating func fail(_ error: ReleaseError) {
    self.error = self.error ?? error
    if outcome == .unchanged || outcome == .updated { outcome = .failed }
    guard let index = functions.firstIndex(where: { $0.function == error.function }) else { return }
    functions[index].failure = functions[index].failure ?? error
    if functions[index].outcome == .unchanged { functions[index].outcome = .failed }
  }
}
