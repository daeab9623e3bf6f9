package import Core
internal import LambdaSettings

/// The configuration files as JSON Schema (draft 2020-12), made from the tables that parse them.
package enum ConfigSchema {
  /// The schema of `lamctl.json`. That of `function.json` is under `$defs`, as `function.json`.
  package static var json: JSON { document(of: .root, adding: [.functionFile]) }

  /// The schema of `function.json`.
  package static var functionFile: JSON { document(of: .functionFile, adding: []) }

  private static func document(of table: ConfigTable, adding others: [ConfigTable]) -> JSON {
    var definitions = JSONObject()
    var object = JSONObject([
      ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", .string(table.title)),
    ])
    object = object.merging(members(of: table, into: &definitions))
    for other in others { define(other, into: &definitions) }
    object["$defs"] = .object(definitions)
    return .object(object)
  }

  private static func define(_ table: ConfigTable, into definitions: inout JSONObject) {
    guard definitions[table.title] == nil else { return }
    definitions[table.title] = .object(JSONObject())
    definitions[table.title] = .object(members(of: table, into: &definitions))
  }

  private static func members(of table: ConfigTable, into definitions: inout JSONObject) -> JSONObject {
    var properties = JSONObject()
    for key in table.keys {
      var schema = schema(of: key.type, into: &definitions)
      schema["description"] = .string(key.doc)
      properties[key.name] = .object(schema)
    }
    var object = JSONObject([
      ("type", "object"), ("properties", .object(properties)), ("additionalProperties", false),
    ])
    let required = table.keys.filter(\.isRequired).map { JSON.string($0.name) }
    if !required.isEmpty { object["required"] = .array(required) }
    return object
  }

  private static func schema(of type: ConfigType, into definitions: inout JSONObject) -> JSONObject {
    switch type {
    case .string: return JSONObject([("type", "string")])
    case .text(let rule): return JSONObject([("type", "string"), ("pattern", .string(rule.pattern))])
    case .setting(let rule):
      var object = JSONObject([("type", "string")])
      if rule.length.lowerBound > 0 { object["minLength"] = .int(rule.length.lowerBound) }
      if rule.length.upperBound < Int.max { object["maxLength"] = .int(rule.length.upperBound) }
      object["pattern"] = rule.pattern.map { .string("^(?:\($0.source))$|\\$\\{") }
      return object
    case .choice(let words): return JSONObject([("enum", .array(words.map(JSON.string)))])
    case .boolean: return JSONObject([("type", "boolean")])
    case .integer(let range):
      return JSONObject([
        ("type", "integer"), ("minimum", .int(range.lowerBound)), ("maximum", .int(range.upperBound)),
      ])
    case .number(let range):
      return JSONObject([
        ("type", "number"), ("minimum", .double(range.lowerBound)), ("maximum", .double(range.upperBound)),
      ])
    case .list(let element):
      return JSONObject([("type", "array"), ("items", .object(schema(of: element, into: &definitions)))])
    case .map(let value):
      return JSONObject([
        ("type", "object"), ("additionalProperties", .object(schema(of: value, into: &definitions))),
      ])
    case .counted(let element, let count):
      var object = self.schema(of: .list(element), into: &definitions)
      if count.lowerBound > 0 { object["minItems"] = .int(count.lowerBound) }
      object["maxItems"] = .int(count.upperBound)
      return object
    case .texts(let rule):
      var object = JSONObject([("type", "object"), ("additionalProperties", ["type": "string"])])
      object["propertyNames"] = .object(schema(of: .setting(rule.key), into: &definitions))
      if rule.count.upperBound < Int.max { object["maxProperties"] = .int(rule.count.upperBound) }
      return object
    case .optional(let inner):
      return JSONObject([("anyOf", [.object(schema(of: inner, into: &definitions)), ["type": "null"]])])
    case .object(let table):
      define(table, into: &definitions)
      let name = table.title.replacing("~", with: "~0").replacing("/", with: "~1")
      return JSONObject([("$ref", .string("#/$defs/" + name))])
    case .either(let plain, let table):
      return JSONObject([
        (
          "anyOf",
          .array([
            .object(schema(of: plain, into: &definitions)),
            .object(schema(of: .object(table), into: &definitions)),
          ])
        )
      ])
    case .any: return JSONObject()
    }
  }
}
