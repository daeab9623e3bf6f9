/// Where a container image goes: a repository of ECR, which alone Lambda takes images from, or one of this machine.
package struct ImageRepository: Hashable, Sendable, CustomStringConvertible {
  /// Where the repository is.
  package enum Registry: Hashable, Sendable {
    /// ECR, which wants a token.
    case ecr(account: String, region: String)
    /// This machine, for endpoints that are not AWS's.
    case local
  }

  /// Name and port of the registry's host.
  package let host: String
  /// Its path in the registry.
  package let name: String
  /// What the registry is.
  package let registry: Registry

  /// Host and path, as `docker push` wants them.
  package var description: String { "\(host)/\(name)" }

  /// Reads `123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders` and `localhost:5000/orders`; nil for anything else.
  ///
  /// Lambda takes no image by ECR's FIPS endpoints: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
  ///
  /// Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html and
  /// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
  package init?(parsing text: String) {
    guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    host = String(text[..<slash])
    name = String(text[text.utf8.index(after: slash)...])
    guard Self.isName(name), let registry = Self.registry(host) else { return nil }
    self.registry = registry
  }

  private static func registry(_ host: String) -> Registry? {
    let port = host.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if port.count == 2 {
      let isLocal = port[0] == "localhost" || port[0] == "127.0.0.1"
      return isLocal && UInt16(port[1]).map { $0 > 0 } ?? false ? .local : nil
    }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard labels.count > 5, labels[0].utf8.count == 12, labels[0].utf8.allSatisfy({ (48...57).contains($0) }),
      labels[1] == "dkr", labels[2] == "ecr",
      labels[4...].contains("amazonaws"), isPlain(labels[3]), labels.allSatisfy(isPlain)
    else { return nil }
    return .ecr(account: labels[0], region: labels[3])
  }

  private static func isPlain(_ label: String) -> Bool {
    !label.isEmpty
      && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (48...57).contains(byte)
  }

  /// 2 to 256 lower-case letters and digits, with `.`, `_`, `-` and `/` between them.
  private static func isName(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return (2...256).contains(name.utf8.count)
      && parts.allSatisfy { part in
        guard let first = part.utf8.first, let last = part.utf8.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
          && part.utf8.allSatisfy { isAlphanumeric($0) || [45, 46, 95].contains($0) }
      }
  }
}
