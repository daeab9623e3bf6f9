internal import Core
import Glibc

/// What the user has installed for Node, in the `node_modules` of a unit and of the folders above it: an own build may
/// need it, as it needs its compilers. Code of the repository that is linked there is not among it: it has to be declared.
struct InstalledModules {
  /// Absolute path of the repository.
  let root: String
  let place: BuildPlace

  /// Makes a link in the copy to every installed package.
  ///
  /// - Returns: the absolute paths of the links.
  func link(for unit: RepositoryPath) throws(PackagerError) -> Set<String> {
    var links: Set<String> = []
    var folder = unit
    while true {
      try link(folder, &links)
      guard !folder.isRoot else { return links }
      folder = folder.parent
    }
  }

  private func link(_ folder: RepositoryPath, _ links: inout Set<String>) throws(PackagerError) {
    let modules = folder.appending("node_modules")
    let source = modules.absolute(in: root)
    let target = modules.absolute(in: place.root)
    guard Files.isFolder(source), !Files.exists(target) else { return }
    do throws(SystemError) {
      try Files.createFolder(target)
      for name in try Files.names(in: source) {
        guard name.hasPrefix("@") else {
          try link(name, from: source, to: target, &links)
          continue
        }
        try Files.createFolder("\(target)/\(name)")
        for inner in try Files.names(in: "\(source)/\(name)") {
          try link("\(name)/\(inner)", from: source, to: target, &links)
        }
      }
    } catch {
      throw .system(error)
    }
  }

  private func link(
    _ name: String, from source: String, to target: String, _ links: inout Set<String>
  ) throws(SystemError) {
    guard let resolved = realpath("\(source)/\(name)", nil) else { return }
    defer { free(resolved) }
    let real = String(cString: resolved)
    var aim = real
    if real.hasPrefix(root + "/"), !real.contains("/node_modules/") {
      // A member of the workspace: the copy has it where it is declared.
      aim = place.root + real.dropFirst(root.count)
      guard Files.exists(aim) else { return }
    }
    guard symlink(aim, "\(target)/\(name)") == 0 else {
      throw SystemError(operation: "link", subject: "\(target)/\(name)", code: errno)
    }
    links.insert("\(target)/\(name)")
  }
}
