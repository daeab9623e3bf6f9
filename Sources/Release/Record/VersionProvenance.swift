/// Where a published version comes from: the line that `PublishVersion` puts into its Description for good.
package struct VersionProvenance: Hashable, Sendable {
  /// 32 hexadecimal digits of the digest of the inputs.
  package var source: String
  /// 32 hexadecimal digits of the digest of the package's content.
  package var package: String
  /// 32 hexadecimal digits of the digest of the configuration.
  package var configuration: String
  /// Up to twelve hexadecimal digits of the commit; nil without git.
  package var commit: String?
  /// Whether files differed from the commit.
  package var isDirty: Bool
  /// The release that published it.
  package var release: ReleaseID
  /// The run or person that published it, in at most 48 characters.
  package var by: String
  /// 30 hexadecimal digits: of the digests of the parts of ``source``; nil for versions of a lamctl that did not keep them.
  package var parts: String?

  /// Digests and commit longer than the line has room for are cut to their first 32 and 12 digits; blanks in `by`
  /// become `-`.
  package init(
    source: String, package: String, configuration: String, commit: String?, isDirty: Bool,
    release: ReleaseID, by: String, parts: String? = nil
  ) {
    self.source = Self.digits(source, Self.digestLength)
    self.package = Self.digits(package, Self.digestLength)
    self.configuration = Self.digits(configuration, Self.digestLength)
    let commit = commit.map { Self.digits($0, Self.commitLength) }
    self.commit = commit?.isEmpty == true ? nil : commit
    self.isDirty = isDirty && self.commit != nil
    self.release = release
    self.by = DescriptionLine.token(by.isEmpty ? "unknown" : by, atMost: Self.byLength)
    self.parts = parts.flatMap { Self.isParts($0) ? $0 : nil }
  }

  private static func isParts(_ text: String) -> Bool {
    text.utf8.count == partsLength && DescriptionLine.isLowerHex(text)
  }

  private static let digestLength = 32
  private static let partsLength = 30
  private static let commitLength = 12
  private static let byLength = 48

  private static func digits(_ text: String, _ length: Int) -> String {
    String(text.lowercased().prefix(length))
  }
}

/// What the Description of a version holds.
package enum ProvenanceContent: Hashable, Sendable {
  /// Nothing of lamctl: somebody else published it.
  case none(userText: String)
  /// The origin, and the user's text behind it.
  case provenance(VersionProvenance, userText: String)
  /// Text that begins as lamctl's but cannot be read.
  case damaged(String)
  /// The line of a later lamctl.
  case newer(String)
}

extension VersionProvenance {
  /// The line as a Description of at most 256 characters; `userText` follows it as far as it fits.
  package func encoded(userText: String = "") -> String {
    var parts = [DescriptionLine.tag, "s=\(source)", "p=\(package)", "c=\(configuration)"]
    if let commit { parts.append("g=\(commit)\(isDirty ? "+" : "")") }
    parts += ["r=\(release)", "by=\(by)"]
    if let digests = self.parts { parts.append("d=\(digests)") }
    return DescriptionLine.join(parts.joined(separator: " "), userText).text
  }

  /// Reads the Description of a version. Fields that a later version added are passed over: the line never changes.
  package static func decode(_ text: String) -> ProvenanceContent {
    switch DescriptionLine.read(text) {
    case .foreign: return .none(userText: text)
    case .newer: return .newer(text)
    case .damaged: return .damaged(text)
    case .line(_, let fields, let userText):
      guard let provenance = VersionProvenance(fields: fields) else { return .damaged(text) }
      return .provenance(provenance, userText: userText)
    }
  }

  private init?(fields: [String: String]) {
    guard let source = fields["s"], let package = fields["p"], let configuration = fields["c"],
      let release = fields["r"].flatMap({ ReleaseID(parsing: $0) }), let by = fields["by"]
    else { return nil }
    let digests = [source, package, configuration]
    guard digests.allSatisfy({ $0.utf8.count == Self.digestLength && DescriptionLine.isLowerHex($0) })
    else { return nil }
    let label = fields["g"]
    let isDirty = label?.hasSuffix("+") ?? false
    let commit = label.map { isDirty ? String($0.dropLast()) : $0 }
    guard commit.map({ !$0.isEmpty && $0.utf8.count <= 12 && DescriptionLine.isLowerHex($0) }) ?? true
    else { return nil }
    self.init(
      source: source, package: package, configuration: configuration, commit: commit, isDirty: isDirty,
      release: release, by: by, parts: fields["d"])
  }
}

extension ProvenanceContent {
  /// What the user has written, behind the line of the origin where there is one.
  var userText: String {
    switch self {
    case .none(let text), .provenance(_, let text): text
    case .damaged, .newer: ""
    }
  }

  /// The origin, if the Description tells one.
  package var provenance: VersionProvenance? {
    guard case .provenance(let provenance, _) = self else { return nil }
    return provenance
  }
}
