internal import Core
import Glibc

/// A folder for the time of one build, on the cache's file system. What a killed process leaves of it is removed by the
/// next one.
struct CacheWork: Sendable {
  /// The name of the tree that is to be kept.
  static let tree = "tree"

  let parent: StateFolder
  let name: String
  let folder: StateFolder

  /// Makes one below `parent`.
  init(in parent: StateFolder) throws(SystemError) {
    self.parent = parent
    var attempts = 16
    while true {
      let name = "\(getpid())-\(UInt64.random(in: 0 ... .max))"
      do throws(SystemError) {
        folder = try parent.makeUsed(name)
      } catch {
        attempts -= 1
        guard attempts > 0, [EEXIST, EBUSY, ENOENT].contains(error.code) else { throw error }
        continue
      }
      self.name = name
      return
    }
  }

  /// Where the tree that is to be kept goes.
  func treeFolder() throws(PackagerError) -> StateFolder {
    try system { () throws(SystemError) in try folder.folder(Self.tree) }
  }

  /// Removes it with all that is in it.
  func remove() {
    // It is in use until then.
    withExtendedLifetime(folder) { try? parent.remove(name) }
  }
}
