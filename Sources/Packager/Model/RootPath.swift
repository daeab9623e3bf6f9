/// Paths from the root of the repository: no leading slash, no `.` or `..`; empty for the root itself.
enum RootPath {
  /// `path` without `.`, `..` and doubled slashes; nil when it is absolute or leaves the root.
  static func normalized(_ path: some StringProtocol) -> String? {
    guard !path.hasPrefix("/") else { return nil }
    var parts: [Substring] = []
    for part in String(path).split(separator: "/") {
      if part == "." { continue }
      if part == ".." {
        guard parts.popLast() != nil else { return nil }
      } else {
        parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }

  static func join(_ folder: some StringProtocol, _ name: some StringProtocol) -> String {
    folder.isEmpty ? String(name) : name.isEmpty ? String(folder) : "\(folder)/\(name)"
  }

  static func parent(_ path: some StringProtocol) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  static func name(_ path: some StringProtocol) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? String(path)
  }

  /// Whether `path` is `folder` or below it.
  static func contains(_ folder: String, _ path: String) -> Bool {
    folder.isEmpty || path == folder || path.hasPrefix(folder + "/")
  }

  /// The name of `path` without its extension.
  static func stem(_ path: some StringProtocol) -> String {
    let name = name(path)
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}
