internal import Core
import Glibc

/// Waiting until what was written is on the disk.
enum Disk {
  /// Threads that wait at a time: the disk writes what several ask for in one go.
  private static let waiters = 8

  /// Waits for the file at the absolute path `path`.
  static func settle(_ path: String) throws(SystemError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw SystemError(operation: "write", subject: path, code: errno) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw SystemError(operation: "write", subject: path, code: errno) }
  }

  /// Waits for all files at the absolute paths `paths`, which takes little longer than for one.
  static func settle(_ paths: [String]) throws(PackagerError) {
    let failure = Lock<SystemError?>(nil)
    Threads.forEach(count: paths.count, workers: waiters) { index in
      do throws(SystemError) { try settle(paths[index]) } catch { failure.withLock { $0 = $0 ?? error } }
    }
    if let error = failure.withLock({ $0 }) { throw .system(error) }
  }

  /// Waits for the files of a tree.
  static func settle(_ tree: PackageTree) throws(PackagerError) {
    try settle(
      tree.entries.compactMap { entry in
        if case .file(let source, _, _) = entry.content { source } else { nil }
      })
  }
}
