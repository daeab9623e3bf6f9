internal import AWSClient

/// Tells whether somebody has moved an alias, weights beside a version that is to serve alone included.
///
/// Lambda sets such weights itself while it moves the alias's provisioned concurrency from the version before: what is
/// provably that is nobody's move.
package struct StrayWeights: Sendable {
  private let lambda: any LambdaSettingReading

  /// A reader of the account that `lambda` asks.
  package init(lambda: any LambdaSettingReading) {
    self.lambda = lambda
  }

  /// How the alias has been moved since its record was written; nil where it has not.
  ///
  /// One GetProvisionedConcurrencyConfig, and only where there are weights that the record does not know. Where that
  /// cannot be read nothing is proved, and the weights count as a move.
  package func move(of snapshot: AliasSnapshot, functionName: String) async -> AliasMove? {
    if let move = snapshot.move { return move }
    guard let stray = snapshot.strayWeights else { return nil }
    do throws(AWSError) {
      let provisioned = try await lambda.getProvisionedConcurrencyConfig(
        functionName, qualifier: snapshot.alias.name)
      return Self.isLambdas(snapshot, provisioned) ? nil : stray
    } catch {
      return stray
    }
  }

  /// Whether Lambda itself has set the weights: provisioned concurrency is on its way, from a version that the record
  /// knows to have served before.
  static func isLambdas(_ snapshot: AliasSnapshot, _ provisioned: ProvisionedConcurrency?) -> Bool {
    guard let provisioned, provisioned.status == "IN_PROGRESS", let record = snapshot.record else {
      return false
    }
    let former = Set(record.badVersions + [record.stable, record.canary, record.previous].compactMap { $0 })
    return former.isSuperset(of: snapshot.alias.others.keys)
  }
}
