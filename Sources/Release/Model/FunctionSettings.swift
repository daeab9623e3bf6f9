internal import AWSClient
package import Core
internal import LambdaSettings

/// The settings of a Lambda function that a manifest owns.
///
/// A setting that is absent is never touched.
package struct FunctionSettings: Hashable, Sendable {
  /// All settings, under their members in the catalogue of settings: those of CreateFunction, and of the calls that some
  /// have of their own.
  package internal(set) var members: JSONObject
  /// What nobody has stated, and a new function needs all the same: runtime, architecture, handler, package type. It is
  /// never written to a function that exists.
  package let inferred: JSONObject
  /// How `Environment` is owned.
  package let environmentMode: EnvironmentMode

  /// Settings under the member names of CreateFunction; `FunctionName` and `Code` are not among them.
  package init(
    _ members: JSONObject, inferred: JSONObject = JSONObject(), environmentMode: EnvironmentMode = .replace
  ) {
    var members = members
    if environmentMode == .unmanaged { members["Environment"] = nil }
    self.members = members
    self.inferred = inferred
    self.environmentMode = environmentMode
  }

  /// Whether variables that are not stated are to go.
  var variables: VariableOwnership { environmentMode == .merge ? .named : .all }

  /// `Architectures` goes with the code in an update.
  package var architectures: [String]? { members["Architectures"]?.array?.compactMap(\.string) }

  /// `Description`, which a version has behind the line of its origin.
  var description: String { members["Description"]?.string ?? "" }

  /// `ReservedConcurrentExecutions` has an API of its own.
  package var reservedConcurrency: Int? { members["ReservedConcurrentExecutions"]?.int }

  /// The request of CreateFunction but for name and code.
  package var forCreation: JSONObject { SettingRequest.creation(inferred.merging(members)) }

  /// The request of UpdateFunctionConfiguration, given what the function has now.
  package func forUpdate(of current: JSONObject) -> JSONObject {
    SettingRequest.update(members, variables: variables, of: current)
  }

  /// What is to change about a version so that it has these settings.
  ///
  /// - Parameter isRecorded: whether the version is known to have been made of just these.
  func differences(from version: FunctionConfiguration, isRecorded: Bool) -> [SettingDifference] {
    SettingComparison.differences(
      members, variables: variables, from: version.members, isRecorded: isRecorded)
  }
}
