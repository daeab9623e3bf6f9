import Core
import Glibc
import Testing

@testable import Packager
@testable import lamctl

/// `docs/configuration.md`, written from the table that reads the files.
@Suite("The reference of the configuration")
struct ConfigReferenceTests {
  @Test("docs/configuration.md has every key with its type, limits and meaning")
  func reference() throws {
    let path =
      "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/docs/configuration.md"
    let text = ConfigReference.markdown(ConfigSchema.json)
    if getenv("LAMCTL_UPDATE_GOLDEN").map({ String(cString: $0) }) == "1" {
      try Files.writeAtomically(Array(text.utf8), to: path)
    }
    #expect(
      try String(decoding: Files.read(path), as: UTF8.self) == text, "differs from docs/configuration.md")
  }
}

/// A JSON Schema as pages of tables.
enum ConfigReference {
  static func markdown(_ schema: JSON) -> String {
    var text = """
      # Configuration reference

      Every key of `lamctl.json` and `function.json`, written from the table that reads these files (`lamctl schema` prints the
      same as JSON Schema, for editors). Unknown keys are errors. Keys marked * have to be there.

      ## lamctl.json

      \(table(schema))
      """
    for (name, definition) in (schema["$defs"]?.object?.members ?? []).sorted(by: { $0.key < $1.key }) {
      text += "\n## \(name)\n\n\(table(definition))"
    }
    return text
  }

  private static func table(_ schema: JSON) -> String {
    let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
    var lines = ["| key | value | meaning |", "|---|---|---|"]
    for (name, property) in schema["properties"]?.object?.members ?? [] {
      lines.append(
        "| `\(name)`\(required.contains(name) ? " *" : "") | \(type(property)) | \(cell(property["description"]?.string ?? "")) |"
      )
    }
    return lines.count > 2 ? lines.joined(separator: "\n") + "\n" : ""
  }

  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

  private static func type(_ schema: JSON) -> String {
    if let reference = schema["$ref"]?.string {
      let name = reference.replacing("#/$defs/", with: "").replacing("~1", with: "/").replacing(
        "~0", with: "~")
      return "object: [\(name)](#\(anchor(name)))"
    }
    if let words = schema["enum"]?.array {
      return words.compactMap(\.string).map { "`\($0)`" }.joined(separator: ", ")
    }
    if let choices = schema["anyOf"]?.array { return choices.map(type).joined(separator: ", or ") }
    switch schema["type"]?.string {
    case "array": return "list of " + type(schema["items"] ?? [:]) + count(schema)
    case "object":
      return schema["additionalProperties"].flatMap { $0.object }.map { "map of " + type(.object($0)) }
        ?? "object"
    case "integer", "number":
      let limits = [schema["minimum"], schema["maximum"]].compactMap { $0 }.map { $0.text() }
      let kind = schema["type"]?.string == "integer" ? "whole number" : "number"
      return limits.count == 2 ? "\(kind), \(limits[0]) to \(limits[1])" : kind
    case "string":
      guard let longest = schema["maxLength"]?.int else { return "text" }
      return "text, at most \(longest) characters"
    case "boolean": return "`true` or `false`"
    case "null": return "`null`"
    default: return "anything"
    }
  }

  private static func count(_ schema: JSON) -> String {
    schema["maxItems"]?.int.map { ", at most \($0)" } ?? ""
  }

  /// As the pages' own links have it: small letters, no dots.
  private static func anchor(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == " " }
      .replacing(" ", with: "-")
  }
}
