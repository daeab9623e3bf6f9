internal import Core
import Glibc

/// Copies package trees into folders.
enum TreeCopy {
  /// Writes `tree` below `folder`: the modes of the package, links as links. No link is ever written through.
  static func write(_ tree: PackageTree, to folder: StateFolder) throws(PackagerError) {
    try system { () throws(SystemError) in
      var last: (path: RepositoryPath, folder: StateFolder) = (.root, folder)
      for entry in tree.entries {
        if last.path != entry.path.parent {
          last = (entry.path.parent, try self.folder(entry.path.parent, in: folder))
        }
        let name = entry.path.name
        switch entry.content {
        case .emptyFolder: _ = try last.folder.folder(name)
        case .link(let target): try last.folder.makeLink(name, to: target)
        case .file(let source, _, let isExecutable):
          try copy(source, to: last.folder, as: name, mode: isExecutable ? 0o755 : 0o644)
        }
      }
    }
  }

  /// The folder at `path` of `top`, made where it is missing.
  static func folder(_ path: RepositoryPath, in top: StateFolder) throws(SystemError) -> StateFolder {
    var folder = top
    for name in path.components { folder = try folder.folder(name) }
    return folder
  }

  private static func copy(
    _ source: String, to folder: StateFolder, as name: String, mode: UInt32
  ) throws(SystemError) {
    let input = try RegularFile(source)
    let output = try folder.makeFile(name, mode: mode)
    defer { close(output) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(input.descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw SystemError(operation: "read", subject: source, code: errno) }
      guard count > 0 else { break }
      try Files.write(Array(buffer[..<count]), to: output, path: folder.path(of: name))
    }
  }
}
