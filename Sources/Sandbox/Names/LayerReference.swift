/// A layer as a request names it: by its name or its ARN.
struct LayerReference: Hashable, Sendable {
  let name: String
  /// Nil where the layer as a whole is meant.
  let version: Int?

  /// The version that an ARN of this region and account names; nil for every other text.
  init?(arn: String, of arns: ARNs) {
    let prefix = arns.arn("lambda", "layer:")
    guard arn.hasPrefix(prefix) else { return nil }
    let parts = arn.dropFirst(prefix.count).split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, Self.isName(parts[0]), let version = Int(parts[1]), version > 0 else {
      return nil
    }
    name = String(parts[0])
    self.version = version
  }

  /// Whether `text` can be a layer's name: 1 to 64 letters, digits, hyphens and underscores.
  static func isName(_ text: some StringProtocol) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(FunctionReference.isNameCharacter)
  }
}
