internal import Core

/// Installs what a unit's manifest asks for, for Lambda rather than for this machine.
protocol DependencyInstaller {
  /// What else decides about the result.
  var settings: [String] { get }
  /// Whether the file of the unit is needed for it.
  func needs(_ path: RepositoryPath) -> Bool
  /// Whether what is installed replaces a file of the unit, by its path in the package.
  func replaces(_ path: RepositoryPath) -> Bool
  /// The programs to run in the staged unit, which may install into the absolute path `target`.
  func commands(target: String) -> [[String]]
  /// The dependencies as they belong into the package.
  func result(unit: String, target: String, staging: String) throws(PackagerError) -> PackageTree
}

extension DependencyInstaller {
  func replaces(_ path: RepositoryPath) -> Bool { false }
}
