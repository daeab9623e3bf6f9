internal import Core
import Glibc

/// A folder of this machine, or one that a CI system carries from machine to machine.
package struct FolderStore: ArtifactStore {
  /// As users write it.
  package let place: String
  /// Absolute.
  private let path: String

  /// Whether it is one of lamctl's own, and nobody else's to look into.
  private let isOwn: Bool

  /// The folder at the absolute `path`, which is made when it is needed; messages call it `place`.
  ///
  /// - Parameter isOwn: whether it belongs to lamctl, as `.lamctl` does; else it stays as open to others as it is.
  package init(path: String, place: String, isOwn: Bool = false) {
    self.path = path
    self.place = place
    self.isOwn = isOwn
  }

  /// The bytes of a file; nil where there is none, an error where a link is.
  package func read(_ name: String, limit: Int) async throws(PackagerError) -> [UInt8]? {
    try told { () throws(SystemError) in
      guard let (folder, name) = try existing(name) else { return nil }
      return try folder.read(name, limit: limit)
    }
  }

  /// Copies a file; false where there is none.
  package func fetch(_ name: String, to path: String, limit: Int) async throws(PackagerError) -> Bool {
    try await Threads.run { () throws(PackagerError) in
      try told { () throws(SystemError) in
        guard let (folder, name) = try existing(name), folder.contains(name) else { return false }
        let source = folder.path(of: name)
        if let size = folder.status(of: name)?.size, size > limit {
          throw SystemError(operation: "read", subject: source, code: EFBIG)
        }
        try FileCopy.copy(source, links: .refused, to: path, limit: limit)
        return true
      }
    }
  }

  /// Whether the zip is there with these very bytes.
  package func holds(_ name: String, sha256: String, size: Int) async throws(PackagerError) -> Bool {
    await Threads.run { isThere(name, sha256: sha256, size: size) }
  }

  private func isThere(_ name: String, sha256: String, size: Int) -> Bool {
    guard let found = try? existing(name), found.0.status(of: found.1)?.size == size else { return false }
    var buffer = [UInt8](repeating: 0, count: FileHash.bufferSize)
    let digest = try? FileHash.content(found.0.path(of: found.1), buffer: &buffer, hasher: SHA256()).digest
    return digest?.hex == sha256
  }

  /// Replaces a file as one step.
  package func write(_ bytes: [UInt8], to name: String) async throws(PackagerError) {
    try told { () throws(SystemError) in
      let (folder, name) = try made(name)
      try folder.write(bytes, to: name)
    }
  }

  /// Makes a file unless there is one.
  package func create(_ bytes: [UInt8], at name: String) async throws(PackagerError) -> Bool {
    try told { () throws(SystemError) in
      let (folder, name) = try made(name)
      return try folder.create(bytes, at: name)
    }
  }

  /// Gives the zip a second name here, or copies it.
  package func add(_ zip: ZipFile, as name: String, replaces: Bool) async throws(PackagerError) {
    try await Threads.run { () throws(PackagerError) in
      if isThere(name, sha256: zip.sha256.hex, size: zip.size) { return }
      try told { () throws(SystemError) in
        let (folder, name) = try made(name)
        let temporary = StateFolder.temporaryName(for: name)
        do throws(SystemError) {
          // Nobody writes into a finished zip: a second name is as good as a copy, where the file system can do that.
          if link(zip.path, folder.path(of: temporary)) != 0 {
            try FileCopy.copy(zip.path, links: .followed, to: folder.path(of: temporary), limit: zip.size)
            try Disk.settle(folder.path(of: temporary))
          }
          try folder.move(temporary, to: folder, as: name)
        } catch {
          try? folder.remove(temporary)
          throw error
        }
      }
    }
  }

  private static func split(_ name: String) -> (folders: [String], last: String) {
    let parts = name.split(separator: "/").map(String.init)
    return (Array(parts.dropLast()), parts.last ?? "")
  }

  private func existing(_ name: String) throws(SystemError) -> (StateFolder, String)? {
    let (folders, last) = Self.split(name)
    guard var folder = try StateFolder.existing(path) else { return nil }
    for part in folders {
      guard let next = try folder.existingFolder(part) else { return nil }
      folder = next
    }
    return (folder, last)
  }

  private func made(_ name: String) throws(SystemError) -> (StateFolder, String) {
    let (folders, last) = Self.split(name)
    return (try folder(folders), last)
  }

  private func folder(_ parts: [String]) throws(SystemError) -> StateFolder {
    if !isOwn { try Files.createFolder(path) }
    let top = try isOwn ? StateFolder.make(path) : StateFolder.existing(path)
    guard var folder = top else { throw SystemError(operation: "open", subject: path, code: ENOENT) }
    for part in parts { folder = try folder.folder(part) }
    return folder
  }

  private func told<Result>(_ body: () throws(SystemError) -> Result) throws(PackagerError) -> Result {
    do throws(SystemError) {
      return try body()
    } catch {
      throw .store(place: place, reason: error.description, isPermission: false)
    }
  }
}
