internal import Core

/// The manifests of tools that are written in TOML: `Cargo.toml`, `pyproject.toml`, `Pipfile`.
enum TOMLText {
  /// What `bytes` say; nothing where they are no TOML, which ``fault(in:of:)`` tells.
  static func object(_ bytes: [UInt8]) -> JSON {
    (try? JSONNode(toml: bytes))?.json ?? .object(JSONObject())
  }

  /// What is wrong with the TOML of `file`, if anything.
  static func fault(in bytes: [UInt8], of file: RepositoryPath) -> PackagerError? {
    do throws(JSONSyntaxError) {
      _ = try JSONNode(toml: bytes)
      return nil
    } catch {
      return .config(
        location: "\(file):\(error.position.line):\(error.position.column)",
        reason: "it is no TOML: \(error.reason)")
    }
  }
}

extension JSON {
  /// The value at the end of a way through tables: `["tool", "uv", "sources"]`.
  func at(_ way: String...) -> JSON? {
    var value: JSON? = self
    for key in way { value = value?[key] }
    return value
  }

  /// The named values of a table.
  var tableMembers: [(key: String, value: JSON)] { object?.members.map { ($0.key, $0.value) } ?? [] }

  /// The texts of a list.
  var texts: [String] { array?.compactMap(\.string) ?? [] }
}
