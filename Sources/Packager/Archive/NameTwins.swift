internal import Core

/// Names that are two to Lambda and to a zip, and one to the disks of many a Mac.
enum NameTwins {
  /// A warning for each pair of files or folders of one folder whose names differ by case, or in Unicode form, only.
  static func warnings(_ entries: [PackageEntry]) -> [String] {
    // Strings compare by canonical equivalence, as those disks do.
    var known: [String: RepositoryPath] = [:]
    var seen: Set<RepositoryPath> = []
    var warnings: [String] = []
    for entry in entries {
      var chain = [entry.path]
      while let last = chain.last, !last.parent.isRoot, !seen.contains(last.parent) {
        chain.append(last.parent)
      }
      for path in chain.reversed() where seen.insert(path).inserted {
        let other = known.updateValue(path, forKey: path.text.lowercased())
        guard let other, other != path, other.parent == path.parent else { continue }
        let how = other.text == path.text ? "in Unicode form" : "by case"
        warnings.append("\(other) and \(path) differ \(how) only; a Mac cannot unpack both")
      }
    }
    return warnings
  }
}
