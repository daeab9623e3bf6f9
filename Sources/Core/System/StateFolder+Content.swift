import Glibc

extension StateFolder {
  /// The bytes of the file `name`; nil where nothing is.
  ///
  /// - Throws: ``SystemError``, also where it is a link or no file.
  package func read(_ name: String, limit: Int = Files.standardLimit) throws(SystemError) -> [UInt8]? {
    try Self.check(name)
    do throws(SystemError) {
      return try RegularFile(name, in: descriptor, links: .refused, shown: path(of: name)).content(
        limit: limit)
    } catch {
      if error.code == ENOENT { return nil }
      throw error
    }
  }

  /// Replaces the file `name` as one step: readers see the old bytes or the new, also after a crash.
  ///
  /// - Parameter settles: whether it waits for the disk. Without that a failing machine may leave an empty file, which
  ///   the reader must be able to do without.
  /// - Throws: ``SystemError``.
  package func write(_ bytes: [UInt8], to name: String, settles: Bool = true) throws(SystemError) {
    let temporary = Self.temporaryName(for: name)
    do throws(SystemError) {
      let file = try makeFile(temporary, mode: 0o600)
      defer { close(file) }
      try Files.write(bytes, to: file, path: path(of: name))
      guard !settles || fsync(file) == 0 else { throw .current("write", path(of: name)) }
      guard renameat(descriptor, temporary, descriptor, name) == 0 else {
        throw .current("write", path(of: name))
      }
    } catch {
      unlinkat(descriptor, temporary, 0)
      throw error
    }
  }

  /// Makes the file `name` with all of `bytes` in it, unless something is there; false when there was.
  ///
  /// - Throws: ``SystemError``.
  package func create(_ bytes: [UInt8], at name: String) throws(SystemError) -> Bool {
    try Self.check(name)
    let temporary = Self.temporaryName(for: name)
    defer { unlinkat(descriptor, temporary, 0) }
    let file = try makeFile(temporary, mode: 0o600)
    defer { close(file) }
    try Files.write(bytes, to: file, path: path(of: name))
    guard fsync(file) == 0 else { throw .current("write", path(of: name)) }
    // A second name for the same file: unlike a renaming this fails where there is one.
    if linkat(descriptor, temporary, descriptor, name, 0) == 0 { return true }
    if errno == EEXIST { return false }
    throw .current("write", path(of: name))
  }

  /// A name beside `name` for what is not finished; see ``NameForm/temporary(of:)``.
  package static func temporaryName(for name: String) -> String {
    "\(name).\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
  }

  /// Adds bytes to the end of the file `name`.
  ///
  /// - Throws: ``SystemError``.
  package func append(_ bytes: [UInt8], to name: String) throws(SystemError) {
    try Self.check(name)
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let file = openat(descriptor, name, flags, 0o600)
    guard file >= 0 else { throw .current("write", path(of: name)) }
    defer { close(file) }
    try Files.write(bytes, to: file, path: path(of: name))
  }

  /// Makes the file `name`, which must not be there yet, and opens it to write and read; the caller closes it.
  ///
  /// - Throws: ``SystemError``.
  package func makeFile(_ name: String, mode: UInt32) throws(SystemError) -> Int32 {
    try Self.check(name)
    let file = openat(descriptor, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard file >= 0 else { throw .current("write", path(of: name)) }
    // Whatever the umask took away.
    guard fchmod(file, mode) == 0 else {
      let error = SystemError.current("write", path(of: name))
      close(file)
      throw error
    }
    return file
  }

  /// Makes the symbolic link `name`, which must not be there yet.
  ///
  /// - Throws: ``SystemError``.
  package func makeLink(_ name: String, to target: String) throws(SystemError) {
    try Self.check(name)
    guard symlinkat(target, descriptor, name) == 0 else { throw .current("link", path(of: name)) }
  }

  /// Whether there is anything called `name`, be it a link that leads nowhere.
  package func contains(_ name: String) -> Bool { status(of: name) != nil }

  /// Whether `name` is a folder; a link to one is none.
  package func isFolder(_ name: String) -> Bool { status(of: name)?.isFolder ?? false }

  /// What the system knows of `name`, of a link itself; nil where nothing is.
  package func status(of name: String) -> FileStatus? {
    var status = stat()
    guard (try? Self.check(name)) != nil,
      fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    else { return nil }
    return FileStatus(status)
  }

  /// What the system knows of the folder itself; nil when it says nothing.
  package var status: FileStatus? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? FileStatus(status) : nil
  }

  /// The names in it in byte order; those that are not UTF-8 are none of lamctl's and left out.
  ///
  /// - Throws: ``SystemError``.
  package func names() throws(SystemError) -> [String] {
    try FolderListing.names(of: descriptor, shown: path).compactMap { name in
      String(validating: name.dropLast().lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes what is called `name`, a folder with all that is in it; nothing there is no error.
  ///
  /// - Throws: ``SystemError``.
  package func remove(_ name: String) throws(SystemError) {
    try Self.check(name)
    try Removal.remove(name, in: descriptor, shown: path(of: name))
  }

  /// Removes whatever has a name of one of `forms` and is not wanted: what lamctl did not name stays.
  ///
  /// - Throws: ``SystemError``.
  package func remove(
    _ forms: [NameForm], where isUnwanted: (_ name: String) -> Bool
  ) throws(SystemError) {
    for name in try names() where forms.contains(where: { $0.matches(name) }) && isUnwanted(name) {
      try remove(name)
    }
  }

  /// Moves what is called `name` into `folder` under another name, in one step. What is there must be of the same kind
  /// and, for a folder, empty.
  ///
  /// - Throws: ``SystemError``.
  package func move(_ name: String, to folder: StateFolder, as newName: String) throws(SystemError) {
    try Self.check(name)
    try Self.check(newName)
    guard renameat(descriptor, name, folder.descriptor, newName) == 0 else {
      throw .current("move", path(of: name))
    }
  }

  /// Waits until the disk has the names in it: a file that was replaced is the new one after any crash.
  ///
  /// - Throws: ``SystemError``.
  package func settle() throws(SystemError) {
    guard fsync(descriptor) == 0 else { throw .current("write", path) }
  }

  /// Makes now the time of the last change of `name`.
  package func touch(_ name: String) { utimensat(descriptor, name, nil, AT_SYMLINK_NOFOLLOW) }
}
