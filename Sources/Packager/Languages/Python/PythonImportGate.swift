internal import Core

/// Holds the imports of a Python handler, and of all that it imports, against what there is on Lambda.
///
/// Only what certainly runs counts: an import in a function, in a condition, or in a `try` that goes on without it may
/// be meant for somewhere else.
struct PythonImportGate {
  let subject: GateSubject
  let package: PythonPackage
  let minor: Int
  private var faults: [(place: (RepositoryPath, Int), fault: GateFault)] = []
  var told: Set<String> = []
  private var pending: [RepositoryPath] = []
  private var seen: Set<RepositoryPath> = []
  private var changesSearchPath = false
  private var missing: [Missing] = []

  private struct Missing {
    let top: String
    let file: RepositoryPath
    let line: Int
  }

  /// The most files that are looked into; whoever imports more has shown that it works.
  private static let mostFiles = 20_000
  static let longestFile = 8 << 20

  init(_ subject: GateSubject) {
    self.subject = subject
    package = PythonPackage(subject)
    minor =
      subject.definition.runtime.flatMap { runtime in
        runtime.hasPrefix("python3.") ? Int(runtime.dropFirst("python3.".count)) : nil
      } ?? 13
  }

  /// Why importing `handler`, the path of a file of the package, fails on Lambda.
  mutating func check(_ handler: RepositoryPath) -> [GateFault] {
    follow(handler.parent.appending(handler.stem).components, from: .root)
    while let file = pending.popLast(), seen.count < Self.mostFiles { look(into: file) }
    for missing in missing { tell(missing) }
    return faults.sorted { $0.place < $1.place }.map(\.fault)
  }

  /// Takes in what importing the dotted name of `parts` from the search root `root` runs. False when a part is missing.
  @discardableResult
  private mutating func follow(_ parts: [String], from root: RepositoryPath) -> Bool {
    var folder = root
    for (index, part) in parts.enumerated() {
      let next = folder.appending(part)
      if package.isFile(next.appending("__init__.py")) {
        take(next.appending("__init__.py"))
      } else if package.isFile(next.parent.appending(part + ".py")) {
        take(next.parent.appending(part + ".py"))
        // `os.path` and the like: a module may say what its parts are.
        return true
      } else if package.isExtension(next) || package.isLink(next) {
        return true
      } else if !package.isFolder(next) {
        return index > 0 && package.hasCode(folder.appending("__init__"))
      }
      folder = next
    }
    return true
  }

  private mutating func take(_ file: RepositoryPath) {
    if seen.insert(file).inserted { pending.append(file) }
  }

  private mutating func look(into file: RepositoryPath) {
    guard case .file(let source, let size, _)? = subject.entries[file]?.content, size <= Self.longestFile,
      let bytes = try? Files.read(source, limit: Self.longestFile)
    else { return }
    if subject.isOwn(file), let (line, found, fix) = PythonEncoding.fault(in: bytes) {
      return add(
        GateFault(
          file: "\(file):\(line)", found: found, allowed: "Python reads no such source", fix: fix),
        at: (file, line))
    }
    let tokens = PythonTokenizer.tokens(of: bytes)
    if subject.isOwn(file), let found = PythonSyntax.fault(in: bytes, tokens, minor: minor) {
      return tellSyntax(found, in: file, SourceLine.number(at: found.offset, in: bytes))
    }
    let scan = PythonImportScan(tokens)
    if scan.changesSearchPath { changesSearchPath = true }
    for found in scan.certain {
      let line = { SourceLine.number(at: found.offset, in: bytes) }
      if found.level > 0 {
        relative(found, in: file, line)
      } else {
        absolute(found, in: file, line)
      }
    }
  }

  private mutating func tellSyntax(_ found: PythonSyntax, in file: RepositoryPath, _ line: Int) {
    add(
      GateFault(
        file: "\(file):\(line)", found: "has \(found.what)",
        allowed:
          "\(subject.definition.runtime ?? "the runtime") does not read it, Python knows it from 3.\(found.minor) on",
        fix: "set \"runtime\": \"python3.\(found.minor)\", or write it in another way"), at: (file, line))
  }

