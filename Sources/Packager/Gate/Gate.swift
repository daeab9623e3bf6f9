internal import Core

/// Holds a package against what Lambda takes and can run, before anything is uploaded.
public enum Gate {
  /// Largest content of a package with its layers, in bytes.
  public static let unzippedLimit = 262_144_000
  /// Largest zip that goes up without a bucket, in bytes.
  public static let directUploadLimit = 50 * 1_024 * 1_024

  /// Every reason why `tree`, zipped to `zipSize` bytes, must not become the code of `definition`.
  ///
  /// - Parameter hasBucket: whether the environment names a bucket.
  public static func faults(
    _ definition: FunctionDefinition, tree: PackageTree, zipSize: Int, hasBucket: Bool
  ) -> [GateFault] {
    guard definition.packageType != "Image" else { return [] }
    return handlerFaults(definition, tree) + startFaults(tree) + NativeGate(definition).faults(tree)
      + sizeFaults(tree.unzippedSize, zipSize: zipSize, hasBucket: hasBucket)
  }

  /// Throws unless `package` may become the code of `definition`.
  ///
  /// - Throws: ``PackagerError/gate(function:faults:)`` with every reason.
  public static func check(
    _ package: BuiltPackage, for definition: FunctionDefinition, hasBucket: Bool
  ) throws(PackagerError) {
    let faults = faults(definition, tree: package.tree, zipSize: package.zip.size, hasBucket: hasBucket)
    guard faults.isEmpty else { throw .gate(function: definition.name, faults: faults) }
  }

  static func sizeFaults(_ size: Int, zipSize: Int, hasBucket: Bool) -> [GateFault] {
    var faults: [GateFault] = []
    if size > unzippedLimit {
      faults.append(
        GateFault(
          file: nil, found: "the package is \(size) bytes unzipped", allowed: "Lambda takes \(unzippedLimit)",
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

  private static func handlerFaults(_ definition: FunctionDefinition, _ tree: PackageTree) -> [GateFault] {
    guard let handler = definition.handler, let language = Languages.of(definition.build) else {
      return []
    }
    let entries = Dictionary(uniqueKeysWithValues: tree.entries.map { ($0.path, $0) })
    return language.handlerFaults(GateSubject(definition: definition, handler: handler, entries: entries))
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
