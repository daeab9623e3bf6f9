internal import Core

/// Finds the functions of one unit that rule E1 or E2 claims.
struct UnitResolver: Sendable {
  let discovery: Discovery
  let unit: RepositoryPath
  /// All units that rules E1 and E2 claim.
  let claimed: Set<RepositoryPath>
  private(set) var functions: [DiscoveredFunction] = []
  private(set) var passedOver: [PassedOver] = []
  /// What is wrong with the unit. Its functions are there all the same, with the names that do not depend on it.
  private(set) var faults: [PackagerError] = []

  init(discovery: Discovery, unit: RepositoryPath, claimed: Set<RepositoryPath>) {
    self.discovery = discovery
    self.unit = unit
    self.claimed = claimed
  }

  private var shownUnit: String { unit.isRoot ? "the root folder" : unit.description }

  private var functionFile: RepositoryPath { unit.appending("function.json") }

  mutating func resolve(rule: DiscoveryRule, reason: String) {
    let file = discovery.functionFiles[unit]
    let standard = discovery.config.value["defaults"]
    let settings = (standard ?? .empty(file: "lamctl.json")).merging(file)
    let path =
      file == nil ? discovery.config.file.flatMap { RepositoryPath($0) } ?? functionFile : functionFile
    if let entries = file?["functions"]?.members, !entries.isEmpty {
      for entry in entries {
        add(
          settings.merging(entry.value), entry: entry, rule: rule, path: path,
          reason: "\(reason), which names '\(entry.key)'")
      }
    } else if isImage(settings) || settings["handler"] != nil {
      add(settings, entry: nil, rule: rule, path: path, reason: reason)
    } else {
      do throws(PackagerError) {
        try sniff(settings, rule: rule, reason: reason)
      } catch {
        faults.append(error)
        functions = [
          function(
            settings, entry: nil, rule: rule, path: path, reason: reason,
            Found(runtime: settings["runtime"]?.string))
        ]
      }
    }
  }

  private func isImage(_ settings: ConfigValue) -> Bool { settings["packageType"]?.string == "Image" }

  /// What a configured handler leads to.
  private struct Found {
    var file: RepositoryPath?
    var runtime: String?
    var language: String?
    var project: RepositoryPath?
    var target: String?
  }

  /// A function whose handler the configuration gives.
  private mutating func add(
    _ settings: ConfigValue, entry: ConfigValue.Member?, rule: DiscoveryRule, path: RepositoryPath,
    reason: String
  ) {
    var found = Found(runtime: settings["runtime"]?.string)
    do throws(PackagerError) {
      if isImage(settings) {
        found.language = "image"
      } else {
        found = try handlerFile(settings, entry: entry)
      }
    } catch {
      faults.append(error)
    }
    functions.append(function(settings, entry: entry?.key, rule: rule, path: path, reason: reason, found))
  }

  private func handlerFile(
    _ settings: ConfigValue, entry: ConfigValue.Member?
  ) throws(PackagerError) -> Found {
    guard let handler = settings["handler"] else {
      // Merged settings have the place of the first file.
      throw (entry?.value ?? settings).error(
        "\(entry.map { "the function '\($0.key)'" } ?? shownUnit) has no \"handler\"; add it to \(functionFile)"
      )
    }
    return try check(handler, settings)
  }

  private func function(
    _ settings: ConfigValue, entry: String?, rule: DiscoveryRule, path: RepositoryPath, reason: String,
    _ found: Found
  ) -> DiscoveredFunction {
    let parts = Naming.parts(unit) + (entry.map { [$0] } ?? [])
    return DiscoveredFunction(
      name: entry.map(Naming.clean) ?? discovery.name(parts), unit: unit, runtime: found.runtime,
      handler: isImage(settings) ? nil : settings["handler"]?.string, handlerFile: found.file, rule: rule,
      path: path, explanation: reason, entry: entry, language: found.language,
      project: found.project ?? unit, root: unit, target: found.target, nameParts: parts)
  }

