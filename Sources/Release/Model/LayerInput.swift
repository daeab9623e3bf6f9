internal import Core

/// A layer that the repository makes, as one function has it.
package struct LayerInput: Hashable, Sendable {
  /// The folder it is made of, from the repository's root. It stands among the function's `Layers` until a version is known.
  package let folder: String
  /// What the layer is called in AWS.
  package let name: String
  /// The first 32 hexadecimal digits of the digest of everything that decides about its content.
  package let sourceDigest: String

  /// Describes one layer.
  package init(folder: String, name: String, sourceDigest: String) {
    self.folder = folder
    self.name = name
    self.sourceDigest = sourceDigest
  }
}

/// The content of a layer, ready for upload.
package struct LayerPackage: Hashable, Sendable {
  /// Which layer it is.
  package let layer: LayerInput
  /// The zip.
  package let package: FunctionPackage
  /// The runtimes it was made for; empty for all.
  package let runtimes: [String]
  /// The processors it was made for; empty for both.
  package let architectures: [String]

  /// Describes a zip file on disk.
  package init(layer: LayerInput, package: FunctionPackage, runtimes: [String], architectures: [String]) {
    self.layer = layer
    self.package = package
    self.runtimes = runtimes
    self.architectures = architectures
  }
}

extension FunctionInput {
  /// The layers of the repository of which no version is known yet.
  var openLayers: [LayerInput] {
    let named = Set(configuration.members["Layers"]?.array?.compactMap(\.string) ?? [])
    return layers.filter { named.contains($0.folder) }
  }

  /// The same with versions for its layers, as far as `arn` knows them.
  func resolving(_ arn: (LayerInput) -> String?) -> FunctionInput {
    guard !openLayers.isEmpty, let named = configuration.members["Layers"]?.array else { return self }
    let known = Dictionary(layers.map { ($0.folder, $0) }) { first, _ in first }
    var resolved = self
    resolved.configuration.members["Layers"] = .array(
      named.map { element in
        element.string.flatMap { known[$0] }.flatMap(arn).map(JSON.string) ?? element
      })
    return resolved
  }

  /// The same with the versions of a function's version that is known to have been made of just this: nothing about them
  /// can have changed since.
  func resolving(recorded arns: [String]) -> FunctionInput {
    guard let named = configuration.members["Layers"]?.array, named.count == arns.count else { return self }
    let known = Dictionary(zip(named.compactMap(\.string), arns)) { first, _ in first }
    return resolving { known[$0.folder] }
  }
}
