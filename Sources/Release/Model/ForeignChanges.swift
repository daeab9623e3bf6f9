package import Core

/// What others have changed in `$LATEST` since lamctl was done with it. AWS does not tell who they are.
package struct ForeignChanges: Hashable, Sendable {
  /// The version that `$LATEST` was until then.
  package let since: String
  /// Settings that the next version gets, as the manifest does not state them: `timeout 10 to 99`, `variable HOTFIX`.
  package let settings: [String]
  /// Settings that the manifest states, so that the next release sets them back.
  package let overridden: [String]
  /// Whether there is code that no version of ours has; the next release replaces it.
  package let hasOtherCode: Bool

  /// Changes of these values.
  package init(since: String, settings: [String], overridden: [String], hasOtherCode: Bool) {
    self.since = since
    self.settings = settings
    self.overridden = overridden
    self.hasOtherCode = hasOtherCode
  }

  /// What they are, a clause each: for a reason, a line of a report, or the end of a verdict.
  ///
  /// - Parameter policy: what becomes of settings that the manifest does not state.
  package func clauses(_ policy: DriftPolicy) -> [String] {
    var clauses: [String] = []
    if !settings.isEmpty {
      let words = settings.joined(separator: ", ")
      clauses.append(
        policy == .restore
          ? "changed by others since v\(since) and put back: \(words)"
          : "also changed by others since v\(since): \(words)")
    }
    if !overridden.isEmpty {
      clauses.append(
        "changed by others since v\(since), and set back by the manifest: \(overridden.joined(separator: ", "))"
      )
    }
    if hasOtherCode {
      clauses.append("\(codeWords), and that goes")
    }
    return clauses
  }

  /// What there is, without saying what becomes of it.
  package var words: String {
    let changed = settings + overridden
    guard !changed.isEmpty else { return codeWords }
    return "$LATEST was changed by others since v\(since): \(changed.joined(separator: ", "))"
      + (hasOtherCode ? "; it holds code that no release made" : "")
  }

  /// Whether there are settings among them: code alone the next release replaces, whoever put it there.
  package var hasSettings: Bool { !settings.isEmpty || !overridden.isEmpty }

  /// A run that dies between its upload and its publication leaves just that.
  private var codeWords: String {
    "$LATEST holds code that no release made since v\(since) (perhaps of a run that died before it published)"
  }
}
