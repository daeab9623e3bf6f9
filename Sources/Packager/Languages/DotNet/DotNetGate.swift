internal import Core

extension DotNet {
  /// The handler's assembly must be at the package's top, with the settings that the runtime starts it by, and with every
  /// library that it was built against.
  func handlerFaults(_ subject: GateSubject) -> [GateFault] {
    guard !subject.hasLayers else { return [] }
    let assembly = String(subject.handler.prefix { $0 != ":" })
    let missing = ["\(assembly).dll", "\(assembly).runtimeconfig.json"].filter { name in
      subject.entries[RepositoryPath.root.appending(name)] == nil
    }
    guard missing.isEmpty else {
      return [
        GateFault(
          file: missing[0].escaped, found: "is not in the package",
          allowed: "the handler '\(subject.handler)' needs it",
          fix:
            "build the project with 'dotnet publish' and -p:GenerateRuntimeConfigurationFiles=true, or correct \"handler\""
        )
      ]
    }
    return libraries(of: assembly, subject).filter {
      subject.entries[RepositoryPath.root.appending($0)] == nil
    }
    .map { name in
      GateFault(
        file: "\(assembly).deps.json".escaped, found: "names \(name.escaped)",
        allowed: "the package does not have it",
        fix: "publish the project anew ('dotnet publish', not 'dotnet build')")
    }
  }

  private static let longestList = 16 << 20

  /// The libraries that the assembly was built against, by their files' names.
  private func libraries(of assembly: String, _ subject: GateSubject) -> [String] {
    let path = RepositoryPath.root.appending("\(assembly).deps.json")
    guard case .file(let source, _, _)? = subject.entries[path]?.content,
      let bytes = try? Files.read(source, limit: Self.longestList), let document = try? JSON(parsing: bytes)
    else { return [] }
    let targets = document["targets"]?.object?.members.flatMap { $0.value.object?.members ?? [] } ?? []
    let files = targets.flatMap { $0.value["runtime"]?.object?.keys ?? [] }
    return Set(files.map { file in file.split(separator: "/").last.map(String.init) ?? file }).sorted()
  }
}
