internal import Core
internal import LambdaSettings

extension DefinitionMaker {
  /// The members of `value` that `keys` know, under the API's names; keys of maps are data and stay.
  static func api(_ value: ConfigValue, keys: [ConfigKey]) -> JSONObject {
    var object = JSONObject()
    for member in value.members {
      guard let key = keys.first(where: { $0.name == member.key }), let name = key.api else { continue }
      object[name] = api(member.value, key.type)
    }
    return object
  }

  private static func api(_ value: ConfigValue, _ type: ConfigType) -> JSON {
    switch type {
    case .object(let table): .object(api(value, keys: table.keys))
    case .list(let element), .counted(let element, _): .array(value.elements.map { api($0, element) })
    case .either: value["arn"]?.json ?? value.json
    case .optional(let inner): value.json == .null ? .null : api(value, inner)
    case .string, .text, .setting, .choice, .boolean, .integer, .number, .map, .texts, .any: value.json
    }
  }

  /// `environment.variables.X` as the API spells it.
  static func apiPath(_ path: [String]) -> String {
    var keys = ConfigTable.settings
    var names: [String] = []
    for part in path {
      guard let key = keys.first(where: { $0.name == part }) else {
        names.append(part)
        continue
      }
      names.append(key.api ?? part)
      var type = key.type
      if case .list(let element) = type { type = element }
      if case .counted(let element, _) = type { type = element }
      keys = if case .object(let table) = type { table.keys } else { [] }
    }
    return names.joined(separator: ".")
  }
}
