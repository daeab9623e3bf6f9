internal import Core

/// `package.json`, read without complaint about its keys.
enum NodeManifest {
  static func object(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONObject {
    try JSON(parsing: bytes).object ?? JSONObject()
  }

  /// That of a folder, an absolute path; nil where there is none that can be understood.
  static func read(in folder: String) -> JSONObject? {
    guard let bytes = try? Files.read(folder + "/package.json") else { return nil }
    return try? object(bytes)
  }

  /// Whether the unit, an absolute path, asks for anything to run with.
  static func hasDependencies(unit: String) -> Bool {
    guard let manifest = read(in: unit) else { return false }
    return ["dependencies", "optionalDependencies"].contains { manifest[$0]?.object?.isEmpty == false }
  }
}
