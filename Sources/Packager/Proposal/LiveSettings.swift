internal import Core
internal import LambdaSettings

/// The settings of a live function that differ from what Lambda gives to a function without them, as `function.json` has
/// them.
struct LiveSettings {
  private(set) var settings = JSONObject()

  /// - Parameter notes: gets what is not carried over, a sentence each.
  init(_ function: LiveFunction, notes: inout [String]) {
    settings["functionName"] = .string(function.functionName)
    // A function of this name without any settings.
    let bare = JSONObject([("FunctionName", .string(function.functionName))])
    for setting in SettingCatalogue.all where setting.call.needsVersion {
      guard let shown = SettingValue.shown(setting, in: function.configuration) else { continue }
      if setting.member == "Environment" {
        takeVariables(shown, function.functionName, &notes)
      } else if setting.member == "Description" {
        if shown.string?.isEmpty == false { settings[setting.key] = shown }
      } else {
        let wanted = JSONObject([(setting.member, shown)])
        let apart = SettingComparison.differences(wanted, variables: .all, from: bare, isRecorded: false)
        if !apart.isEmpty { settings[setting.key] = Self.stated(shown, setting.shape) }
      }
    }
    if let reserved = function.reservedConcurrency { settings["reservedConcurrency"] = .int(reserved) }
    // AWS's own tags cannot be set, and those of lamctl are not the manifest's.
    let tags = function.tags.filter { !$0.key.hasPrefix("aws:") && !$0.key.hasPrefix("lamctl:") }
    if !tags.isEmpty {
      settings["tags"] = .object(
        JSONObject(tags.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }))
    }
  }

  /// A value in the form of requests, with the keys of a manifest.
  private static func stated(_ value: JSON, _ shape: SettingShape) -> JSON {
    switch (shape, value) {
    case (.optional(let inner), _): stated(value, inner)
    case (.object(let members), .object(let object)):
      .object(
        JSONObject(
          members.compactMap { member in
            object[member.member].map { (member.key, stated($0, member.shape)) }
          }))
    case (.list(let element, _), .array(let elements)): .array(elements.map { stated($0, element) })
    default: value
    }
  }

  /// What looks like a secret is not written down; its value in AWS stays.
  private mutating func takeVariables(_ value: JSON, _ name: String, _ notes: inout [String]) {
    let variables = value["Variables"]?.object?.members ?? []
    guard !variables.isEmpty else { return }
    let plain = variables.filter { !Secrets.isSecretName($0.key) }
    var environment = JSONObject()
    if plain.count < variables.count {
      environment["mode"] = "merge"
      for variable in variables where Secrets.isSecretName(variable.key) {
        notes.append(
          "\(name): the variable \(variable.key) looks like a secret and stays in AWS alone: put it into SSM and write "
            + "${ssm:/…}")
      }
    }
    if !plain.isEmpty {
      // What stands there is no reference to be resolved.
      let entries = plain.map { ($0.key, JSON.string(($0.value.string ?? "").replacing("${", with: "$${"))) }
      environment["variables"] = .object(JSONObject(entries))
    }
    settings["environment"] = .object(environment)
  }
}
