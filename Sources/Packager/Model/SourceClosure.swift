package import Core

/// What the sources of a unit's functions reach in the repository: everything that decides about the package beside the
/// unit itself.
package struct SourceClosure: Hashable, Sendable {
  /// The files of the unit that count, where that is not all of them: what compiled programs and bundles are made of, and
  /// what the handlers at the top of a repository reach.
  package internal(set) var own: [RepositoryPath]?
  /// Files outside of the unit that get into the package or decide about it, from the root.
  package internal(set) var reached: [RepositoryPath] = []
  /// Lock files, from the root, that pin what the sources import.
  package internal(set) var locks: [RepositoryPath] = []
  /// Those of ``own`` and ``reached`` that are links.
  package internal(set) var links: Set<RepositoryPath> = []
  /// Imports of code of the repository that would not get into the package, each with the way out.
  package internal(set) var undeclared: [PackagerError] = []

  /// Nothing but the unit itself.
  package static let unit = SourceClosure()

  /// The closure of a program that is made of exactly `files`; a command of the unit's own may read all of that.
  static func of(
    _ files: Set<RepositoryPath>, unit: RepositoryPath, hasCommand: Bool, locks: [RepositoryPath]
  ) -> SourceClosure {
    var closure = SourceClosure.unit
    if !hasCommand { closure.own = files.filter(unit.contains).sorted() }
    closure.reached = files.filter { !unit.contains($0) }.sorted()
    closure.locks = locks
    return closure
  }
}
