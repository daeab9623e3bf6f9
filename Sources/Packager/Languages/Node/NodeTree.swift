internal import Core
import Glibc

/// The packages that a unit needs, gathered from what a package manager has installed for a whole workspace, in a tree
/// of real files: members of the workspace are copied, and each package finds the same others as before.
struct NodeTree {
  /// Absolute path that nothing is looked for above, without links.
  private let root: String
  /// The folder of each place in the package.
  private var placed: [RepositoryPath: String] = [:]

  init(root: String) {
    self.root = Self.real(root) ?? root
  }

  /// The folders of the packages, absolute paths without links.
  var folders: [String] { placed.values.sorted() }

  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Takes in what the manifest in `folder`, an absolute path, needs, and what that needs.
  ///
  /// - Throws: ``PackagerError`` naming what is needed and not installed.
  mutating func collect(for folder: String, unit: RepositoryPath, manager: String) throws(PackagerError) {
    var queue: [(place: RepositoryPath, folder: String)] = [(.root, Self.real(folder) ?? folder)]
    var missing: [String] = []
    var index = 0
    while index < queue.count {
      let (place, folder) = queue[index]
      index += 1
      for need in Self.needs(of: folder) {
        guard let found = find(need.name, from: folder) else {
          if need.isRequired { missing.append(place.isRoot ? need.name : "\(need.name) (for \(place.name))") }
          continue
        }
        // Whatever a place sees first is what it gets, so that all of one package are placed before theirs are.
        if visible(need.name, from: place) == found { continue }
        let top = RepositoryPath.root.appending("node_modules/\(need.name)")
        let target = placed[top] == nil ? top : place.appending("node_modules/\(need.name)")
        placed[target] = found
        queue.append((target, found))
      }
    }
    guard missing.isEmpty else {
      throw .inputs(
        unit: unit,
        reason: "\(manager) ended without an error, but did not install \(missing.joined(separator: ", "))",
        fix: "run '\(manager) install' and commit the lock; then run the same command again")
    }
  }

  private struct Need {
    let name: String
    let isRequired: Bool
  }

  /// In the order of their names; peers and optional ones may be missing.
  private static func needs(of folder: String) -> [Need] {
    guard let manifest = NodeManifest.read(in: folder) else { return [] }
    let names = { (list: String) in manifest[list]?.object?.keys ?? [] }
    let optional = Set(names("optionalDependencies") + names("peerDependencies"))
    let required = Set(names("dependencies"))
    return optional.union(required).sorted().map { name in
      Need(name: name, isRequired: required.contains(name) && !names("optionalDependencies").contains(name))
    }
  }

  /// What Node finds for `name` from `folder`, an absolute path; links are followed.
  private func find(_ name: String, from folder: String) -> String? {
    guard RepositoryPath(name) != nil else { return nil }
    var folder = folder
    while folder.utf8.count >= root.utf8.count {
      if !folder.hasSuffix("/node_modules") {
        let candidate = "\(folder)/node_modules/\(name)"
        if Files.isFolder(candidate), let real = Self.real(candidate), real.hasPrefix(root + "/") {
          return real
        }
      }
      guard let slash = folder.lastIndex(of: "/") else { break }
      folder = String(folder[..<slash])
    }
    return nil
  }

  /// What a package at `place` finds for `name` so far.
  private func visible(_ name: String, from place: RepositoryPath) -> String? {
    var folder = place
    while true {
      if let found = placed[folder.appending("node_modules/\(name)")] { return found }
      if folder.isRoot { return nil }
      folder = folder.parent
    }
  }

  /// The files of all packages where they belong; what a package has in a `node_modules` of its own has a place itself.
  func sources() throws(PackagerError) -> [PackageTree.Source] {
    var sources: [PackageTree.Source] = []
    for (place, folder) in placed.sorted(by: { $0.key < $1.key }) {
      var walk = TreeWalk(root: folder, ignoreFiles: [])
      walk.enters = { $0 != "node_modules" }
      for file in try walk.files(below: .root) where !file.path.isRoot && file.path != "node_modules" {
        sources.append(
          PackageTree.Source(
            path: place.appending(file.path), file: file.path.absolute(in: folder), kind: file.kind, rule: nil
          ))
      }
    }
    return sources
  }
}
