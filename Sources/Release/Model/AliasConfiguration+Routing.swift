internal import AWSClient
internal import Core

extension AliasConfiguration {
  /// `RevisionId`, where the endpoint gives one.
  var revisionIfKnown: String? { revisionID.isEmpty ? nil : revisionID }

  /// The share of traffic of each version, 0 to 1; they add up to 1.
  var shares: [String: Double] {
    var shares = weights.filter { $0.value != 0 }
    shares[functionVersion] = 1 - shares.values.reduce(0, +)
    return shares
  }

  /// The weights that mean anything.
  var others: [String: Double] { weights.filter { $0.value != 0 } }

  /// Where it sends its traffic: `version 41, with version 42 at 10 %`.
  var routingWords: String {
    "version \(functionVersion)" + (others.isEmpty ? "" : ", with \(AliasConfiguration.words(others))")
  }

  /// Weights in words: `version 42 at 10 %`.
  static func words(_ weights: [String: Double]) -> String {
    weights.sorted { $0.key < $1.key }
      .map { "version \($0.key) at \(($0.value * 100).formatted(digits: 2)) %" }.joined(separator: ", ")
  }
}
