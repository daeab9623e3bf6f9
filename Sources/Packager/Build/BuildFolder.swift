internal import Core
import Glibc

/// A folder outside of the repository, for the time of one build: nothing of the repository lies above it, so that no
/// build finds there what it does not declare.
final class BuildFolder: Sendable {
  /// The folder itself.
  let folder: StateFolder
  private let lock: Int32

  private static let prefix = "lamctl-build"
  private static let lockName = "lock"
  /// How long a folder without a lock may be one that is just being made, in seconds.
  private static let youth = 3_600

  /// Makes one in the system's folder for temporary files, and removes those that runs before left when they died.
  ///
  /// - Parameter now: seconds since 1970.
  init(now: Int) throws(PackagerError) {
    let made = try system { () throws(SystemError) -> (StateFolder, Int32) in
      let path = try Files.makeTemporaryFolder(prefix: Self.prefix)
      guard let folder = try StateFolder.existing(path), let lock = try folder.lock(Self.lockName) else {
        throw SystemError(operation: "lock", subject: path, code: EBUSY)
      }
      return (folder, lock)
    }
    folder = made.0
    lock = made.1
    Self.removeLeftovers(beside: folder.path, now: now)
  }

  deinit { close(lock) }

  /// Removes it with all that is in it.
  func remove() { try? Files.remove(folder.path) }

  /// Removes the user's own folders of builds that no process holds.
  static func removeLeftovers(beside path: String, now: Int) {
    let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    for name in (try? Files.names(in: parent)) ?? [] where name.hasPrefix(prefix + ".") {
      let other = "\(parent)/\(name)"
      guard other != path, let folder = try? StateFolder.existing(other), let status = folder.status,
        status.owner == geteuid()
      else { continue }
      let isHeld = folder.contains(lockName) ? folder.isLocked(lockName) : status.changed > now - youth
      if !isHeld { try? Files.remove(other) }
    }
  }
}
