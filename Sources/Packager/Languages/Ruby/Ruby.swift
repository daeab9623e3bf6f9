internal import Core

/// Ruby, installed by Bundler.
struct Ruby: Language {
  let name = "ruby"
  let runtimePrefix = "ruby"
  let standardRuntime = "ruby3.3"
  let packagesSources = true
  let extensions = ["rb"]
  let lockNames = ["Gemfile.lock"]
  let buildPrograms = ["bundle", "ruby"]
  let manifests = [Manifest(name: "Gemfile", isLocked: true)]

  func isAside(_ file: RepositoryPath) -> Bool { isAsideEverywhere(file) || file.stem.hasSuffix("_spec") }

  func graph(of index: RepositoryIndex) -> (any SourceGraph)? { RubyGraph(index: index, language: self) }

  func reading(of source: [UInt8], file: RepositoryPath) -> SourceReading { RubySource.reading(of: source) }

  func symbols(in source: [UInt8], without symbol: String) -> [String]? {
    let known = RubySource.reading(of: source).handlers.map(\.name)
    // Only methods with a handler's signature are known.
    return known.isEmpty || known.contains(symbol) ? nil : known
  }

  /// Ruby's runtime takes for the file what stands before the first dot; a class or module may stand before the method.
  ///
  /// Source: `lambda_handler.rb` of aws-lambda-ruby-runtime-interface-client.
  func split(handler: String) -> (module: String, symbol: String)? { HandlerFile.splitEarly(handler) }

  func statedRuntime(for folder: RepositoryPath, in index: RepositoryIndex) -> StatedRuntime? {
    index.stated(for: folder) { folder in
      let gemfile = folder.appending("Gemfile")
      let line = index.text(gemfile)?.split(separator: "\n").first {
        $0.hasPrefix("ruby ") || $0.hasPrefix("ruby(")
      }
      let found =
        index.firstLine(of: [".ruby-version"], in: folder) ?? line.map { (String($0.dropFirst(5)), gemfile) }
        ?? index.toolVersion(["ruby"], in: folder)
      guard let found, let version = StatedVersion(found.0), version.major == 3,
        (2...4).contains(version.minor)
      else { return nil }
      return StatedRuntime(runtime: "ruby3.\(version.minor)", file: found.1)
    }
  }

  func handlerFaults(_ subject: GateSubject) -> [GateFault] {
    let faults = subject.symbolFaults(of: self, missingFix: GateSubject.missingSource)
    guard let handler = subject.handlerPath(of: self) else { return faults }
    var requires = RubyGate(subject)
    return faults + requires.check(handler)
  }
}