  /// The handler's file, and the runtime that it stands for where none is configured.
  private func check(
    _ handler: ConfigValue, _ settings: ConfigValue
  ) throws(PackagerError) -> Found {
    let text = handler.string ?? ""
    let runtime = settings["runtime"]?.string
    let isBuilt = ["build", "output", "artifact"].contains { settings[$0] != nil }
    let languages = runtime.map { [Languages.of(runtime: $0)].compactMap { $0 } } ?? Languages.read
    // What the build makes, or what a project and not a file says, is the gate's to check.
    let isReadable = !text.contains("${") && languages.contains(where: \.packagesSources)
    guard isReadable else {
      return compiled(text, runtime, isBuilt: isBuilt)
        ?? Found(runtime: runtime ?? Languages.prebuilt(text)?.standardRuntime)
    }
    let sources = languages.filter(\.packagesSources)
    for language in sources {
      let paths = HandlerFile.paths(text, language: language, unit: unit)
      guard let file = paths.first(where: discovery.index.hasFile) else { continue }
      try checkSymbol(of: handler, in: file, language: language)
      return Found(file: file, runtime: runtime ?? language.standardRuntime, language: language.name)
    }
    if runtime == nil, let found = compiled(text, runtime, isBuilt: isBuilt) { return found }
    if isBuilt {
      guard let runtime else { throw handler.error("\(shownUnit) has a build but no \"runtime\"; add one") }
      return Found(runtime: runtime)
    }
    let walk = TreeWalk(root: discovery.index.root, git: discovery.git)
    let looked = sources.flatMap { HandlerFile.paths(text, language: $0, unit: unit) }
    for path in looked where Files.exists(path.absolute(in: discovery.index.root)) {
      guard let reason = try walk.explanation(for: path) else { continue }
      if settings["package"]?["include"] != nil {
        let language = Languages.of(file: path)
        return Found(file: path, runtime: runtime ?? language?.standardRuntime, language: language?.name)
      }
      throw handler.error(
        "the handler's file \(path) is left out by \(reason); take it in with \"package\": { \"include\": [\"\(path.relative(to: unit))\"] }"
      )
    }
    throw handler.error(
      "\(shownUnit) has no file for the handler '\(text)': looked for \(looked.map(\.description).joined(separator: ", ")); correct \"handler\" or add the file"
    )
  }

  /// The program or class of the unit that a handler means which no file is named after.
  private func compiled(_ handler: String, _ runtime: String?, isBuilt: Bool) -> Found? {
    guard !isBuilt, !discovery.index.hasFile(unit.appending(handler)) else { return nil }
    var search = Candidates(index: discovery.index, mentions: discovery.mentions)
    let candidates = search.found(in: files).filter { candidate in
      candidate.language.namesProjects && (runtime == nil || candidate.language.runs(on: runtime))
    }
    for candidate in candidates {
      // Java's runtime knows the method by its interface.
      let isMeant = candidate.symbols.contains { symbol in
        symbol.handler == handler || symbol.handler?.hasPrefix(handler + "::") == true
      }
      guard isMeant else { continue }
      return Found(
        file: candidate.file, runtime: runtime ?? candidate.language.standardRuntime,
        language: candidate.language.name, project: candidate.project ?? candidate.unit,
        target: candidate.target)
    }
    return nil
  }

  /// The files of the unit that may hold handlers.
  private var files: [RepositoryPath] {
    var isMeant = FolderAnswer { Narrowing.entersAll(of: $0.relative(to: unit)) && !isInner($0) }
    return discovery.index.files(below: unit).filter { isMeant($0.parent) }
  }

  /// Whether another unit inside of this one holds the folder.
  private func isInner(_ folder: RepositoryPath) -> Bool {
    var folder = folder
    while folder != unit, !folder.isRoot {
      if claimed.contains(folder) { return true }
      folder = folder.parent
    }
    return false
  }

  /// A function whose handler the unit's own files show.
  private mutating func sniff(_ settings: ConfigValue, rule: DiscoveryRule, reason: String)
    throws(PackagerError)
  {
    let configured = settings["runtime"]?.string
    // A runtime in `defaults` is for the units of its language, one in function.json is this unit's.
    let isOwn = settings["runtime"].map { $0.file.utf8.elementsEqual(functionFile.text.utf8) } ?? false
    let language = isOwn ? Languages.of(runtime: configured) : nil
    let files = files
    var search = Candidates(index: discovery.index, mentions: discovery.mentions)
    let candidates = search.found(in: files).filter { candidate in
      language == nil || candidate.language.isSame(as: language)
        || (isOwn && candidate.language.namesProjects && candidate.language.runs(on: configured))
    }
    let (kept, dropped) = Preference.narrow([unit: candidates], in: discovery.index)
    passedOver += search.passedOver + dropped
    let found = kept[unit] ?? []
    if found.isEmpty {
      try prebuilt(configured, files: files, rule: rule, reason: reason)
      return
    }
    let customary = found.filter { $0.isConventional && !$0.language.namesProjects && !$0.isNamed }
    let twins = Dictionary(grouping: customary) { "\($0.language.name) \($0.folder.text)" }.first {
      $0.value.count > 1
    }
    if let twins { throw ambiguous(twins.value.map(\.file), "and both names are customary") }
    for candidate in found {
      for symbol in candidate.symbols {
        functions.append(
          Discovery.function(
            candidate, symbol: symbol, unit: unit,
            root: candidate.language.importRoot(of: candidate.file, unit: unit, in: discovery.index),
            isAlone: found.count == 1,
            runtime: runtime(of: candidate, configured), rule: rule, rootName: discovery.rootName,
            explanation: "\(reason), and \(candidate.file) has the handler '\(symbol.name)'"))
      }
    }
  }

