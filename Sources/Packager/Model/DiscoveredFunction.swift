package import Core

/// Which rule found a function.
package enum DiscoveryRule: String, Sendable, CaseIterable {
  /// A pattern in `functions` of `lamctl.json`.
  case pattern = "E1"
  /// A `function.json`.
  case functionFile = "E2"
  /// A handler's signature.
  case signature = "Z1"
  /// A conventional folder with something prebuilt.
  case convention = "Z3"
}

/// A function that the repository holds.
package struct DiscoveredFunction: Sendable {
  /// Logical name, unique in the repository.
  package internal(set) var name: String
  /// The folder that is built, from the root; the root where that itself is meant.
  package let unit: RepositoryPath
  /// The Lambda runtime's identifier; nil for container images.
  package let runtime: String?
  /// File and symbol that Lambda calls; nil for container images.
  package let handler: String?
  /// The file that holds the handler, from the root; nil when only the build makes it.
  package let handlerFile: RepositoryPath?
  /// The rule that found it.
  package let rule: DiscoveryRule
  /// The file that decided, from the root.
  package let path: RepositoryPath
  /// Why it is a function, in one sentence.
  package let explanation: String
  /// Its entry in `functions` of `function.json`; nil where the file has none.
  let entry: String?
  /// The name of the language that it is written in; nil where nothing shows it.
  var language: String?
  /// The folder, from the root, of the manifest that it is built by: a Go module, a Cargo workspace; the unit where that
  /// has its own.
  var project: RepositoryPath
  /// The folder, from the repository's root, that imports start from and that becomes the top of the package: the unit, or
  /// one in it or above it where the imports of the handler prove that.
  var root: RepositoryPath
  /// What of the project is built: a Go package, a program of Cargo or Swift, a .NET project; nil for all of it.
  var target: String?
  /// Path components that its name is made of, innermost last.
  let nameParts: [String]

  /// Whether it is a container image by what its folder holds.
  package var isImage: Bool { language == "image" }

  /// Whether a function of this name may be created in AWS without `--create`: somebody wrote it down.
  package var allowsCreate: Bool { rule == .pattern || rule == .functionFile }
}

/// A file that looked like a handler and was passed over.
package struct PassedOver: Hashable, Sendable {
  /// From the root.
  package let path: RepositoryPath
  /// Why, in one sentence.
  package let reason: String
}
