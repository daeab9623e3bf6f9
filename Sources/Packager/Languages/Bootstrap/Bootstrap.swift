internal import Core

/// Programs that speak the runtime API, already built.
struct Bootstrap: Language {
  let name = "bootstrap"
  let runtimePrefix = "provided"
  let standardRuntime = "provided.al2023"
  let prebuiltHandler: String? = "bootstrap"

  func handlerFaults(_ subject: GateSubject) -> [GateFault] {
    let definition = subject.definition
    let entry = subject.entries["bootstrap"]
    guard let entry, case .file(let source, _, _) = entry.content else {
      // A layer may bring the runtime.
      return entry != nil || subject.hasLayers
        ? []
        : [
          GateFault(
            file: "bootstrap", found: "is missing",
            allowed: "\(definition.runtime ?? "the runtime") starts a program of this name",
            fix: "have the build write it to the top of \"output\"")
        ]
    }
    let start = (try? FileStart.bytes(of: source, 4)) ?? []
    if start.starts(with: ELFFile.magic) { return BootstrapProgram(subject: subject, source: source).faults }
    guard !start.starts(with: "#!".utf8) else { return [] }
    return [
      GateFault(
        file: "bootstrap", found: "is neither a program for Linux nor a script",
        allowed: "it must be an ELF file or begin with #!",
        fix: "build it for Linux on \(definition.architectures[0])")
    ]
  }
}
