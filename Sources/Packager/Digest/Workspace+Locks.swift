package import Core

/// A lock file that cannot be cut to what a unit reaches, so that every change of it counts.
package struct WholeLock: Hashable, Sendable {
  /// From the root.
  package let path: RepositoryPath
  /// The folder that is built, from the root.
  package let unit: RepositoryPath
  /// Why, in half a sentence.
  package let reason: String
}

extension Workspace {
  /// The lock files that count whole for a unit of `functions`, in the order of units and paths.
  ///
  /// - Throws: ``PackagerError`` when a lock file is broken or cannot be read.
  package func wholeLocks(of functions: [DiscoveredFunction]) throws(PackagerError) -> [WholeLock] {
    let collector = InputCollector(workspace: self)
    var reader = LockReader(root: root)
    var found: [WholeLock] = []
    let projects = Dictionary(functions.map { ($0.unit, $0.project) }) { first, _ in first }
    for (unit, project) in projects.sorted(by: { $0.key < $1.key }) {
      let names = try system { () throws(SystemError) in try Files.names(in: unit.absolute(in: root)) }
      let own = names.map { WalkedFile(path: unit.appending($0), kind: .file, rule: nil) }
      for file in try collector.lockFiles(of: unit, project: project, own: own) {
        guard case .whole(let reason)? = try reader.slice(file.path, for: unit, withDevelopment: false) else {
          continue
        }
        found.append(WholeLock(path: file.path, unit: unit, reason: reason))
      }
    }
    return found
  }
}
