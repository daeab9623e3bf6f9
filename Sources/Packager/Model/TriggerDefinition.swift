package import Core

/// One trigger of a function as a repository states it.
package struct TriggerDefinition: Hashable, Sendable {
  /// Its name within the function.
  package let name: String
  /// The word of its kind: `eventSource`.
  package let kind: String
  /// Its settings under the names of the API; lamctl's own keys under their own. JSON texts are values here.
  package let settings: JSONObject
  /// Where it is stated: `function.json:12:30`.
  package let location: String
}

/// What a repository states of a function's events that nobody waits for.
package enum EventInvokeDefinition: Hashable, Sendable {
  /// Left to Lambda's own rules: the setting goes.
  case none
  /// The members of PutFunctionEventInvokeConfig.
  case settings(JSONObject)
}
