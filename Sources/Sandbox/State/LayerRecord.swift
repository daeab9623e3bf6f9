internal import Core

/// A version of a layer.
struct LayerVersionRecord: Sendable {
  var number: Int
  var code: CodeReference
  var description: String
  var runtimes: [String]
  var architectures: [String]
  var license: String?
  var created: Timestamp
  /// Functions that have a deleted version keep it; nobody else sees it.
  var isDeleted = false
}

/// A layer with its versions, in ascending order. Numbers are never given twice.
struct LayerRecord: Sendable {
  var name: String
  var versions: [LayerVersionRecord] = []

  /// The version of this number, unless it is deleted.
  func version(_ number: Int) -> LayerVersionRecord? {
    versions.first { $0.number == number && !$0.isDeleted }
  }
}

extension LayerRecord {
  var json: JSON { ["name": .string(name), "versions": .array(versions.map(\.json))] }

  /// Nil when `json` is not what ``json`` gives.
  init?(_ json: JSON) {
    guard let name = json["name"]?.string, let list = json["versions"]?.array else { return nil }
    var versions: [LayerVersionRecord] = []
    for element in list {
      guard let version = LayerVersionRecord(element) else { return nil }
      versions.append(version)
    }
    self.init(name: name, versions: versions)
  }
}

extension LayerVersionRecord {
  var json: JSON {
    [
      "number": .int(number), "sha256": .string(code.sha256), "hex": .string(code.hex),
      "size": .int(code.size), "description": .string(description),
      "runtimes": .array(runtimes.map(JSON.string)),
      "architectures": .array(architectures.map(JSON.string)), "license": .optional(license),
      "created": .double(created.seconds), "isDeleted": .bool(isDeleted),
    ]
  }

  init?(_ json: JSON) {
    guard let number = json["number"]?.int, number > 0, let sha256 = json["sha256"]?.string,
      let hex = json["hex"]?.string, CodeReference.isDigest(hex), let size = json["size"]?.int,
      let created = json["created"]?.moment
    else { return nil }
    self.init(
      number: number, code: CodeReference(sha256: sha256, hex: hex, size: size),
      description: json["description"]?.string ?? "",
      runtimes: json["runtimes"]?.array?.compactMap(\.string) ?? [],
      architectures: json["architectures"]?.array?.compactMap(\.string) ?? [],
      license: json["license"]?.string, created: created, isDeleted: json["isDeleted"]?.bool ?? false)
  }
}
