internal import Core

/// The files that a unit's package depends on.
struct UnitInputs: Sendable {
  /// The unit's own, from the root.
  var own: [WalkedFile] = []
  /// Those of each shared folder, from the root, in the order of ``UnitBuild/uses``.
  var shared: [(use: SharedUse, files: [WalkedFile])] = []
  /// What the sources reach outside of the unit, from the root.
  var reached: [WalkedFile] = []
  /// Lock files and requirements, from the root; those in the unit are in ``own`` as well.
  var locks: [WalkedFile] = []
  /// `inputs`, `globalInputs` and local packages, from the root.
  var others: [WalkedFile] = []
  /// The folder whose content is the package, from the root: the unit, or its prebuilt `output`.
  var top: RepositoryPath
}
