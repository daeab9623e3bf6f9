package import Core

/// What can call a function by an edge that lamctl keeps.
package enum TriggerKind: String, Hashable, Sendable, CaseIterable, Comparable {
  case functionUrl, httpApi, s3, rule, schedule, eventSource, sns, grant
  /// What becomes of events that nobody waits for: no trigger, and kept like one.
  case eventInvoke

  /// By their words.
  package static func < (a: TriggerKind, b: TriggerKind) -> Bool { a.rawValue < b.rawValue }
}

/// One trigger as it is wanted.
package struct Trigger: Hashable, Sendable {
  /// Its name within the function: 1 to 32 letters, digits, `-` and `_`.
  package let name: String
  /// Its kind.
  package let kind: TriggerKind
  /// Its settings, under the API's names; lamctl's own keys under their own.
  package let settings: JSONObject

  /// A trigger of these values.
  package init(name: String, kind: TriggerKind, settings: JSONObject) {
    self.name = name
    self.kind = kind
    self.settings = settings
  }
}

/// What a manifest wants of the events that nobody waits for.
package enum EventInvokeWish: Hashable, Sendable {
  /// Lambda's own rules: the setting goes.
  case none
  /// Members of PutFunctionEventInvokeConfig.
  case settings(JSONObject)
}

/// The function and alias that edges lead to.
package struct EdgeScope: Hashable, Sendable {
  /// The project's name.
  package let project: String
  /// The function's logical name.
  package let function: String
  /// Its name in AWS.
  package let functionName: String
  /// Its ARN without a qualifier.
  package let functionARN: String
  /// The alias.
  package let alias: String

  /// The alias of a function.
  package init(project: String, function: String, functionName: String, functionARN: String, alias: String) {
    self.project = project
    self.function = function
    self.functionName = functionName
    self.functionARN = functionARN
    self.alias = alias
  }

  /// What every edge of ours names.
  package var aliasARN: String { "\(functionARN):\(alias)" }

  private func part(_ index: Int) -> String {
    let parts = functionARN.split(separator: ":", omittingEmptySubsequences: false)
    return parts.indices.contains(index) ? String(parts[index]) : ""
  }

  /// `aws`, or that of another group of regions.
  package var partition: String { part(1) }
  /// The region of the function, and of its edges.
  package var region: String { part(3) }
  /// The account of the function.
  package var account: String { part(4) }
}
