extension RootPath {
  /// The path from the root that `path` means in a file of `folder`.
  static func resolve(
    _ path: String, from folder: String, in value: ConfigValue
  ) throws(PackagerError) -> String {
    guard !path.isEmpty, let resolved = normalized(join(folder, path)), !path.hasPrefix("/") else {
      throw value.error("'\(path)' must be a path inside the repository")
    }
    return resolved
  }
}
