internal import Core

/// A function and its package, as a language looks at them before they go up.
struct GateSubject {
  let definition: FunctionDefinition
  let handler: String
  /// What is in the package, by path, and in the repository's layers, below ``opt``.
  let entries: [RepositoryPath: PackageEntry]

  /// What stands for `/opt`, where layers lie, among the package's paths.
  static let opt = RepositoryPath.root.appending("(opt)")

  /// The fault with places of layers as the function sees them.
  static func shown(_ fault: GateFault) -> GateFault {
    let named = { (text: String) in text.replacing("\(opt.text)/", with: "/opt/") }
    return GateFault(
      file: fault.file.map(named), found: named(fault.found), allowed: named(fault.allowed),
      fix: named(fault.fix))
  }

  /// Whether layers may bring what the package lacks.
  var hasLayers: Bool { definition.configuration["Layers"]?.array?.isEmpty == false }

  /// Why the handler's symbol cannot be found in the package.
  ///
  /// - Parameter missingFix: the way out when no file of the package is the handler's.
  func symbolFaults(of language: any Language, missingFix: String) -> [GateFault] {
    guard let (_, symbol) = language.split(handler: handler) else {
      return [
        GateFault(
          file: nil, found: "the handler '\(handler)' names no symbol", allowed: "it reads file.symbol",
          fix: "correct \"handler\" in function.json")
      ]
    }
    let paths = handlerPaths(of: language)
    guard let path = handlerPath(of: language) else {
      if hasLayers { return [] }
      return [missingFile(paths, language, fix: missingFix)]
    }
    guard case .file(let source, let size, _)? = entries[path]?.content, size < 32 << 20,
      let bytes = try? Files.read(source), let known = language.symbols(in: bytes, without: symbol)
    else { return [] }
    return [
      GateFault(
        file: nil, found: HandlerFile.message(symbol, file: path, known: known),
        allowed: "the handler is '\(handler)'", fix: "correct \"handler\" or the file")
    ]
  }

  /// The handler's file is none of `paths`: says where in the package files of its name are.
  private func missingFile(_ paths: [RepositoryPath], _ language: any Language, fix: String) -> GateFault {
    let stem = paths.first?.stem ?? ""
    let found = entries.keys.filter { path in
      path.stem == stem && language.packagedExtensions.contains(path.fileExtension ?? "")
        && !path.components.contains("node_modules")
    }.sorted { ($0.components.count, $0) < ($1.components.count, $1) }
    guard let first = found.first, let (_, symbol) = language.split(handler: handler) else {
      return GateFault(
        file: paths.first?.description, found: "is not in the package",
        allowed: "the handler '\(handler)' needs it", fix: fix)
    }
    return GateFault(
      file: paths.first?.description,
      found: "is not in the package, which has \(found.prefix(3).map(\.text).joined(separator: ", "))",
      allowed: "the handler '\(handler)' needs it",
      fix: "set \"handler\": \"\(first.parent.appending(first.stem).text).\(symbol)\" in function.json")
  }

  /// The files that the runtime would look for, in its order.
  private func handlerPaths(of language: any Language) -> [RepositoryPath] {
    HandlerFile.paths(handler, language: language, unit: .root).filter { path in
      language.packagedExtensions.contains { path.hasSuffix("." + $0) }
    }
  }

  /// The file of the package that has the handler.
  func handlerPath(of language: any Language) -> RepositoryPath? {
    handlerPaths(of: language).first { entries[$0] != nil }
  }

  /// What `entry` leads to in the package, where it is a link; a link itself where it leads elsewhere.
  func behindLinks(_ entry: PackageEntry) -> PackageEntry {
    var entry = entry
    for _ in 0..<Self.mostLinks {
      guard case .link(let target) = entry.content, let path = entry.path.parent.resolving(target),
        let next = entries[path]
      else { return entry }
      entry = next
    }
    return entry
  }

  /// The most links in a row that Linux follows.
  private static let mostLinks = 40

  /// The way out where nothing has to be built.
  static let missingSource = "correct \"handler\", or take the file in with \"package\": { \"include\": […] }"
}

extension GateSubject {
  /// Whether a layer is declared to bring what code imports as `name`.
  func layersProvide(_ name: String) -> Bool {
    definition.layerContents.contains { provided in
      name == provided || name.replacing("-", with: "_") == provided.replacing("-", with: "_")
        || name.hasPrefix(provided + "/")
    }
  }

  /// Whether what lies at `path` is the repository's own rather than an installed dependency.
  func isOwn(_ path: RepositoryPath) -> Bool {
    if let entry = entries[path] { return entry.rule != PackageTree.dependencyRule }
    return !entries.contains { $0.value.rule == PackageTree.dependencyRule && path.contains($0.key) }
  }

  /// The folders of the package that a variable of the function adds to where code is looked for.
  func searchPath(_ variable: String) -> [RepositoryPath] {
    let value = definition.configuration["Environment"]?["Variables"]?[variable]?.string ?? ""
    return value.split(separator: ":").compactMap { part in
      for (place, folder) in [("/var/task/", RepositoryPath.root), ("/opt/", Self.opt)]
      where part.hasPrefix(place) {
        return RepositoryPath(part.dropFirst(place.count)).map(folder.appending)
      }
      return nil
    }.filter { !$0.isRoot }
  }
}
