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
    let found = natives(of: tree.entries)
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

  private func natives(of entries: [PackageEntry]) -> [(path: RepositoryPath, code: Code)] {
    let found = Lock([(index: Int, code: Code)]())
    Threads.forEach(count: entries.count, workers: Threads.processorCount) { index in
      // Packages that bring a library for every platform choose among them when they start.
      let path = entries[index].path
      guard case .file(let source, let size, _) = entries[index].content, size >= 64,
        !path.parent.components.contains("prebuilds"), let start = try? FileStart.bytes(of: source, 4)
      else { return }
      if start.starts(with: ELFFile.magic) {
        guard let bytes = try? Files.read(source, limit: Gate.unzippedLimit), let file = ELFFile(bytes),
          file.isRunnable
        else { return }
        found.withLock { $0.append((index, .linux(file))) }
      } else if path.hasSuffix(".so") || path.hasSuffix(".node"), let system = Self.system(start) {
        found.withLock { $0.append((index, .foreign(system))) }
      }
    }
    return found.withLock { $0 }.sorted { $0.index < $1.index }.map { (entries[$0.index].path, $0.code) }
  }

  /// The system whose native code begins with these bytes.
  private static func system(_ start: [UInt8]) -> String? {
    switch start {
    case [0xCF, 0xFA, 0xED, 0xFE], [0xCE, 0xFA, 0xED, 0xFE], [0xCA, 0xFE, 0xBA, 0xBE]: "macOS"
    case let bytes where bytes.starts(with: "MZ".utf8): "Windows"
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
