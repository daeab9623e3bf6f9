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

  /// Tells what was done to edges at a promotion that did not last: nothing of it is taken back.
  mutating func tell(_ early: [EdgeResult]) {
    for result in early where result.survey.differs {
      let function = result.survey.subject.scope.function
      guard let error = result.errors.first else {
        warnings.append(
          "\(function): its triggers were bound at the promotion and stay so; deploy the older commit to change them back"
        )
        continue
      }
      warnings.append(
        "\(function): its triggers were bound in part at the promotion (\(error)); the next deploy mends them"
      )
      if let index = functions.firstIndex(where: { $0.function == function }) {
        functions[index].edges = result
      }
    }
  }

  /// Takes in that edges could not be read, or a lease on them not be had.
  ///
  /// What was promoted is not taken back for its edges: of it only they have failed.
  mutating func fail(_ error: ReleaseError) {
    let promoted = functions.first { $0.outcome == .promoted }
    let error = promoted.map { error.ofEdges(in: $0.function) } ?? error
    self.error = self.error ?? error
    if outcome == .unchanged || outcome == .updated { outcome = .failed }
    guard let index = functions.firstIndex(where: { $0.function == error.function }) else { return }
    functions[index].failure = functions[index].failure ?? error
    if functions[index].outcome == .unchanged { functions[index].outcome = .failed }
  }
}

extension ReleaseError {
  /// The same as an error of edges, after a promotion.
  fileprivate func ofEdges(in function: String) -> ReleaseError {
    switch self {
    case .edge(let error, _): .edge(error, isBefore: false)
    default:
      .edge(
        EdgeError(
          function: self.function ?? function, reason: "its triggers are not bound: \(self)",
          fix: fix ?? "deploy again", cause: nil), isBefore: false)
    }
  }
}
