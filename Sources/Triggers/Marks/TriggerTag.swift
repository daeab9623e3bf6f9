package import Core

/// What the last run that kept all edges of an alias has left as a tag of the function: `1 d=… k=… r=… p=… x=…`. It is
/// only a cache: without it the edges are read.
package struct TriggerTag: Hashable, Sendable {
  /// 32 hexadecimal digits over all that is wanted.
  package let digest: String
  /// The kinds that are kept.
  package let kinds: [TriggerKind]
  /// The release that wrote it.
  package let release: String
  /// The project that the function belongs to; nil where its name does not fit into a tag, and in older tags.
  package let project: String?
  /// When statements of what is gone may go, in whole seconds since 1970; nil where none are left.
  package let removals: Timestamp?

  /// A tag of these values.
  package init(
    digest: String, kinds: [TriggerKind], release: String, project: String? = nil, removals: Timestamp? = nil
  ) {
    self.digest = digest
    self.kinds = kinds
    self.release = release
    self.project = project.flatMap { Self.isWord($0) ? $0 : nil }
    self.removals = removals
  }

  /// The tag of a function that is about `alias`.
  package static func key(alias: String) -> String { "lamctl:triggers:\(alias)" }

  /// The tag's value.
  package var text: String {
    var parts = [
      "1", "d=\(digest)", "k=\(kinds.map(\.rawValue).joined(separator: "+"))", "r=\(release)",
    ]
    if let project { parts.append("p=\(project)") }
    if let removals { parts.append("x=\(Int(removals.seconds.rounded(.up)))") }
    return parts.joined(separator: " ")
  }

  /// Reads a tag's value; nil where it is none that this version understands: then the edges are read.
  package init?(_ text: String) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard text.utf8.count <= 256, parts.first == "1" else { return nil }
    var fields: [Substring: String] = [:]
    for part in parts.dropFirst() {
      guard let mark = part.firstIndex(of: "=") else { return nil }
      fields[part[..<mark]] = String(part[part.index(after: mark)...])
    }
    guard let digest = fields["d"], digest.utf8.count == 32, let kinds = fields["k"],
      let release = fields["r"]
    else { return nil }
    let words = kinds.split(separator: "+")
    let known = words.compactMap { TriggerKind(rawValue: String($0)) }
    guard known.count == words.count else { return nil }
    var removals: Timestamp?
    if let text = fields["x"] {
      guard let seconds = Int(text), (0...99_999_999_999).contains(seconds) else { return nil }
      removals = Timestamp(seconds: Double(seconds))
    }
    self.init(
      digest: digest, kinds: known, release: release, project: fields["p"], removals: removals)
  }

  /// Whether a text stands in a tag as it is.
  private static func isWord(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte & 0xdf) || "._-".utf8.contains(byte)
      }
  }
}
