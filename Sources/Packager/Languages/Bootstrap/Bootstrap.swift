internal import Core

/// Programs that speak the runtime API, already built.
struct Bootstrap: Language {
  let name = "bootstrap"
  let runtimePrefix = "provided"
  let standardRuntime = "provided.al2023"
  let prebuiltHandler: String? = "bootstrap"

  func handlerFaults(_ subject: GateSubject) -> [GateFault] {
    let definition = subject.definition
    let entry = subject.entries["bootstrap"].map(subject.behindLinks)
    guard let entry, case .file(let source, _, let isExecutable) = entry.content else {
      // A layer may bring the runtime.
      return entry != nil || subject.hasLayers
        ? []
        : [
          GateFault(
            file: "bootstrap", found: "is missing\(Self.others(subject.entries))",
            allowed: "\(definition.runtime ?? "the runtime") starts a program of this name",
            fix: "have the build write it to the top of \"output\"")
        ]
    }
    // That of the name itself always is: the zip says so.
    if entry.path != "bootstrap", !isExecutable {
      return [
        GateFault(
          file: "bootstrap", found: "is a link to \(entry.path), which is not executable",
          allowed: "Lambda starts it as a program",
          fix: "run 'chmod +x \(entry.path.name)' and commit that")
      ]
    }
    let start = (try? FileStart.bytes(of: source, 4)) ?? []
    if start.starts(with: ELFFile.magic) { return BootstrapProgram(subject: subject, source: source).faults }
    guard !start.starts(with: "#!".utf8) else { return interpreterFaults(subject, source) }
    return [
      GateFault(
        file: "bootstrap", found: "is neither a program for Linux nor a script",
        allowed: "it must be an ELF file or begin with #!",
        fix: "build it for Linux on \(definition.architectures[0])")
    ]
  }

  /// What of the package may be meant: programs under other names or in other places.
  private static func others(_ entries: [RepositoryPath: PackageEntry]) -> String {
    let programs = entries.filter { path, entry in
      guard case .file(let source, _, let isExecutable) = entry.content else { return false }
      guard path.name != "bootstrap" else { return true }
      return isExecutable && path.fileExtension == nil && path.components.count <= 2
        && (try? FileStart.bytes(of: source, 4)) == ELFFile.magic
    }.keys.sorted { ($0.components.count, $0) < ($1.components.count, $1) }
    return programs.isEmpty
      ? "" : "; the package has \(programs.prefix(3).map(\.description).joined(separator: ", "))"
  }

  /// A script is run by the program that its first line names, which must be there.
  private func interpreterFaults(_ subject: GateSubject, _ source: String) -> [GateFault] {
    guard let words = StartedScript.interpreter(source), let program = words.first else { return [] }
    let runtime = subject.definition.runtime ?? "the runtime"
    let isThere: Bool
    let task = "/var/task/"
    if program.hasPrefix(task) {
      isThere = RepositoryPath(program.dropFirst(task.count)).map { subject.entries[$0] != nil } ?? false
    } else if program.hasPrefix("/opt/") {
      isThere = subject.hasLayers
    } else if program == "/usr/bin/env" || program == "/bin/env" {
      let named = words.dropFirst().first { !$0.hasPrefix("-") && !$0.contains("=") } ?? ""
      // Layers may add to the folders that programs are looked for in.
      isThere = subject.hasLayers || Self.programs(on: runtime).contains(named)
    } else {
      let parts = program.split(separator: "/").map(String.init)
      isThere =
        Self.programs(on: runtime).contains(parts.last ?? "")
        && [["bin"], ["usr", "bin"]].contains(Array(parts.dropLast()))
    }
    guard !isThere else { return [] }
    return [
      GateFault(
        file: "bootstrap:1", found: "is run by '\(words.joined(separator: " ").escaped)'",
        allowed: "\(runtime) has sh and bash, and no such program",
        fix:
          "use the runtime of that language, or bring the program along: '#!\(task)…' in the package, '#!/opt/…' in a layer"
      )
    ]
  }

  /// What can run scripts in Lambda's images. That of Amazon Linux 2 has the Python of its package manager.
  private static func programs(on runtime: String) -> Set<String> {
    let all: Set<String> = ["sh", "bash", "awk", "gawk", "sed", "env"]
    return runtime == "provided.al2" ? all.union(["python", "python2", "python2.7"]) : all
  }
}
