internal import Core

/// Evidence as a file, `lamctl.evidence/1`: for `judge --input`, for reports, and to repeat a verdict.
package struct EvidenceFile: Hashable, Sendable {
  /// The functions by name; at least one.
  package var functions: [String: FunctionEvidence]
  /// How they were, or are to be, judged.
  package var settings: JudgeSettings

  /// The name and number of the format.
  package static let schema = "lamctl.evidence/1"

  /// Evidence and how to judge it.
  package init(functions: [String: FunctionEvidence], settings: JudgeSettings) {
    self.functions = functions
    self.settings = settings
  }

  /// Reads a file's bytes. Everything but `schema`, `functions` and the counts themselves may be left out.
  ///
  /// - Parameter file: its name, for errors.
  /// - Throws: ``EvidenceError`` with the place of the first thing that is wrong, unknown keys included.
  package init(parsing bytes: [UInt8], file: String) throws(EvidenceError) {
    let document: JSONNode
    do {
      document = try JSONNode(parsing: bytes)
    } catch {
      throw EvidenceError(file: file, position: error.position, reason: error.reason)
    }
    let reader = EvidenceReader(file: file)
    let root = try Self.evidence(in: document, reader)
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

  /// The evidence itself, or the member `evidence` of a document of `deploy`, `rollback` or `judge`.
  private static func evidence(in document: JSONNode, _ reader: EvidenceReader) throws(EvidenceError)
    -> JSONNode
  {
    guard let schema = reader.present(document, "schema"),
      let name = try? reader.string(schema, "'schema'"), name.hasPrefix("lamctl."),
      !name.hasPrefix("lamctl.evidence/")
    else { return document }
    guard let evidence = reader.present(document, "evidence") else {
      throw reader.fault(schema, "a document \(name) without 'evidence': nothing was judged in that run")
    }
    return evidence
  }

  /// This file with the functions of another beside its own, which keep how they were judged.
  func joined(with other: EvidenceFile?) -> EvidenceFile {
    var joined = self
    joined.functions.merge(other?.functions ?? [:]) { own, _ in own }
    return joined
  }

  /// The verdict on what is in the file: on a release when it has several functions.
  package func judged() -> ReleaseVerdict { Judge.release(functions, settings: settings) }
}
