internal import Core
import Glibc

/// Copies package trees into folders.
enum TreeCopy {
  /// Writes `tree` below `folder`: the modes of the package, links as links.
  static func write(_ tree: PackageTree, to folder: String) throws(PackagerError) {
    try system { () throws(SystemError) in
      try Files.createFolder(folder)
      var made: Set<String> = []
      for entry in tree.entries {
        let path = "\(folder)/\(entry.path)"
        let parent = RootPath.parent(path)
        if made.insert(parent).inserted { try Files.createFolder(parent) }
        switch entry.content {
        case .emptyFolder: try Files.createFolder(path)
        case .link(let target):
          guard symlink(target, path) == 0 else {
            throw SystemError(operation: "link", subject: path, code: errno)
          }
        case .file(let source, _, let isExecutable):
          try copy(source, to: path, mode: isExecutable ? 0o755 : 0o644)
        }
      }
    }
  }

  private static func copy(_ source: String, to path: String, mode: mode_t) throws(SystemError) {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw SystemError(operation: "read", subject: source, code: errno) }
    defer { close(input) }
    let output = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard output >= 0 else { throw SystemError(operation: "write", subject: path, code: errno) }
    defer { close(output) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(input, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw SystemError(operation: "read", subject: source, code: errno) }
      guard count > 0 else { break }
      try Files.write(Array(buffer[..<count]), to: output, path: path)
    }
    // Whatever the umask took away.
    guard fchmod(output, mode) == 0 else { throw SystemError(operation: "write", subject: path, code: errno) }
  }
}
