/// Where a version of a layer comes from: the line that `PublishLayerVersion` puts into its Description for good. By it the
/// next run finds the version, on whatever machine.
struct LayerProvenance: Hashable, Sendable {
  /// 32 hexadecimal digits of the digest of what it is made of.
  let source: String
  /// 32 hexadecimal digits of the digest of its content.
  let package: String
  /// Up to twelve hexadecimal digits of the commit; nil without git.
  let commit: String?
  /// The run or person that published it, in at most 48 characters.
  let by: String

  private static let digestLength = 32

  init(source: String, package: String, commit: String?, by: String) {
    self.source = source
    self.package = package
    self.commit = commit.flatMap { $0.isEmpty ? nil : String($0.prefix(12)) }
    self.by = DescriptionLine.token(by.isEmpty ? "unknown" : by, atMost: 48)
  }

  /// The line, of fewer than 256 characters.
  var description: String {
    let parts =
      [DescriptionLine.tag, "s=\(source)", "p=\(package)"] + (commit.map { ["g=\($0)"] } ?? []) + ["by=\(by)"]
    return parts.joined(separator: " ")
  }

  /// Reads the Description of a layer's version; nil where lamctl did not publish it. Fields that a later version added are
  /// passed over.
  init?(_ text: String) {
    guard case .line(_, let fields, _) = DescriptionLine.read(text), let source = fields["s"],
      let package = fields["p"],
      [source, package].allSatisfy({
        $0.utf8.count == Self.digestLength && DescriptionLine.isLowerHex($0)
      })
    else { return nil }
    self.init(source: source, package: package, commit: fields["g"], by: fields["by"] ?? "")
  }
}
