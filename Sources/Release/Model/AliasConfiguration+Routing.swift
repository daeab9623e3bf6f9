internal import AWSClient
internal import Core

extension AliasConfiguration {
  /// `RevisionId`, where the endpoint gives one.
  var revisionIfKnown: String? { revisionID.isEmpty ? nil : revisionID }

  /// The weights that mean anything.
  var others: [String: Double] { weights.filter { $0.value != 0 } }

  /// The share of traffic of each version, 0 to 1; they add up to 1.
  var shares: [String: Double] {
    var shares = others
    shares[functionVersion] = 1 - shares.values.reduce(0, +)
    return shares
  }

  /// Where it sends its traffic: `version 41, with version 42 at 10 %`.
  var routingWords: String { Self.words(functionVersion, others) }

  /// Whether both send their traffic to the same versions, in the same shares.
  func routesLike(_ other: AliasConfiguration) -> Bool {
    functionVersion == other.functionVersion && others == other.others
  }

  /// Where an alias of these fields sends its traffic, in words.
  static func words(_ version: String, _ weights: [String: Double]) -> String {
    "version \(version)" + (weights.isEmpty ? "" : ", with \(words(weights))")
  }

  /// Weights in words: `version 42 at 10 %`.
  static func words(_ weights: [String: Double]) -> String {
    weights.sorted { $0.key < $1.key }
      .map { "version \($0.key) at \(Percent.text($0.value))" }.joined(separator: ", ")
  }
}
