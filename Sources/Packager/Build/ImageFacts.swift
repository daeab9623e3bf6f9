internal import Core

/// What the container engine says of an image that it holds.
struct ImageFacts: Hashable, Sendable {
  /// The engine's name for it: `sha256:` and 64 hexadecimal digits.
  let id: String
  /// `linux`.
  let system: String
  /// `amd64` or `arm64`.
  let processor: String
  let entryPoint: [String]
  let command: [String]
  /// Bytes on the engine's disk.
  let size: Int
  /// Over what is in it: its layers, and how it runs. Not over when it was made, and not over its compressed form.
  let pkg: Digest

  /// Names the rules by which images are hashed.
  private static let digestTag = "lamctl-image-1"

  /// Reads an element of what `docker image inspect` writes; nil where it is none.
  ///
  /// Source: https://docs.docker.com/reference/api/engine/version/v1.47/#tag/Image/operation/ImageInspect
  init?(_ json: JSON) {
    guard let id = json["Id"]?.string, Self.isDigest(id), let system = json["Os"]?.string,
      let processor = json["Architecture"]?.string, let layers = json["RootFS"]?["Layers"]?.array
    else { return nil }
    self.id = id
    self.system = system
    self.processor = processor
    let settings = json["Config"] ?? .null
    entryPoint = settings["Entrypoint"]?.array?.compactMap(\.string) ?? []
    command = settings["Cmd"]?.array?.compactMap(\.string) ?? []
    size = json["Size"]?.int ?? 0
    let hasher = RecordHasher(tag: Self.digestTag)
    hasher.add([system, processor, json["Variant"]?.string ?? ""])
    hasher.add(layers.compactMap(\.string))
    hasher.add(entryPoint)
    hasher.add(command)
    hasher.add(settings["Env"]?.array?.compactMap(\.string) ?? [])
    hasher.add([settings["WorkingDir"]?.string ?? "", settings["User"]?.string ?? ""])
    pkg = hasher.digest()
  }

  static func isDigest(_ text: some StringProtocol) -> Bool {
    guard text.hasPrefix("sha256:") else { return false }
    let digits = text.utf8.dropFirst(7)
    return digits.count == 64 && digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
