internal import Core

/// Turns a unit's sources into what Lambda runs, where that is more than to copy them.
protocol Compiler: Sendable {
  /// Whether it works on the repository itself rather than on a copy of what is declared: compilers that know their
  /// workspaces find the parts of one there.
  var isInPlace: Bool { get }
  /// Whether the dependencies that ``Language/dependencies(of:unit:)`` names are installed first.
  var needsDependencies: Bool { get }
  /// The programs to run, which leave what they make in the place's target or below the unit.
  func steps(in place: BuildPlace) throws(PackagerError) -> [BuildStep]
  /// How it is known which files of the repository the programs have read, where they work in place.
  func readFiles(in place: BuildPlace) throws(PackagerError) -> ReadFiles
  /// What was made, as it belongs into the package.
  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree
  /// Whether the unit's own file, by its path from the unit, lies beside it in the package.
  func keeps(_ file: RepositoryPath) -> Bool
}

extension Compiler {
  var isInPlace: Bool { true }
  var needsDependencies: Bool { false }
  func readFiles(in place: BuildPlace) -> ReadFiles { .unknown }
  func keeps(_ file: RepositoryPath) -> Bool { false }
}

extension PackageTree {
  /// All that lies below the absolute path `folder`.
  ///
  /// - Parameter prefix: where it goes.
  static func made(
    in folder: String, at prefix: RepositoryPath = .root,
    where keeps: (RepositoryPath) -> Bool = { _ in true }
  ) throws(PackagerError) -> [Source] {
    guard Files.isFolder(folder) else { return [] }
    let walk = TreeWalk(root: folder, ignoreFiles: [], excludesDefaults: false)
    return try walk.files(below: .root).filter { !$0.path.isRoot && keeps($0.path) }.map { file in
      Source(
        path: prefix.appending(file.path), file: file.path.absolute(in: folder), kind: file.kind, rule: nil)
    }
  }
}

/// How it is known which files a compiler has read.
enum ReadFiles: Sendable {
  case unknown
  /// A program writes their absolute paths, a line each.
  case told(by: BuildStep)
  /// A file in the form of make's rules has them.
  case written(to: String)
  /// These absolute paths, put together from several such files.
  case known([String])
}
