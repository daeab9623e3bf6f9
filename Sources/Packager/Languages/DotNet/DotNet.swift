internal import Core

/// C#, built by the .NET tools.
struct DotNet: Language {
  let name = "dotnet"
  let runtimePrefix = "dotnet"
  let standardRuntime = "dotnet8"
  let extensions = ["cs"]
  let packagedExtensions: [String] = []
  let namesProjects = true
  let lockNames = ["packages.lock.json"]
  let buildPrograms = ["dotnet"]
  /// Which tools, in which versions, a build may call.
  let hiddenSettings = [".config/dotnet-tools.json"]

  func graph(of index: RepositoryIndex) -> (any SourceGraph)? { DotNetGraph(index: index, language: self) }

  func fault(in bytes: [UInt8], of file: RepositoryPath) -> PackagerError? {
    file.fileExtension.map(["xml", "csproj"].contains) == true ? XMLText.fault(in: bytes, of: file) : nil
  }

  func reading(of source: [UInt8], file: RepositoryPath) -> SourceReading { DotNetSource.reading(of: source) }

  /// Methods that take a Lambda context, in projects that use Amazon's libraries for Lambda.
  func candidates(among files: [RepositoryPath], in index: RepositoryIndex) -> [HandlerCandidate] {
    let projects = DotNetProjects.all(in: index)
    // A program hands its events on by itself: what its methods look like says nothing.
    let programs = Set(
      files.filter { index.reading($0, self)?.types.contains(where: \.name.isEmpty) == true }
        .compactMap { projects.project(of: $0)?.file })
    let found = files.compactMap { file -> HandlerCandidate? in
      guard let project = projects.project(of: file), !project.isTest, projects.usesLambda(project) else {
        return nil
      }
      let symbols = (index.reading(file, self)?.types ?? []).flatMap { type -> [HandlerSymbol] in
        // Statements at the top of a program: the assembly itself is the handler.
        if type.name.isEmpty { return [HandlerSymbol(project.assembly, handler: project.assembly)] }
        guard !type.isAbstract, !programs.contains(project.file) else { return [] }
        return type.handlers.map { method in
          HandlerSymbol(
            type.handlers.count == 1 ? type.simpleName : method,
            handler: "\(project.assembly)::\(type.name)\(Self.method(method))")
        }
      }
      guard !symbols.isEmpty else { return nil }
      return HandlerCandidate(
        language: self, file: file, symbols: symbols, unit: project.folder, target: project.file.name)
    }
    return HandlerCandidate.labelled(found)
  }

  /// The annotations' generator makes a class a method, whose name holds both.
  private static func method(_ method: String) -> String {
    method.hasPrefix(DotNetSource.generated)
      ? "_\(method.dropFirst(DotNetSource.generated.count))_Generated::\(method.dropFirst(DotNetSource.generated.count))"
      : "::\(method)"
  }

  func statedRuntime(for folder: RepositoryPath, in index: RepositoryIndex) -> StatedRuntime? {
    let runtime = { (text: String, file: RepositoryPath) -> StatedRuntime? in
      guard let version = StatedVersion(text), [6, 8, 10].contains(version.major) else { return nil }
      return StatedRuntime(runtime: "dotnet\(version.major)", file: file)
    }
    return index.stated(for: folder) { folder in
      for file in index.files(in: folder)
      where file.hasSuffix(".csproj") || file.name == "Directory.Build.props" {
        guard let bytes = index.manifest(file), let project = try? XMLText.element(bytes) else { continue }
        for name in ["TargetFramework", "TargetFrameworks"] {
          for element in project.below(name) where element.text.hasPrefix("net") {
            if let found = runtime(element.text, file) { return found }
          }
        }
      }
      let global = folder.appending("global.json")
      guard let bytes = index.manifest(global),
        let version = (try? JSON(parsing: bytes))?["sdk"]?["version"]?.string
      else { return nil }
      return runtime(version, global)
    }
  }
}