  private func ambiguous(_ files: [RepositoryPath], _ why: String) -> PackagerError {
    let entries = files.map { file in
      let inside = file.relative(to: unit)
      return
        "\"\(file.stem)\": { \"handler\": \"\(inside.parent.appending(file.stem)).handler\" }"
    }
    return .discovery(
      reason:
        "\(shownUnit) has a handler in \(files.map(\.description).joined(separator: " and in ")), \(why)",
      fix: "write \(functionFile): { \"functions\": { \(entries.joined(separator: ", ")) } }")
  }

  private func runtime(of candidate: HandlerCandidate, _ configured: String?) -> String {
    if let configured, candidate.language.runs(on: configured) { return configured }
    let stated = candidate.language.statedRuntime(for: candidate.folder, in: discovery.index)
    return stated?.runtime ?? candidate.language.standardRuntime
  }

  /// Throws unless `file` defines the handler's symbol, or may define it in a way that only running it shows.
  private func checkSymbol(
    of handler: ConfigValue, in file: RepositoryPath, language: any Language
  ) throws(PackagerError) {
    guard let (_, symbol) = language.split(handler: handler.string ?? ""),
      let known = language.symbols(in: try discovery.index.read(file), without: symbol)
    else { return }
    throw handler.error(HandlerFile.message(symbol, file: file, known: known))
  }

  /// A function whose handler is a file that was built elsewhere.
  private mutating func prebuilt(
    _ configured: String?, files: [RepositoryPath], rule: DiscoveryRule, reason: String
  ) throws(PackagerError) {
    let language = Languages.all.first { language in
      guard let name = language.prebuiltHandler else { return false }
      return discovery.index.hasFile(unit.appending(name))
        && (configured == nil || language.isSame(as: Languages.of(runtime: configured)))
    }
    guard let language, let handler = language.prebuiltHandler else {
      let own = Languages.of(runtime: configured)?.extensions ?? []
      let what = own.isEmpty ? Languages.read.flatMap(\.extensions) : own
      let read = files.filter { file in what.contains { file.hasSuffix("." + $0) } }.count
      throw .discovery(
        reason:
          "\(shownUnit) has no handler: \(read == 1 ? "1 file" : "\(read) files") (\(what.map { "*.\($0)" }.joined(separator: ", "))) \(read == 1 ? "was" : "were") read for"
          + " a function 'handler' or 'lambda_handler' that takes an event and a context, or an export 'handler'",
        fix:
          "add \(functionFile): \(example(for: files)), or take the folder out of \"functions\" of lamctl.json"
      )
    }
    let parts = Naming.parts(unit)
    let path = unit.appending(handler)
    let isImage = language is Image
    functions.append(
      DiscoveredFunction(
        name: discovery.name(parts), unit: unit,
        runtime: isImage ? nil : configured ?? language.standardRuntime, handler: isImage ? nil : handler,
        handlerFile: path, rule: rule, path: path, explanation: "\(reason), and it has a \(handler)",
        entry: nil,
        language: language.name, project: unit, root: unit, nameParts: parts))
  }

  /// What `function.json` would say of a unit that holds `files`: a program with a loop of its own is built by a command.
  private func example(for files: [RepositoryPath]) -> String {
    let isProgram = files.contains { file in
      Languages.of(file: file)?.standardRuntime.hasPrefix("provided") ?? false
    }
    return isProgram
      ? #"{ "runtime": "provided.al2023", "handler": "bootstrap", "build": ["PROGRAM", "ARGUMENT"], "output": "FOLDER" }"#
      : #"{ "handler": "file.symbol" }"#
  }
}
