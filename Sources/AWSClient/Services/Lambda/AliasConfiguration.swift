package import Core

/// An alias: where a name points to.
package struct AliasConfiguration: Hashable, Sendable {
  /// The alias's own name.
  package let name: String
  /// Its ARN.
  package let aliasARN: String
  /// The version that gets what the weights leave over.
  package let functionVersion: String
  /// Shares of traffic of other versions, 0 to 1; at most one entry at present.
  package let weights: [String: Double]
  /// The description.
  package let description: String
  /// Changes with each write to the alias.
  package let revisionID: String

  /// An alias of these values.
  package init(
    name: String, aliasARN: String, functionVersion: String, weights: [String: Double], description: String,
    revisionID: String
  ) {
    self.name = name
    self.aliasARN = aliasARN
    self.functionVersion = functionVersion
    self.weights = weights
    self.description = description
    self.revisionID = revisionID
  }

  /// Reads Lambda's form of it.
  package init(_ members: JSONObject) {
    name = members["Name"]?.string ?? ""
    aliasARN = members["AliasArn"]?.string ?? ""
    functionVersion = members["FunctionVersion"]?.string ?? ""
    description = members["Description"]?.string ?? ""
    revisionID = members["RevisionId"]?.string ?? ""
    let entries = members["RoutingConfig"]?["AdditionalVersionWeights"]?.object?.members ?? []
    weights = Dictionary(entries.compactMap { key, value in value.double.map { (key, $0) } }) { $1 }
  }

  /// Whether it points exactly there.
  func points(to version: String, weights: [String: Double], description: String) -> Bool {
    functionVersion == version && self.description == description
      && self.weights.filter { $0.value != 0 } == weights.filter { $0.value != 0 }
  }
}
