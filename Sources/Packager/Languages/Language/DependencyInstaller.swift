internal import Core

/// Installs what a unit's manifest asks for, for Lambda rather than for this machine.
protocol DependencyInstaller: Sendable {
  /// What else decides about the result.
  var settings: [String] { get }
  /// Files of the repository, from its root, that are needed besides the unit's, its locks and its local packages.
  var files: [RepositoryPath] { get }
  /// Those of ``files`` that say of other units what the lock says as well.
  var mirrored: [RepositoryPath] { get }
  /// Whether the file of the unit is needed for it.
  func needs(_ path: RepositoryPath) -> Bool
  /// Whether what is installed replaces a file of the unit, by its path in the package.
  func replaces(_ path: RepositoryPath) -> Bool
  /// Makes what the programs read besides the repository's files, and says which programs to run.
  func steps(in place: BuildPlace) throws(PackagerError) -> [BuildStep]
  /// What the failure of a program means, where what it wrote tells that; else the error itself.
  func explained(_ error: PackagerError) -> PackagerError
  /// The dependencies as they belong into the package.
  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree
}

extension DependencyInstaller {
  var files: [RepositoryPath] { [] }
  var mirrored: [RepositoryPath] { [] }
  func replaces(_ path: RepositoryPath) -> Bool { false }
  func explained(_ error: PackagerError) -> PackagerError { error }
}
