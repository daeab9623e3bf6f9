internal import Core

/// Native code in a package: it must be for Linux, for the function's processor and for the runtime's C library.
struct NativeGate {
  private let definition: FunctionDefinition
  private let wanted: String

  init(_ definition: FunctionDefinition) {
    self.definition = definition
    wanted = definition.architectures[0]
  }

  /// What is in a file that is native code.
  private enum Code: Sendable {
    case linux(ELFFile)
    /// The name of the system that it is for.
    case foreign(String)
  }

  /// Why what is in `tree` does not run there.
  func faults(_ tree: PackageTree) -> [GateFault] {
    guard let runtime = definition.runtime else { return [] }
    let ceiling = RuntimeTable.glibcMinor(runtime)
    let found = natives(of: tree)
    // Names of libraries that are there for the function's processor.
    let fitting = Set(
      found.compactMap { native -> String? in
        guard case .linux(let file) = native.code, file.machine == wanted else { return nil }
        return native.path.name
      })
    return found.compactMap { path, code in
      switch code {
      case .foreign(let system):
        guard !Self.names(path, among: Self.systems) else { return nil }
        return GateFault(
          file: path.description, found: "is built for \(system)", allowed: "the function runs on Linux",
          fix: "install it for linux and \(wanted), on any machine, or build it in a container")
      case .linux(let file) where file.machine != wanted:
        // Who brings one for each processor chooses among them.
        let own = Self.processors[file.machine] ?? []
        if fitting.contains(path.name), Self.names(path, among: own) { return nil }
        return GateFault(
          file: path.description, found: "is built for \(file.machine)",
          allowed: "the function runs on \(wanted)",
          fix: "build it for \(wanted), or set \"architectures\": [\"\(file.machine)\"]")
      case .linux(let file):
        guard let minor = file.glibcMinor, minor > ceiling else { return nil }
        return GateFault(
          file: path.description, found: "needs GLIBC 2.\(minor)", allowed: "\(runtime) has 2.\(ceiling)",
          fix: "build it on an older system, or use a newer runtime")
      }
    }
  }

  private func natives(of tree: PackageTree) -> [(path: RepositoryPath, code: Code)] {
    let entries = tree.entries.indices.compactMap { index in
      Native(tree.entries[index], start: tree.starts.map { $0[index] })
    }
    let found = Threads.map(count: entries.count, workers: Threads.processorCount) { index in
      code(of: entries[index]).map { (path: entries[index].path, code: $0) }
    }
    return found.compactMap(\.self)
  }

  /// A file of a package that begins like native code.
  private struct Native {
    let path: RepositoryPath
    /// Absolute.
    let source: String
    let start: UInt32

    /// Nil for what is none.
    ///
    /// - Parameter known: how it begins; nil where that has to be looked up.
    init?(_ entry: PackageEntry, start known: UInt32?) {
      // Packages that bring a library for every platform choose among them when they start.
      guard case .file(let source, let size, _) = entry.content, size >= 64,
        let start = known ?? (try? ContentStart.word(of: source)),
        start == ELFFile.start || NativeGate.system(start) != nil,
        !entry.path.parent.components.contains("prebuilds")
      else { return nil }
      path = entry.path
      self.source = source
      self.start = start
    }
  }

  private func code(of native: Native) -> Code? {
    if native.start == ELFFile.start {
      guard let bytes = try? Files.read(native.source, limit: Gate.unzippedLimit),
        let file = ELFFile(bytes), file.isRunnable
      else { return nil }
      return .linux(file)
    }
    guard native.path.hasSuffix(".so") || native.path.hasSuffix(".node") else { return nil }
    return Self.system(native.start).map { .foreign($0) }
  }

  /// The system whose native code begins like this.
  private static func system(_ start: UInt32) -> String? {
    switch start {
    case 0xCFFA_EDFE, 0xCEFA_EDFE, 0xCAFE_BABE: "macOS"
    case _ where start >> 16 == 0x4D5A: "Windows"
    default: nil
    }
  }

  private static let systems: Set<String> = ["darwin", "macos", "osx", "win32", "windows", "win"]
  private static let processors: [String: Set<String>] = [
    "x86_64": ["x86_64", "x64", "amd64"], "arm64": ["arm64", "aarch64"],
  ]

  /// Whether a part of the path, such as `linux-x64`, names one of `words`.
  private static func names(_ path: RepositoryPath, among words: Set<String>) -> Bool {
    path.components.contains { part in
      part.split { !($0.isLetter || $0.isNumber || $0 == "_") }.contains { words.contains($0.lowercased()) }
    }
  }
}
