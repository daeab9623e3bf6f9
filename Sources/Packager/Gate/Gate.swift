internal import Core

/// Holds a package against what Lambda takes and can run, before anything is uploaded.
package enum Gate {
  /// Largest content of a package with its layers, in bytes.
  package static let unzippedLimit = 262_144_000
  /// Largest zip that goes up without a bucket, in bytes.
  package static let directUploadLimit = 50 * 1_024 * 1_024

  /// Every reason why `tree`, zipped to `zipSize` bytes, must not become the code of `definition`.
  ///
  /// - Parameters:
  ///   - hasBucket: whether the environment names a bucket.
  ///   - layers: the function's layers of the repository, in their order.
  package static func faults(
    _ definition: FunctionDefinition, tree: PackageTree, zipSize: Int, hasBucket: Bool,
    layers: [BuiltLayer] = []
  ) -> [GateFault] {
    guard definition.packageType != "Image" else { return [] }
    let size = layers.reduce(tree.unzippedSize) { $0 + $1.tree.unzippedSize }
    return handlerFaults(definition, tree, layers) + startFaults(tree) + NativeGate(definition).faults(tree)
      + sizeFaults(size, zipSize: zipSize, hasBucket: hasBucket, hasLayers: !layers.isEmpty)
      + layers.flatMap { faults(of: $0, for: definition, hasBucket: hasBucket) }
  }

  /// What of a layer its functions could not run, or would not go up.
  private static func faults(
    of layer: BuiltLayer, for definition: FunctionDefinition, hasBucket: Bool
  ) -> [GateFault] {
    var faults = (startFaults(layer.tree) + NativeGate(definition).faults(layer.tree)).map { fault in
      GateFault(
        file: fault.file.map { "\(layer.layer.folder): \($0)" }, found: fault.found, allowed: fault.allowed,
        fix: fault.fix)
    }
    if layer.tree.entries.isEmpty {
      faults.append(
        GateFault(
          file: layer.layer.folder.description, found: "is a layer without a file",
          allowed: "Lambda takes no empty layer",
          fix: "put files there that no ignore rule drops, or take it out of \"layers\""))
    }
    if layer.zip.size > directUploadLimit, !hasBucket {
      faults.append(
        GateFault(
          file: layer.layer.folder.description, found: "is a layer whose zip is \(layer.zip.size) bytes",
          allowed: "without a bucket \(directUploadLimit) can go up",
          fix: "set \"bucket\" of the environment in lamctl.json"))
    }
    return faults
  }

  /// Throws unless `package` may become the code of `definition`.
  ///
  /// - Throws: ``PackagerError/gate(function:faults:)`` with every reason.
  package static func check(
    _ package: BuiltPackage, for definition: FunctionDefinition, hasBucket: Bool
  ) throws(PackagerError) {
    let faults = faults(
      definition, tree: package.tree, zipSize: package.zip.size, hasBucket: hasBucket, layers: package.layers)
    guard faults.isEmpty else { throw .gate(function: definition.name, faults: faults) }
  }

  static func sizeFaults(
    _ size: Int, zipSize: Int, hasBucket: Bool, hasLayers: Bool = false
  ) -> [GateFault] {
    var faults: [GateFault] = []
    if size > unzippedLimit {
      faults.append(
        GateFault(
          file: nil, found: "the package\(hasLayers ? " with its layers" : "") is \(size) bytes unzipped",
          allowed: "Lambda takes \(unzippedLimit)",
          fix:
            "leave files out with .lambdaignore or \"package\": { \"exclude\": […] }, or deploy a container image"
        ))
    }
    if zipSize > directUploadLimit, !hasBucket {
      faults.append(
        GateFault(
          file: nil, found: "the zip is \(zipSize) bytes",
          allowed: "without a bucket \(directUploadLimit) can go up",
          fix: "set \"bucket\" of the environment in lamctl.json"))
    }
    return faults
  }

  private static func handlerFaults(
    _ definition: FunctionDefinition, _ tree: PackageTree, _ layers: [BuiltLayer]
  ) -> [GateFault] {
    guard let handler = definition.handler, let language = Languages.of(definition.build) else {
      return []
    }
    var entries = Dictionary(uniqueKeysWithValues: tree.entries.map { ($0.path, $0) })
    // Of two layers with one file the later one's is meant.
    for entry in layers.flatMap(\.tree.entries) {
      let path = GateSubject.opt.appending(entry.path)
      entries[path] = PackageEntry(path: path, content: entry.content, rule: entry.rule)
    }
    return language.handlerFaults(GateSubject(definition: definition, handler: handler, entries: entries))
      .map(GateSubject.shown)
  }

  /// What Lambda starts itself must be something that Linux can start.
  private static func startFaults(_ tree: PackageTree) -> [GateFault] {
    tree.entries.compactMap { entry in
      guard entry.path == "bootstrap" || entry.path.parent == "extensions",
        case .file(let source, _, _) = entry.content, StartedScript.hasCarriageReturn(source)
      else { return nil }
      return GateFault(
        file: "\(entry.path.description):1", found: "ends its first line with a carriage return",
        allowed: "Linux looks for an interpreter of that name and starts nothing",
        fix: "run 'dos2unix \(entry.path.name)', and add '\(entry.path.name) text eol=lf' to .gitattributes")
    }
  }
}
