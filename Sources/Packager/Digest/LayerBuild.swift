internal import Core

/// How a folder of the repository becomes the content of a layer: its files as they are, and beside them what its manifest
/// asks for, where the runtime looks for it below `/opt`.
struct LayerBuild: Hashable, Sendable {
  let folder: RepositoryPath
  /// What the layer is called in AWS.
  let name: String
  /// The files.
  let content: UnitBuild
  /// What is installed; nil where the folder asks for nothing.
  let dependencies: UnitBuild?
  /// Where in the layer that goes: `python`, or `nodejs` with its `node_modules`.
  let top: RepositoryPath

  /// - Parameters:
  ///   - build: the unit of the function that has the layer: what is installed is for its runtime and processor.
  ///   - root: absolute path of the repository.
  init(_ folder: RepositoryPath, name: String, for build: UnitBuild, root: String) {
    self.folder = folder
    self.name = name
    content = UnitBuild(layer: folder, language: nil, runtime: nil, architecture: "")
    guard let language = Languages.of(runtime: build.runtime), let top = language.layerFolder else {
      dependencies = nil
      top = .root
      return
    }
    self.top = RepositoryPath.root.appending(top)
    // The manifest lies beside the code or at the layer's top.
    dependencies = [folder.appending(top), folder].lazy.map { unit in
      UnitBuild(
        layer: unit, language: language.name, runtime: build.runtime, architecture: build.architecture)
    }.first { candidate in
      if case .nothing = language.dependencies(of: candidate, unit: candidate.unit.absolute(in: root)) {
        return false
      }
      return true
    }
  }

  /// The units whose files decide about the layer.
  var units: [UnitBuild] { [content] + [dependencies].compactMap { $0 } }

  /// What something is installed for.
  var target: RepositoryLayer.Target? {
    guard let dependencies, let runtime = dependencies.runtime else { return nil }
    return RepositoryLayer.Target(runtime: runtime, architecture: dependencies.architecture)
  }
}

extension FunctionDefinition {
  /// How the function's layers of the repository are built, in their order.
  func layerBuilds(root: String) -> [LayerBuild] {
    layers.compactMap { choice in
      guard case .folder(let folder, let name) = choice else { return nil }
      return LayerBuild(folder, name: name, for: build, root: root)
    }
  }
}

extension UnitBuild {
  /// A folder of a layer, whose files are taken as they are.
  fileprivate init(layer folder: RepositoryPath, language: String?, runtime: String?, architecture: String) {
    self.init(
      unit: folder, language: language, project: folder, root: folder, sources: .unit, target: nil,
      command: nil, recordedCommand: nil, output: nil, inputs: [], variables: [:], include: [], exclude: [],
      uses: [], runtime: runtime, architecture: architecture, compilesBytecode: false, artifact: nil,
      events: [], entries: [], image: nil)
  }
}
