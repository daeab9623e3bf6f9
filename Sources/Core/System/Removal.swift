import Glibc

/// Removes files and whole folders without ever following a link: every step is taken from an open folder.
enum Removal {
  /// The most folders inside one another that are removed.
  private static let deepest = 512

  /// Removes what `name` is in the folder of `descriptor`; nothing there is no error.
  ///
  /// - Parameter shown: what errors call it.
  static func remove(_ name: String, in descriptor: Int32, shown: String? = nil) throws(SystemError) {
    try remove(Array(name.utf8CString), in: descriptor, shown: shown ?? name, depth: 0)
  }

  private static func remove(
    _ name: [CChar], in descriptor: Int32, shown: String, depth: Int
  ) throws(SystemError) {
    if unlinkat(descriptor, name, 0) == 0 || errno == ENOENT { return }
    guard errno == EISDIR || errno == EPERM else { throw .current("remove", shown) }
    let inner = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard inner >= 0 else {
      if errno == ENOENT { return }
      throw .current("remove", shown)
    }
    defer { close(inner) }
    guard depth < deepest else {
      throw SystemError(
        operation: "remove", subject: shown, code: ELOOP, note: "its folders lie too deep in one another")
    }
    // A build may have left folders in which not even their owner may write.
    _ = fchmod(inner, 0o700)
    for entry in try FolderListing.names(of: inner, shown: shown) {
      try remove(entry, in: inner, shown: shown, depth: depth + 1)
    }
    guard unlinkat(descriptor, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
      throw .current("remove", shown)
    }
  }
}

/// What is in an open folder.
enum FolderListing {
  /// The names but `.` and `..`, in the system's order and with the closing zero, whatever bytes they are of.
  static func names(of descriptor: Int32, shown: String) throws(SystemError) -> [[CChar]] {
    // Its own: closing the stream closes the descriptor, and reading moves its place.
    let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0, let stream = fdopendir(own) else {
      let error = SystemError.current("list", shown)
      if own >= 0 { close(own) }
      throw error
    }
    defer { closedir(stream) }
    var names: [[CChar]] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
      }
      if name != [46, 0], name != [46, 46, 0] { names.append(name) }
    }
    return names
  }
}
