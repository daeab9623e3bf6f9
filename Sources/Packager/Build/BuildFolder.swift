internal import Core
import Glibc

/// A folder outside of the repository, for the time of one build: nothing of the repository lies above it, so that no
/// build finds there what it does not declare.
final class BuildFolder: Sendable {
  /// The folder itself, which is this build's for as long as this value, or the process, lives.
  let folder: StateFolder

  private static let prefix = "lamctl-build"

  /// Makes one in the system's folder for temporary files, and removes those that runs before left when they died.
  init() throws(PackagerError) {
    folder = try system { () throws(SystemError) in try StateFolder.makeTemporary(prefix: Self.prefix) }
    Self.removeLeftovers(beside: folder.path)
  }

  /// Removes it with all that is in it.
  func remove() { try? Files.remove(folder.path) }

  /// Removes the user's own folders of builds that no process has taken.
  static func removeLeftovers(beside path: String) {
    let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    for name in (try? Files.names(in: parent)) ?? [] where name.hasPrefix(prefix + ".") {
      let other = "\(parent)/\(name)"
      guard other != path, let folder = try? StateFolder.existing(other), folder.status?.owner == geteuid(),
        folder.take()
      else { continue }
      try? Files.remove(other)
    }
  }
}
