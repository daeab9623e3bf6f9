import Glibc

/// Whole files and folders, by path, through POSIX.
package enum Files {
  /// The most bytes of a file that is read whole where nothing else is said: far more than any manifest or source has.
  package static let standardLimit = 64 << 20

  /// The bytes of a file; see ``RegularFile`` for what is none.
  ///
  /// - Parameter limit: the most bytes to accept; a longer file is an error with `EFBIG`.
  /// - Throws: ``SystemError``.
  package static func read(_ path: String, limit: Int = standardLimit) throws(SystemError) -> [UInt8] {
    try RegularFile(path).content(limit: limit)
  }

  static func tooLarge(_ path: String, limit: Int) -> SystemError {
    let size = limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit) bytes"
    return SystemError(
      operation: "read", subject: path, code: EFBIG, note: "it is larger than \(size), the most that is read")
  }

  /// The bytes that come out of an open descriptor until its end.
  ///
  /// - Throws: ``SystemError``, naming `path`.
  package static func readAll(
    from descriptor: Int32, path: String, limit: Int = standardLimit
  ) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw .current("read", path)
      }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= limit else { throw tooLarge(path, limit: limit) }
    }
  }

  /// The same where the system has said how many bytes to expect: as a rule one call reads them, into their place.
  static func readAll(
    from descriptor: Int32, path: String, limit: Int, expected: Int
  ) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    var isWhole = false
    // One byte more than there should be shows the end without another call.
    let bytes = [UInt8](unsafeUninitializedCapacity: expected + 1) { buffer, count in
      while count < buffer.count, let base = buffer.baseAddress {
        let read = Glibc.read(descriptor, base + count, buffer.count - count)
        if read < 0 {
          if errno == EINTR { continue }
          failure = .current("read", path)
          return
        }
        count += read
        if read == 0 || count == expected {
          isWhole = true
          return
        }
      }
    }
    if let failure { throw failure }
    guard !isWhole else { return bytes }
    // It has grown since, or the system did not say.
    let all = bytes + (try readAll(from: descriptor, path: path, limit: limit))
    guard all.count <= limit else { throw tooLarge(path, limit: limit) }
    return all
  }

  /// Replaces a file as one step: readers see the old bytes or the new, also after a crash.
  ///
  /// - Throws: ``SystemError``.
  package static func writeAtomically(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644
  ) throws(SystemError) {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .current("write", path) }
    do throws(SystemError) {
      defer { close(descriptor) }
      try write(bytes, to: descriptor, path: path)
      guard fsync(descriptor) == 0 else { throw .current("write", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let error = SystemError.current("write", path)
      unlink(temporary)
      throw error
    }
  }

  /// Writes all of `bytes` to an open descriptor.
  ///
  /// - Throws: ``SystemError``, naming `path`.
  package static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .current("write", path)
      }
      done += count
    }
  }

  /// Makes a folder and those above it where they are missing.
  ///
  /// - Throws: ``SystemError``.
  package static func createFolder(_ path: String) throws(SystemError) {
    if mkdir(path, 0o755) == 0 || (errno == EEXIST && isFolder(path)) { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw .current("create the folder", path)
    }
    try createFolder(String(path[..<slash]))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .current("create the folder", path) }
  }

  /// Removes a file, or a folder with all that is in it; nothing there is no error. Links are removed, not followed.
  ///
  /// - Throws: ``SystemError``.
  package static func remove(_ path: String) throws(SystemError) { try Removal.remove(path, in: AT_FDCWD) }

  /// The names in a folder but `.` and `..`, in byte order.
  ///
  /// - Throws: ``SystemError``.
  package static func names(in path: String) throws(SystemError) -> [String] {
    guard let stream = opendir(path) else { throw .current("list", path) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Whether anything but a dangling link is there.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether a folder is there (links followed).
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// A new empty folder under the system's folder for temporary files.
  ///
  /// - Throws: ``SystemError``.
  package static func makeTemporaryFolder(prefix: String) throws(SystemError) -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/\(prefix).XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .current("create a folder in", parent) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The folder this process works in.
  package static var currentFolder: String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }
}
