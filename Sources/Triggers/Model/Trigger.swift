public import Core

/// What can call a function by an edge that lamctl keeps.
public enum TriggerKind: String, Hashable, Sendable, CaseIterable, Comparable {
  case functionUrl, httpApi, s3, rule, schedule, eventSource, sns, grant
  /// What becomes of events that nobody waits for: no trigger, and kept like one.
  case eventInvoke

  /// By their words.
  public static func < (a: TriggerKind, b: TriggerKind) -> Bool { a.rawValue < b.rawValue }
}

/// One trigger as it is wanted.
public struct Trigger: Hashable, Sendable {
  /// Its name within the function: 1 to 32 letters, digits, `-` and `_`.
  public let name: String
  /// Its kind.
  public let kind: TriggerKind
  /// Its settings, under the API's names; lamctl's own keys under their own.
  public let settings: JSONObject

  /// A trigger of these values.
  public init(name: String, kind: TriggerKind, settings: JSONObject) {
    self.name = name
    self.kind = kind
    self.settings = settings
  }
}

/// What a manifest wants of the events that nobody waits for.
public enum EventInvokeWish: Hashable, Sendable {
  /// Lambda's own rules: the setting goes.
  case none
  /// Members of PutFunctionEventInvokeConfig.
  case settings(JSONObject)
}

/// The function and alias that edges lead to.
public struct EdgeScope: Hashable, Sendable {
  /// The project's name.
  public let project: String
  /// The function's logical name.
  public let function: String
  /// Its name in AWS.
  public let functionName: String
  /// Its ARN without a qualifier.
  public let functionARN: String
  /// The alias.
  public let alias: String

  /// The alias of a function.
  public init(project: String, function: String, functionName: String, functionARN: String, alias: String) {
    self.project = project
    self.function = function
    self.functionName = functionName
    self.functionARN = functionARN
    self.alias = alias
  }

  /// What every edge of ours names.
  public var aliasARN: String { "\(functionARN):\(alias)" }

  private func part(_ index: Int) -> String {
    let parts = functionARN.split(separator: ":", omittingEmptySubsequences: false)
    return parts.indices.contains(index) ? String(parts[index]) : ""
  }

  /// `aws`, or that of another group of regions.
  public var partition: String { part(1) }
  /// The region of the function, and of its edges.
  public var region: String { part(3) }
  /// The account of the function.
  public var account: String { part(4) }
}
