internal import Core

/// What a function is called in AWS.
struct FunctionNaming {
  let config: WorkspaceConfig
  let environment: String
  let function: DiscoveredFunction

  /// `template` with `{project}`, `{function}` and `{environment}` filled in.
  func fill(_ template: String) -> String {
    let words = [
      ("{project}", config.project), ("{function}", function.name), ("{environment}", environment),
    ]
    let bytes = Array(template.utf8)
    var filled: [UInt8] = []
    var index = 0
    while index < bytes.count {
      // `${function}` is interpolation and resolved with the rest.
      let isPlain = bytes[index] != UInt8(ascii: "{") || (index > 0 && bytes[index - 1] == UInt8(ascii: "$"))
      let found = isPlain ? nil : words.first { bytes[index...].starts(with: $0.0.utf8) }
      if let (word, value) = found {
        filled += value.utf8
        index += word.utf8.count
      } else {
        filled.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: filled, as: UTF8.self)
  }

  /// The name that `configured`, filled in and interpolated, or else the template gives.
  func functionName(_ configured: ConfigValue?) throws(PackagerError) -> String {
    if configured == nil, config.nameTemplate.contains("{function}") { try requirePlainName() }
    let name = configured?.string ?? fill(config.nameTemplate)
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case 45, 48...57, 65...90, 95, 97...122: true
      default: false
      }
    }
    guard isPlain, (1...64).contains(name.utf8.count) else {
      throw .config(
        location: configured?.location ?? config.value["name"]?.location ?? function.path.description,
        reason: "'\(name)' cannot name a function: write 1 to 64 letters, digits, hyphens and underscores")
    }
    return name
  }

  /// What the layer made of `folder` is called in AWS: as functions are, with the folder's name.
  func layerName(_ folder: RepositoryPath, at element: ConfigValue) throws(PackagerError) -> String {
    let generic: Set<String> = ["layer", "layers", "python", "nodejs"]
    let part = Naming.parts(folder).last { !generic.contains($0.lowercased()) } ?? folder.name
    let template = config.nameTemplate.contains("{function}") ? config.nameTemplate : "{project}-{function}"
    let words = ["project": config.project, "function": Naming.clean(part), "environment": environment]
    let name = words.reduce(template) { $0.replacing("{\($1.key)}", with: $1.value) }
    guard Naming.clean(name) == name, (1...64).contains(name.utf8.count) else {
      throw element.error(
        "\"layers\": '\(name.escaped)' cannot name a layer: 1 to 64 letters, digits, hyphens and underscores")
    }
    return name
  }

  /// Throws where the logical name was made from one with characters that AWS does not take: it is never silently
  /// another.
  private func requirePlainName() throws(PackagerError) {
    let written = [function.nameParts.last, function.entry].compactMap { $0 }
    guard let foreign = written.first(where: { Naming.clean($0) != $0 }) else { return }
    let file = function.unit.appending("function.json")
    throw .config(
      location: function.path.description,
      reason:
        "'\(foreign.escaped)' cannot be in a function's name, which has letters, digits, hyphens and underscores:"
        + " write \"functionName\" into \(file)")
  }
}
