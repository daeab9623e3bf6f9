internal import Core
import Glibc

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
    return handlerFaults(definition, tree) + nativeFaults(definition, tree)
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
    guard let runtime = definition.runtime, let handler = definition.handler else { return [] }
    let entries = Dictionary(uniqueKeysWithValues: tree.entries.map { ($0.path, $0) })
    switch Language(runtime: runtime) {
    case .bootstrap: return bootstrapFaults(entries["bootstrap"], definition)
    case .python: return symbolFaults(handler, .python, entries, definition)
    case .node: return symbolFaults(handler, .node, entries, definition)
    case nil: return []
    }
  }

  private static func bootstrapFaults(_ entry: PackageEntry?, _ definition: FunctionDefinition) -> [GateFault]
  {
    let hasLayers = definition.configuration["Layers"]?.array?.isEmpty == false
    guard let entry, case .file(let source, _, _) = entry.content else {
      // A layer may bring the runtime.
      return entry != nil || hasLayers
        ? []
        : [
          GateFault(
            file: "bootstrap", found: "is missing",
            allowed: "\(definition.runtime ?? "the runtime") starts a program of this name",
            fix: "have the build write it to the top of \"output\"")
        ]
    }
    let start = (try? firstBytes(source, 4)) ?? []
    guard !start.starts(with: ELFFile.magic), !start.starts(with: "#!".utf8) else { return [] }
    return [
      GateFault(
        file: "bootstrap", found: "is neither a program for Linux nor a script",
        allowed: "it must be an ELF file or begin with #!",
        fix: "build it for Linux on \(definition.architectures[0])")
    ]
  }

  private static func symbolFaults(
    _ handler: String, _ language: Language, _ entries: [String: PackageEntry],
    _ definition: FunctionDefinition
  ) -> [GateFault] {
    guard let (_, symbol) = HandlerFile.split(handler) else {
      return [
        GateFault(
          file: nil, found: "the handler '\(handler)' names no symbol", allowed: "it reads file.symbol",
          fix: "correct \"handler\" in function.json")
      ]
    }
    // Node does not run TypeScript here: what Lambda gets must be JavaScript.
    let paths = HandlerFile.paths(handler, language: language, unit: "").filter { path in
      language == .python || ["js", "mjs", "cjs"].contains { path.hasSuffix("." + $0) }
    }
    guard let path = paths.first(where: { entries[$0] != nil }) else {
      if definition.configuration["Layers"]?.array?.isEmpty == false { return [] }
      let source = definition.discovered.handlerFile.map { $0.hasSuffix("ts") } ?? false
      return [
        GateFault(
          file: paths.first, found: "is not in the package", allowed: "the handler '\(handler)' needs it",
          fix: source
            ? "set \"build\" to a command that compiles the TypeScript and \"output\" to its folder"
            : "correct \"handler\", or take the file in with \"package\": { \"include\": […] }")
      ]
    }
    guard case .file(let source, let size, _)? = entries[path]?.content, size < 32 << 20,
      let bytes = try? Files.read(source),
      let known = HandlerFile.missing(symbol, language: language, source: bytes)
    else { return [] }
    return [
      GateFault(
        file: nil, found: HandlerFile.message(symbol, file: path, known: known),
        allowed: "the handler is '\(handler)'", fix: "correct \"handler\" or the file")
    ]
  }

  private static func nativeFaults(_ definition: FunctionDefinition, _ tree: PackageTree) -> [GateFault] {
    guard let runtime = definition.runtime else { return [] }
    let wanted = definition.architectures[0]
    let ceiling = RuntimeTable.glibcMinor(runtime)
    let entries = tree.entries
    let faults = Lock([(Int, GateFault)]())
    Threads.forEach(count: entries.count, workers: Threads.processorCount) { index in
      // Packages that bring a library for every platform choose among them when they start.
      let path = entries[index].path
      guard case .file(let source, let size, _) = entries[index].content, size >= 64,
        !path.contains("/prebuilds/"),
        (try? firstBytes(source, 4))?.starts(with: ELFFile.magic) == true,
        let bytes = try? Files.read(source), let file = ELFFile(bytes), file.isRunnable
      else { return }
      var fault: GateFault?
      if file.machine != wanted {
        fault = GateFault(
          file: path, found: "is built for \(file.machine)", allowed: "the function runs on \(wanted)",
          fix: "build it for \(wanted), or set \"architectures\": [\"\(file.machine)\"]")
      } else if let minor = file.glibcMinor, minor > ceiling {
        fault = GateFault(
          file: path, found: "needs GLIBC 2.\(minor)", allowed: "\(runtime) has 2.\(ceiling)",
          fix: "build it on an older system, or use a newer runtime")
      }
      if let fault { faults.withLock { $0.append((index, fault)) } }
    }
    return faults.withLock { $0 }.sorted { $0.0 < $1.0 }.map { $0.1 }
  }

  private static func firstBytes(_ path: String, _ count: Int) throws(SystemError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(operation: "read", subject: path, code: errno) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = read(descriptor, &bytes, count)
    return Array(bytes.prefix(max(0, got)))
  }
}
