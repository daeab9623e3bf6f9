internal import Core

/// Finds the functions of one unit that rule E1 or E2 claims.
struct UnitResolver {
  let discovery: Discovery
  let unit: String
  /// All units that rules E1 and E2 claim.
  let claimed: Set<String>
  private(set) var functions: [DiscoveredFunction] = []
  private(set) var passedOver: [PassedOver] = []
  /// What is wrong with the unit. Its functions are there all the same, with the names that do not depend on it.
  private(set) var faults: [PackagerError] = []

  init(discovery: Discovery, unit: String, claimed: Set<String>) {
    self.discovery = discovery
    self.unit = unit
    self.claimed = claimed
  }

  private var shownUnit: String { unit.isEmpty ? "the root folder" : unit }

  private var functionFile: String { RootPath.join(unit, "function.json") }

  mutating func resolve(rule: DiscoveryRule, reason: String) {
    let file = discovery.functionFiles[unit]
    let standard = discovery.config.value["defaults"]
    let settings = (standard ?? .empty(file: "lamctl.json")).merging(file)
    let path = file == nil ? discovery.config.file ?? functionFile : functionFile
    if let entries = file?["functions"]?.members, !entries.isEmpty {
      for entry in entries {
        add(
          settings.merging(entry.value), entry: entry.key, rule: rule, path: path,
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
            settings, entry: nil, rule: rule, path: path, reason: reason, (nil, settings["runtime"]?.string))
        ]
      }
    }
  }

  private func isImage(_ settings: ConfigValue) -> Bool { settings["packageType"]?.string == "Image" }

  /// A function whose handler the configuration gives.
  private mutating func add(
    _ settings: ConfigValue, entry: String?, rule: DiscoveryRule, path: String, reason: String
  ) {
    var found: (file: String?, runtime: String?) = (nil, settings["runtime"]?.string)
    do throws(PackagerError) {
      if !isImage(settings) { found = try handlerFile(settings, entry: entry) }
    } catch {
      faults.append(error)
    }
    functions.append(function(settings, entry: entry, rule: rule, path: path, reason: reason, found))
  }

  private func handlerFile(
    _ settings: ConfigValue, entry: String?
  ) throws(PackagerError) -> (file: String?, runtime: String?) {
    guard let handler = settings["handler"] else {
      throw settings.error(
        "\(entry.map { "the function '\($0)'" } ?? shownUnit) has no \"handler\"; add it to \(functionFile)")
    }
    return try check(handler, settings)
  }

  private func function(
    _ settings: ConfigValue, entry: String?, rule: DiscoveryRule, path: String, reason: String,
    _ found: (file: String?, runtime: String?)
  ) -> DiscoveredFunction {
    let parts = Naming.parts(unit) + (entry.map { [$0] } ?? [])
    return DiscoveredFunction(
      name: entry.map(Naming.clean) ?? discovery.name(parts), unit: unit, runtime: found.runtime,
      handler: isImage(settings) ? nil : settings["handler"]?.string, handlerFile: found.file, rule: rule,
      path: path, explanation: reason, entry: entry, nameParts: parts)
  }

  /// The handler's file, and the runtime that it stands for where none is configured.
  private func check(
    _ handler: ConfigValue, _ settings: ConfigValue
  ) throws(PackagerError) -> (file: String?, runtime: String?) {
    let text = handler.string ?? ""
    let runtime = settings["runtime"]?.string
    let isBuilt = settings["build"] != nil || settings["output"] != nil
    let languages = runtime.map { [Language(runtime: $0)].compactMap { $0 } } ?? [.python, .node]
    // What the build makes, or a language that is not read here, is the gate's to check.
    let isReadable = !text.contains("${") && languages.contains { $0 != .bootstrap }
    guard isReadable else {
      return (nil, runtime ?? (text == "bootstrap" ? Language.bootstrap.standardRuntime : nil))
    }
    for language in languages {
      guard let file = HandlerFile.find(text, language: language, unit: unit, index: discovery.index) else {
        continue
      }
      try HandlerFile.checkSymbol(
        of: text, in: file, language: language, source: try discovery.index.read(file), at: handler)
      return (file, runtime ?? language.standardRuntime)
    }
    if isBuilt {
      guard let runtime else { throw handler.error("\(shownUnit) has a build but no \"runtime\"; add one") }
      return (nil, runtime)
    }
    let walk = TreeWalk(root: discovery.index.root)
    let looked = languages.flatMap { HandlerFile.paths(text, language: $0, unit: unit) }
    for path in looked where Files.exists("\(discovery.index.root)/\(path)") {
      guard let reason = try walk.explanation(for: path) else { continue }
      if settings["package"]?["include"] != nil {
        return (path, runtime ?? Language(file: path)?.standardRuntime)
      }
      throw handler.error(
        "the handler's file \(path) is left out by \(reason); take it in with \"package\": { \"include\": [\"\(path.dropFirst(unit.isEmpty ? 0 : unit.count + 1))\"] }"
      )
    }
    throw handler.error(
      "\(shownUnit) has no file for the handler '\(text)': looked for \(looked.joined(separator: ", ")); correct \"handler\" or add the file"
    )
  }

  /// A function whose handler the unit's own files show.
  private mutating func sniff(_ settings: ConfigValue, rule: DiscoveryRule, reason: String)
    throws(PackagerError)
  {
    let configured = settings["runtime"]?.string
    // A runtime in `defaults` is for the units of its language, one in function.json is this unit's.
    let isOwn = settings["runtime"].map { $0.file == functionFile } ?? false
    let language = isOwn ? configured.flatMap(Language.init(runtime:)) : nil
    let inner = claimed.filter { $0 != unit && RootPath.contains(unit, $0) }
    let files = discovery.index.files(below: unit).filter { file in
      let below = RootPath.parent(file).dropFirst(unit.count)
      return !below.split(separator: "/").contains { !Narrowing.enters(String($0)) }
        && !inner.contains { RootPath.contains($0, file) }
    }
    var candidates = discovery.index.candidates(in: files).filter {
      language == nil || $0.language == language
    }
    let standard = configured.flatMap(Language.init(runtime:))
    if candidates.contains(where: { $0.language == standard }) {
      candidates.removeAll { $0.language != standard }
    }
    let (kept, dropped) = Preference.narrow([unit: candidates])
    passedOver += dropped
    let found = kept[unit] ?? []
    if found.isEmpty {
      try bootstrap(configured, files: files, rule: rule, reason: reason)
      return
    }
    if Set(found.map(\.language)).count > 1 {
      throw ambiguous(found.map(\.file), "and no \"runtime\" says which language is meant")
    }
    let twins = Dictionary(grouping: found.filter(\.isConventional), by: \.folder).first {
      $0.value.count > 1
    }
    if let twins { throw ambiguous(twins.value.map(\.file), "and both names are customary") }
    for candidate in found {
      for symbol in candidate.symbols {
        functions.append(
          Discovery.function(
            candidate, symbol: symbol, unit: unit, isAlone: found.count == 1,
            runtime: standard == candidate.language ? configured ?? "" : candidate.language.standardRuntime,
            rule: rule,
            rootName: discovery.rootName,
            explanation: "\(reason), and \(candidate.file) has the handler '\(symbol)'"))
      }
    }
  }

  private func ambiguous(_ files: [String], _ why: String) -> PackagerError {
    let entries = files.map { file in
      let inside = unit.isEmpty ? file : String(file.dropFirst(unit.count + 1))
      return
        "\"\(Language.stem(of: file))\": { \"handler\": \"\(RootPath.join(RootPath.parent(inside), Language.stem(of: file))).handler\" }"
    }
    return .discovery(
      reason: "\(shownUnit) has a handler in \(files.joined(separator: " and in ")), \(why)",
      fix: "write \(functionFile): { \"functions\": { \(entries.joined(separator: ", ")) } }")
  }

  private mutating func bootstrap(
    _ configured: String?, files: [String], rule: DiscoveryRule, reason: String
  ) throws(PackagerError) {
    let path = RootPath.join(unit, "bootstrap")
    guard discovery.index.hasFile(path), configured == nil || configured?.hasPrefix("provided") == true else {
      let what = configured.flatMap(Language.init(runtime:)).map { $0.extensions } ?? ["py", "js", "ts"]
      let read = files.filter { file in what.contains { file.hasSuffix("." + $0) } }.count
      throw .discovery(
        reason:
          "\(shownUnit) has no handler: \(read) files (\(what.map { "*.\($0)" }.joined(separator: ", "))) were read for"
          + " a function 'handler' or 'lambda_handler' that takes an event and a context, or an export 'handler'",
        fix:
          "add \(functionFile): { \"handler\": \"file.symbol\" }, or take the folder out of \"functions\" of lamctl.json"
      )
    }
    let parts = Naming.parts(unit)
    functions.append(
      DiscoveredFunction(
        name: discovery.name(parts), unit: unit, runtime: configured ?? Language.bootstrap.standardRuntime,
        handler: "bootstrap", handlerFile: path, rule: rule, path: path,
        explanation: "\(reason), and it has a bootstrap",
        entry: nil, nameParts: parts))
  }
}
