public import Core

/// The settings of a Lambda function that a manifest owns, sorted by the call that each belongs to.
///
/// A setting that is absent is never touched.
public struct FunctionSettings: Hashable, Sendable {
  /// All settings, under the member names of CreateFunction.
  public let members: JSONObject
  /// What nobody has stated, and a new function needs all the same: runtime, architecture, handler, package type. It is
  /// never written to a function that exists.
  public let inferred: JSONObject
  /// How `Environment` is owned.
  public let environmentMode: EnvironmentMode

  /// Settings under the member names of CreateFunction; `FunctionName` and `Code` are not among them.
  public init(
    _ members: JSONObject, inferred: JSONObject = JSONObject(), environmentMode: EnvironmentMode = .replace
  ) {
    var members = members
    if environmentMode == .unmanaged { members["Environment"] = nil }
    self.members = members
    self.inferred = inferred
    self.environmentMode = environmentMode
  }

  /// `Architectures` goes with the code in an update.
  public var architectures: [String]? { members["Architectures"]?.array?.compactMap(\.string) }

  /// `Tags` has an API of its own after the creation.
  public var tags: [String: String] {
    var tags: [String: String] = [:]
    for (key, value) in members["Tags"]?.object?.members ?? [] { tags[key] = value.string }
    return tags
  }

  /// `ReservedConcurrentExecutions` has an API of its own.
  public var reservedConcurrency: Int? { members["ReservedConcurrentExecutions"]?.int }

  /// The request of CreateFunction but for name and code.
  public var forCreation: JSONObject {
    without(["ReservedConcurrentExecutions"], of: inferred.merging(members))
  }

  /// The request of UpdateFunctionConfiguration, given what the function has now.
  public func forUpdate(of current: JSONObject) -> JSONObject {
    var update = without(
      [
        "Architectures", "Tags", "ReservedConcurrentExecutions", "PackageType", "Publish",
        "CodeSigningConfigArn",
      ],
      of: members)
    if environmentMode == .merge, let own = update["Environment"]?.object {
      var there = JSONObject()
      there["Variables"] = current["Environment"]?["Variables"] ?? [:]
      update["Environment"] = .object(there.merging(own))
    }
    return update
  }

  private func without(_ names: [String], of object: JSONObject) -> JSONObject {
    var rest = object
    for name in names { rest[name] = nil }
    return rest
  }
}
