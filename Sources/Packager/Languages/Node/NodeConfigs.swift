internal import Core

/// What `tsconfig.json` and `jsconfig.json` files say of where imports lead.
struct NodeConfigs: Sendable {
  /// One file with what it inherits.
  private struct Config: Sendable {
    /// Patterns with their paths from the root, in the order of the file.
    var paths: [(pattern: String, targets: [(folder: RepositoryPath, text: String)])] = []
    var base: RepositoryPath?
    /// The file, and those that it extends.
    var chain: [RepositoryPath] = []
  }

  private static let longestChain = 16

  private let index: RepositoryIndex
  private let configs: [RepositoryPath: Config]

  init(index: RepositoryIndex) {
    self.index = index
    var configs: [RepositoryPath: Config] = [:]
    for file in index.files where ["tsconfig.json", "jsconfig.json"].contains(file.name) {
      if configs[file.parent] == nil || file.name == "tsconfig.json" {
        configs[file.parent] = Self.config(file, index, depth: 0)
      }
    }
    self.configs = configs
  }

  private static func config(_ file: RepositoryPath, _ index: RepositoryIndex, depth: Int) -> Config {
    var config = Config()
    guard depth < longestChain, let bytes = index.manifest(file), let object = JSONWithComments.object(bytes)
    else {
      return config
    }
    let parents =
      object["extends"].map { $0.array?.compactMap(\.string) ?? [$0.string].compactMap { $0 } } ?? []
    for parent in parents where parent.hasPrefix(".") {
      let found = [parent, parent + ".json"].compactMap { file.parent.resolving($0) }.first(
        where: index.hasFile)
      guard let found else { continue }
      let inherited = Self.config(found, index, depth: depth + 1)
      if !inherited.paths.isEmpty { config.paths = inherited.paths }
      config.base = inherited.base ?? config.base
      config.chain += inherited.chain
    }
    let options = object["compilerOptions"]
    if let base = options?["baseUrl"]?.string { config.base = file.parent.resolving(base) }
    if let paths = options?["paths"]?.object {
      let folder = config.base ?? file.parent
      config.paths = paths.members.map { member in
        (
          pattern: member.key,
          targets: (member.value.array ?? []).compactMap(\.string).map { (folder: folder, text: $0) }
        )
      }
    }
    config.chain.append(file)
    return config
  }

  /// The paths that `specifier` in `file` may mean by the nearest settings.
  func paths(of specifier: String, in file: RepositoryPath) -> [RepositoryPath] {
    guard !configs.isEmpty, let config = index.stated(for: file.parent, { configs[$0] }) else { return [] }
    var best: (length: Int, paths: [RepositoryPath])?
    for (pattern, targets) in config.paths {
      let halves = pattern.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
      let isMatch =
        halves.count == 2
        ? specifier.hasPrefix(halves[0]) && specifier.hasSuffix(halves[1])
          && specifier.count >= halves[0].count + halves[1].count
        : specifier == pattern
      let length = halves.count == 2 ? halves[0].count : Int.max
      guard isMatch, length > best?.length ?? -1 else { continue }
      let star =
        halves.count == 2 ? String(specifier.dropFirst(halves[0].count).dropLast(halves[1].count)) : ""
      best = (length, targets.compactMap { $0.folder.resolving($0.text.replacing("*", with: star)) })
    }
    return (best?.paths ?? []) + (config.base.flatMap { $0.resolving(specifier) }.map { [$0] } ?? [])
  }

  /// The settings that hold in `folder`.
  func chain(for folder: RepositoryPath) -> [RepositoryPath] {
    index.stated(for: folder) { configs[$0]?.chain } ?? []
  }
}

/// JSON with comments and with commas before closing brackets, as TypeScript's settings have it.
enum JSONWithComments {
  static func object(_ bytes: [UInt8]) -> JSONObject? { try? JSON(parsing: plain(bytes)).object }

  /// The same without both; what stands in strings stays.
  static func plain(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    // The place of a comma that nothing but white space has followed.
    var comma: Int?
    while index < bytes.count {
      let byte = bytes[index]
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if byte == UInt8(ascii: "/"), next == UInt8(ascii: "/") {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      } else if byte == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
        index += 2
        while index + 1 < bytes.count,
          !(bytes[index] == UInt8(ascii: "*") && bytes[index + 1] == UInt8(ascii: "/"))
        {
          index += 1
        }
        index += 2
      } else if byte == UInt8(ascii: "\"") {
        comma = nil
        let start = index
        index += 1
        while index < bytes.count, bytes[index] != byte {
          index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index = min(index + 1, bytes.count)
        result += bytes[start..<index]
      } else {
        if byte == UInt8(ascii: ",") {
          comma = result.count
        } else if byte > 0x20 {
          if let place = comma, "]}".utf8.contains(byte) { result[place] = 0x20 }
          comma = nil
        }
        result.append(byte)
        index += 1
      }
    }
    return result
  }
}
