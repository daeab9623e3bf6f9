internal import Core

extension DotNet {
  /// The handler's assembly must be at the package's top, with the settings that the runtime starts it by, with every
  /// library that it was built against, and with the handler's type and method.
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
    return frameworkFaults(assembly, subject) + libraryFaults(assembly, subject)
      + symbolFaults(assembly, subject)
  }

  /// The settings must not ask for a newer .NET than the runtime has.
  private func frameworkFaults(_ assembly: String, _ subject: GateSubject) -> [GateFault] {
    let file = "\(assembly).runtimeconfig.json"
    let framework = document(file, subject)?["runtimeOptions"]?["framework"]
    guard let runtime = subject.definition.runtime, framework?["name"]?.string == "Microsoft.NETCore.App",
      let wanted = framework?["version"]?.string.flatMap({ StatedVersion($0) })?.major,
      let offered = Int(runtime.drop { !$0.isNumber }), wanted > offered
    else { return [] }
    return [
      GateFault(
        file: file.escaped, found: "asks for .NET \(wanted)", allowed: "\(runtime) has .NET \(offered)",
        fix: "set <TargetFramework>net\(offered).0</TargetFramework>, or a newer \"runtime\"")
    ]
  }

  private func libraryFaults(_ assembly: String, _ subject: GateSubject) -> [GateFault] {
    let packaged = Set(subject.entries.keys.map(\.name))
    let (managed, native) = libraries(of: assembly, subject)
    let missing =
      managed.filter { subject.entries[RepositoryPath.root.appending($0)] == nil }
      + native.filter { !packaged.contains($0) }
    return missing.sorted().map { name in
      GateFault(
        file: "\(assembly).deps.json".escaped, found: "names \(name.escaped)",
        allowed: "the package does not have it",
        fix: "publish the project anew ('dotnet publish', not 'dotnet build')")
    }
  }

  /// The type and the method that `Assembly::Type::Method` names must be in the assembly.
  private func symbolFaults(_ assembly: String, _ subject: GateSubject) -> [GateFault] {
    let file = "\(assembly).dll"
    guard let source = source(file, subject),
      let bytes = try? Files.read(source, limit: DotNetAssembly.longest)
    else { return [] }
    let fault = { (found: String, fix: String) in
      GateFault(
        file: file.escaped, found: found, allowed: "the handler is '\(subject.handler)'", fix: fix)
    }
    guard bytes.starts(with: "MZ".utf8) else {
      return [fault("is no .NET assembly", "publish the project anew ('dotnet publish')")]
    }
    let parts = subject.handler.replacing("::", with: "\n").split(separator: "\n").map(String.init)
    // A program is started as such, and chooses by itself.
    guard parts.count == 3, let found = DotNetAssembly(bytes) else { return [] }
    guard let type = found.type(named: parts[1]) else {
      if found.forwards { return [] }
      let hint = Suggestion.nearest(to: parts[1], in: found.typeNames).map { "; did you mean '\($0)'?" } ?? ""
      return [fault("has no type '\(parts[1].escaped)'\(hint)", "correct \"handler\" or the class")]
    }
    guard !type.inherits, !type.methods.contains(parts[2]) else { return [] }
    let hint = Suggestion.nearest(to: parts[2], in: type.methods).map { "; did you mean '\($0)'?" } ?? ""
    return [
      fault(
        "has no method '\(parts[2].escaped)' in \(parts[1].escaped)\(hint)",
        "correct \"handler\" or the class")
    ]
  }

  private static let longestList = 16 << 20

  private func source(_ name: String, _ subject: GateSubject) -> String? {
    guard case .file(let source, _, _)? = subject.entries[RepositoryPath.root.appending(name)]?.content else {
      return nil
    }
    return source
  }

  private func document(_ name: String, _ subject: GateSubject) -> JSON? {
    source(name, subject).flatMap { try? Files.read($0, limit: Self.longestList) }.flatMap {
      try? JSON(parsing: $0)
    }
  }

  /// The libraries that the assembly was built against, by their files' names: those of .NET, and native ones.
  private func libraries(of assembly: String, _ subject: GateSubject) -> (managed: [String], native: [String])
  {
    let targets = document("\(assembly).deps.json", subject)?["targets"]?.object?.members ?? []
    let parts = targets.flatMap { $0.value.object?.members ?? [] }
    let names = { (kind: String) in
      let files = parts.flatMap { $0.value[kind]?.object?.keys ?? [] }
      return Set(files.map { file in file.split(separator: "/").last.map(String.init) ?? file }).sorted()
    }
    return (names("runtime"), names("native"))
  }
}
