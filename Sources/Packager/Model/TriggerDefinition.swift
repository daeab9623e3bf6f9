public import Core

/// One trigger of a function as a repository states it.
public struct TriggerDefinition: Hashable, Sendable {
  /// Its name within the function.
  public let name: String
  /// The word of its kind: `eventSource`.
  public let kind: String
  /// Its settings under the names of the API; lamctl's own keys under their own. JSON texts are values here.
  public let settings: JSONObject
  /// Where it is stated: `function.json:12:30`.
  public let location: String
}

/// What a repository states of a function's events that nobody waits for.
public enum EventInvokeDefinition: Hashable, Sendable {
  /// Left to Lambda's own rules: the setting goes.
  case none
  /// The members of PutFunctionEventInvokeConfig.
  case settings(JSONObject)
}
