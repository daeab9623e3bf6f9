package import Core

/// A function as AWS has it.
package struct LiveFunction: Sendable {
  /// Its name in AWS.
  package let functionName: String
  /// What GetFunction says of its configuration.
  package let configuration: JSONObject
  /// Concurrency that is set aside for it; nil where none is.
  package let reservedConcurrency: Int?
  /// Its tags.
  package let tags: [String: String]
  /// The names of the files in its package; nil where they could not be read.
  package let files: [String]?

  /// A function of these values.
  package init(
    functionName: String, configuration: JSONObject, reservedConcurrency: Int?,
    tags: [String: String],
    files: [String]?
  ) {
    self.functionName = functionName
    self.configuration = configuration
    self.reservedConcurrency = reservedConcurrency
    self.tags = tags
    self.files = files
  }
}

extension Proposal {
  /// The files for functions that AWS has, as far as the repository holds their sources.
  ///
  /// - Throws: ``PackagerError`` when the repository cannot be read, or none of the functions is of it.
  package init(live: [LiveFunction], in workspace: Workspace) throws(PackagerError) {
    self.init(source: "the functions in AWS")
    let sources = try workspace.discover().map { LiveMatch.Source($0, root: workspace.root) }
    let match = LiveMatch(live, sources)
    for (function, source) in match.pairs {
      functions.append(
        ProposedFunction(
          name: source.name, unit: source.unit,
          settings: LiveSettings(function, notes: &notes).settings))
    }
    notes += match.notes
    guard functions.isEmpty else { return }
    throw .discovery(
      reason: "none of the \(live.count) functions in AWS is of this repository"
        + (notes.first.map { ": \($0)" } ?? ""),
      fix:
        "write function.json files with \"functionName\", or narrow the names: --from live 'shop-*'"
    )
  }
}