  private mutating func absolute(
    _ found: PythonImportScan.Import, in file: RepositoryPath, _ line: () -> Int
  ) {
    let parts = found.module.split(separator: ".").map(String.init)
    guard let top = parts.first else { return }
    guard let root = package.root(of: top) else {
      let isThere =
        PythonStandardLibrary.has(top, minor: minor) || PythonStandardLibrary.brings(top, minor: minor)
        || subject.layersProvide(top)
      if !isThere, told.insert(top).inserted { missing.append(Missing(top: top, file: file, line: line())) }
      if isThere, subject.isOwn(file) { tellUnknown(found, in: file, line) }
      return
    }
    for count in parts.indices.dropFirst() {
      tellForeign(root.appending(parts[...count].joined(separator: "/")), in: file, line)
    }
    if follow(parts, from: root) {
      take(found.names, of: parts, from: root, in: file, line)
    } else if subject.isOwn(file), subject.isOwn(root.appending(top)), told.insert(found.module).inserted {
      let folder = root.appending(parts.dropLast().joined(separator: "/"))
      add(
        GateFault(
          file: "\(file):\(line())", found: "imports '\(found.module)'",
          allowed: "the package has \(folder.text)/ without '\(parts.last ?? "")'",
          fix: "correct the import, or take the module in with \"uses\" or \"package\": { \"include\": […] }"),
        at: (file, line()))
    }
  }

  /// Takes in what `from package import names` runs, and tells of names that nothing can give: a package without code of
  /// its own has its modules only.
  private mutating func take(
    _ names: [String], of parts: [String], from root: RepositoryPath, in file: RepositoryPath,
    _ line: () -> Int
  ) {
    for name in names { followIfThere(parts + [name], from: root) }
    let folder = root.appending(parts.joined(separator: "/"))
    for name in names { tellForeign(folder.appending(name), in: file, line) }
    tellLacking(names, of: parts, at: folder, in: file, line)
    guard !parts.isEmpty, subject.isOwn(file), subject.isOwn(folder), !subject.hasLayers,
      package.isEmptyPackage(folder)
    else { return }
    let lacking = names.filter { name in
      name != "*" && !name.hasPrefix("__") && !package.hasModule(folder.appending(name))
    }
    guard let first = lacking.first, told.insert("\(folder) \(first)").inserted else { return }
    add(
      GateFault(
        file: "\(file):\(line())", found: "imports '\(first)' from '\(parts.joined(separator: "."))'",
        allowed: "\(folder.text)/ has no module of that name, and no code that could define it",
        fix: "correct the import, or take the module in with \"uses\" or \"package\": { \"include\": […] }"),
      at: (file, line()))
  }

  /// Tells of the first of `names` that the module of `parts` at `path` cannot have: the text of it is not in its source,
  /// and nothing there makes names from elsewhere.
  private mutating func tellLacking(
    _ names: [String], of parts: [String], at path: RepositoryPath, in file: RepositoryPath, _ line: () -> Int
  ) {
    let source = [path.appending("__init__.py"), path.parent.appending(path.name + ".py")].first(
      where: package.isFile)
    guard let source, package.hasCode(source.parent.appending(source.stem)), subject.isOwn(file),
      subject.isOwn(source), case .file(let place, let size, _)? = subject.entries[source]?.content,
      size <= Self.longestFile, let bytes = try? Files.read(place, limit: Self.longestFile)
    else { return }
    let names = names.filter { !$0.hasPrefix("__") && $0 != "*" && !package.hasModule(path.appending($0)) }
    guard let first = names.first(where: { PythonNames.isAbsent($0, from: bytes) }),
      told.insert("\(source) \(first)").inserted
    else { return }
    add(
      GateFault(
        file: "\(file):\(line())", found: "imports '\(first)' from '\(parts.joined(separator: "."))'",
        allowed: "\(source) has nothing of that name", fix: "correct the import, or define it there"),
      at: (file, line()))
  }

  /// Tells of a module at `path` that is there for another Python or processor only.
  private mutating func tellForeign(_ path: RepositoryPath, in file: RepositoryPath, _ line: () -> Int) {
    guard let foreign = package.foreignExtension(at: path), told.insert(foreign.text).inserted else { return }
    let (allowed, fix) = foreignWords(foreign.text)
    add(
      GateFault(
        file: "\(file):\(line())", found: "imports '\(path.name)', which is not there", allowed: allowed,
        fix: fix), at: (file, line()))
  }

