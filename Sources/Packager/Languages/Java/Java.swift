internal import Core

/// Java and Kotlin, built by Maven or Gradle.
struct Java: Language {
  let name = "java"
  let runtimePrefix = "java"
  let standardRuntime = "java21"
  let extensions = ["java", "kt"]
  let packagedExtensions: [String] = []
  let namesProjects = true
  let lockNames = ["gradle.lockfile"]
  let buildPrograms = ["mvn", "gradle", "java"]
  /// Maven's extensions and options, and the version that its wrapper fetches.
  let hiddenSettings = [".mvn"]
  let manifests = [
    Manifest(name: "pom.xml"), Manifest(name: "build.gradle", isLocked: true),
    Manifest(name: "build.gradle.kts", isLocked: true),
  ]

  func isAside(_ file: RepositoryPath) -> Bool {
    let parts = file.components
    return zip(parts, parts.dropFirst()).contains {
      $0 == "src" && ["test", "it", "testFixtures"].contains($1)
    }
  }

  func graph(of index: RepositoryIndex) -> (any SourceGraph)? { JavaGraph(index: index, language: self) }

  func fault(in bytes: [UInt8], of file: RepositoryPath) -> PackagerError? {
    file.fileExtension.map(["xml", "csproj"].contains) == true ? XMLText.fault(in: bytes, of: file) : nil
  }

  func reading(of source: [UInt8], file: RepositoryPath) -> SourceReading {
    JavaSource.reading(of: source, isKotlin: file.hasSuffix(".kt"))
  }

  /// Classes that implement a handler's interface, also through others of the repository; and where a unit has none of
  /// them, its application of Spring Cloud Function, whose handler is a class of the library.
  func candidates(among files: [RepositoryPath], in index: RepositoryIndex) -> [HandlerCandidate] {
    let hierarchy = index.remembered("java classes") { self.hierarchy(in: index) }
    let found = files.compactMap { file -> HandlerCandidate? in
      let classes = (index.reading(file, self)?.types ?? []).filter {
        !$0.isAbstract && hierarchy.handles($0)
      }
      guard !classes.isEmpty else { return nil }
      let symbols = classes.map {
        HandlerSymbol($0.simpleName, handler: "\($0.name)::\(hierarchy.method(of: $0))")
      }
      return HandlerCandidate(
        language: self, file: file, symbols: symbols, unit: unit(of: file, in: index) ?? file.parent)
    }
    let own = Set(found.compactMap(\.unit))
    let applications = SpringFunctions.applications(among: files, of: self, in: index).compactMap {
      file, type -> HandlerCandidate? in
      guard let unit = unit(of: file, in: index), !own.contains(unit),
        SpringFunctions.isAdapted(unit, manifests: manifests, in: index)
      else { return nil }
      let symbol = HandlerSymbol(type, handler: SpringFunctions.handler)
      return HandlerCandidate(language: self, file: file, symbols: [symbol], unit: unit)
    }
    return HandlerCandidate.labelled(found + applications)
  }

  /// The nearest folder with a manifest.
  private func unit(of file: RepositoryPath, in index: RepositoryIndex) -> RepositoryPath? {
    index.stated(for: file.parent) { folder in
      manifests.contains { index.hasFile(folder.appending($0.name)) } ? folder : nil
    }
  }

  private func hierarchy(in index: RepositoryIndex) -> JavaHierarchy {
    let sources = index.files.filter { isSource($0) && !isAside($0) }
    index.look(into: sources, self)
    var types: [String: SourceType] = [:]
    for file in sources {
      for type in index.reading(file, self)?.types ?? [] { types[type.simpleName] = type }
    }
    return JavaHierarchy(types: types)
  }

  /// The first version that Lambda has from the stated one on.
  func statedRuntime(for folder: RepositoryPath, in index: RepositoryIndex) -> StatedRuntime? {
    index.stated(for: folder) { folder in
      guard let (text, file) = Self.statedVersion(in: folder, index), let version = StatedVersion(text) else {
        return nil
      }
      // 1.8 is 8.
      let number = version.major == 1 ? version.minor : version.major
      guard let runtime = [11, 17, 21, 25].first(where: { $0 >= number }), number >= 8 else { return nil }
      return StatedRuntime(runtime: number == 8 ? "java8.al2" : "java\(runtime)", file: file)
    }
  }

  private static func statedVersion(
    in folder: RepositoryPath, _ index: RepositoryIndex
  ) -> (text: String, file: RepositoryPath)? {
    let pom = folder.appending("pom.xml")
    if let bytes = index.manifest(pom), let project = try? XMLText.element(bytes) {
      let keys = ["maven.compiler.release", "java.version", "maven.compiler.target", "maven.compiler.source"]
      let properties = project["properties"]
      for key in keys {
        if let text = properties?[key]?.text, StatedVersion(text) != nil { return (text, pom) }
      }
      for key in ["release", "target", "jvmTarget"] {
        if let text = project.below(key).first(where: { StatedVersion($0.text) != nil })?.text {
          return (text, pom)
        }
      }
    }
    for name in ["build.gradle", "build.gradle.kts"] {
      let file = folder.appending(name)
      guard let text = index.text(file) else { continue }
      for key in ["JavaLanguageVersion.of(", "jvmToolchain(", "sourceCompatibility", "JavaVersion.VERSION_"] {
        guard let place = text.firstRange(of: key) else { continue }
        let rest = text[place.upperBound...].prefix(40).prefix { $0 != "\n" }
        if let version = StatedVersion(String(rest).replacing("_", with: ".")) {
          return ("\(version.numbers.map(String.init).joined(separator: "."))", file)
        }
      }
    }
    return index.firstLine(of: [".java-version"], in: folder)
      ?? index.toolVersion(["java"], in: folder).map {
        (String($0.text.drop { !$0.isNumber }), $0.file)
      }
  }
}

/// Which classes are handlers through what they extend and implement.
struct JavaHierarchy {
  private static let interfaces: Set<String> = [
    "RequestHandler", "RequestStreamHandler", "MicronautRequestHandler", "MicronautRequestStreamHandler",
    "SpringBootRequestHandler", "SpringBootStreamHandler", "FunctionInvoker", "PowertoolsRequestHandler",
  ]
  /// How many classes may stand between a handler and its interface.
  private static let longestChain = 16

  let types: [String: SourceType]

  func handles(_ type: SourceType) -> Bool { handles(type, depth: 0) }

  private func handles(_ type: SourceType, depth: Int) -> Bool {
    guard depth < Self.longestChain else { return false }
    return type.parents.contains { parent in
      if Self.interfaces.contains(parent) { return true }
      guard let known = types[parent], known != type else { return false }
      return handles(known, depth: depth + 1)
    }
  }

  func method(of type: SourceType) -> String {
    type.parents.contains { $0.hasPrefix("Micronaut") } ? "execute" : "handleRequest"
  }
}
