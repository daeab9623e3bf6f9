/// The classes and resources in a jar.
enum JarFile {
  /// The names of what is in the jar at an absolute path; none where it is no jar.
  static func names(_ path: String) -> [String] { (try? ForeignZip(path))?.entries.map(\.name) ?? [] }

  /// The content of the entry `name`; nil where there is none, or none that can be read.
  static func content(of name: String, in path: String, limit: Int) -> [UInt8]? {
    guard let zip = try? ForeignZip(path), let entry = zip.entries.first(where: { $0.name == name }) else {
      return nil
    }
    return try? zip.content(of: entry, limit: limit)
  }
}