  private func foreignWords(_ library: String) -> (allowed: String, fix: String) {
    let target = "\(subject.definition.runtime ?? "the runtime") on \(subject.definition.architectures[0])"
    return (
      "\(library) is built for another Python or processor than \(target)", "install the wheel for \(target)"
    )
  }

  private mutating func followIfThere(_ parts: [String], from root: RepositoryPath) {
    let path = root.appending(parts.joined(separator: "/"))
    if package.isFile(path.appending("__init__.py"))
      || package.isFile(path.parent.appending(path.name + ".py"))
    {
      follow(parts, from: root)
    }
  }

  private mutating func relative(
    _ found: PythonImportScan.Import, in file: RepositoryPath, _ line: () -> Int
  ) {
    var parts = package.packageParts(of: file)
    guard parts.count >= found.level else {
      let dots = String(repeating: ".", count: found.level)
      guard told.insert("\(file)\(dots)").inserted else { return }
      add(
        GateFault(
          file: "\(file):\(line())", found: "has 'from \(dots)\(found.module) import'",
          allowed: "Lambda imports the file from the package's top, where nothing is above it",
          fix:
            "write 'from \(found.module.isEmpty ? found.names.first ?? "x" : found.module) import …' without the dots, or move the code into a folder of the unit"
        ), at: (file, line()))
      return
    }
    let root = package.searchRoot(of: file)
    parts.removeLast(found.level - 1)
    parts += found.module.split(separator: ".").map(String.init)
    if follow(parts, from: root) {
      take(found.names, of: parts, from: root, in: file, line)
    } else if subject.isOwn(file), told.insert("\(file)\(parts)").inserted {
      add(
        GateFault(
          file: "\(file):\(line())",
          found: "imports '\(String(repeating: ".", count: found.level))\(found.module)'",
          allowed: "the package has no \(root.appending(parts.joined(separator: "/")).text).py",
          fix: "correct the import, or take the module in with \"uses\" or \"package\": { \"include\": […] }"),
        at: (file, line()))
    }
  }

  mutating func add(_ fault: GateFault, at place: (RepositoryPath, Int)) {
    faults.append((place, fault))
  }

  private mutating func tell(_ missing: Missing) {
    let elsewhere = package.places(of: missing.top)
    // Where the code itself says where modules are, any folder may be one of those places.
    if changesSearchPath, !elsewhere.isEmpty { return }
    let runtime = subject.definition.runtime ?? "the runtime"
    let top = missing.top
    var allowed = "\(runtime) has the standard library and boto3, the package \(package.summary)"
    var fix =
      "add what brings it to the unit's requirements, or say which layer has it: \"layers\": [{ \"arn\": …, \"provides\": [\"\(top)\"] }]"
    if let foreign = package.foreignExtension(top) {
      (allowed, fix) = foreignWords(foreign)
    } else if let removal = PythonStandardLibrary.removal(of: top) {
      allowed = "Python 3.\(removal) dropped it from the standard library"
      fix =
        "replace it, add a package that brings it to the requirements, or set \"runtime\": \"python3.\(removal - 1)\""
    } else if let arrival = PythonStandardLibrary.arrival(of: top) {
      allowed = "it is part of Python from 3.\(arrival) on"
      fix = "set \"runtime\": \"python3.\(arrival)\", or import it in a 'try' that catches ImportError"
    } else if let place = elsewhere.first, GateSubject.opt.contains(place) {
      allowed = "of a layer the runtime looks in python/, and it lies at \(place.text)"
      fix = "move it into the folder python/ of the layer"
    } else if let place = elsewhere.first {
      allowed = "imports start at the package's top, and it lies at \(place.text)"
      fix =
        place.parent.components.count > 0 && subject.isOwn(place)
        ? "write 'import \(place.parent.appending(place.stem).components.joined(separator: "."))', or make \(subject.definition.unit.appending(place.parent)) the unit (function.json there)"
        : fix
    }
    add(
      GateFault(
        file: "\(missing.file):\(missing.line)", found: "imports '\(top)', which is not there",
        allowed: allowed,
        fix: fix), at: (missing.file, missing.line))
  }
}
