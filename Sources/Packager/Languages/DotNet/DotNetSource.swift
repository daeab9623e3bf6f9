/// Reads the classes of a C# file and their methods that take a Lambda context.
struct DotNetSource {
  /// What the names of methods that Amazon's annotations make a handler of begin with here.
  static let generated = "[LambdaFunction]"
  private static let webBases: Set<String> = [
    "APIGatewayProxyFunction", "APIGatewayHttpApiV2ProxyFunction", "ApplicationLoadBalancerFunction",
  ]

  /// How many classes are followed into one another.
  private static let deepest = 32
  /// How many handlers of one class are known.
  private static let mostHandlers = 512

  private let tokens: [CodeToken]
  private var reading = SourceReading()
  private var depth = 0
  private var spaces: [(depth: Int, name: String)] = []
  private var classes: [(depth: Int, place: Int)] = []

  static func reading(of source: [UInt8]) -> SourceReading {
    var reader = DotNetSource(tokens: CodeTokenizer.tokens(of: source, .dotNet))
    reader.run()
    return reader.reading
  }

  private init(tokens: [CodeToken]) {
    self.tokens = tokens
  }

  private func word(_ index: Int) -> String? { tokens.indices.contains(index) ? tokens[index].word : nil }

  private func isSymbol(_ index: Int, _ character: Character) -> Bool {
    tokens.indices.contains(index) && tokens[index].isSymbol(character)
  }

  private mutating func run() {
    for index in tokens.indices {
      switch tokens[index] {
      case .symbol(UInt8(ascii: "{")): depth += 1
      case .symbol(UInt8(ascii: "}")):
        depth -= 1
        while let last = classes.last, last.depth >= depth { classes.removeLast() }
        while let last = spaces.last, last.depth >= depth { spaces.removeLast() }
      case .word("namespace"): enterNamespace(at: index + 1)
      case .word("using") where depth == 0:
        if let name = word(index + 1) { reading.imports.append(SourceImport(module: name)) }
      case .word("class"), .word("record"): if let name = word(index + 1) { declare(name, at: index) }
      case .word("ILambdaContext"): method(around: index)
      case .word("LambdaFunction") where isSymbol(index - 1, "["): annotated(at: index)
      case .word("LambdaBootstrapBuilder"), .word("AddAWSLambdaHosting"), .word("LambdaBootstrap"): program()
      default: break
      }
    }
  }

  private mutating func enterNamespace(at start: Int) {
    var name = ""
    var index = start
    while let part = word(index) {
      name += part
      guard isSymbol(index + 1, ".") else { break }
      name += "."
      index += 2
    }
    // `namespace X;` holds for the whole file.
    spaces.append((isSymbol(index + 1, ";") ? -1 : depth, name))
    reading.package = reading.package ?? name
  }

  private mutating func declare(_ name: String, at index: Int) {
    let modifiers = (1...6).map { word(index - $0) }.prefix { $0 != nil }.compactMap { $0 }
    var parents: [String] = []
    var angles = 0
    var isParent = false
    scan: for place in (index + 2)..<min(tokens.count, index + 128) where place > index {
      switch tokens[place] {
      case .symbol(UInt8(ascii: "{")), .symbol(UInt8(ascii: ";")): break scan
      case .symbol(UInt8(ascii: "<")): angles += 1
      case .symbol(UInt8(ascii: ">")): angles -= 1
      case .symbol(UInt8(ascii: ":")): isParent = true
      case .word("where"): break scan
      case .word(let word) where isParent && angles == 0 && !isSymbol(place + 1, "."): parents.append(word)
      default: break
      }
    }
    let outer = classes.map { reading.types[$0.place].simpleName }
    let space = spaces.map(\.name).joined(separator: ".")
    let local = (outer + [name]).joined(separator: "+")
    var type = SourceType(
      name: space.isEmpty ? local : "\(space).\(local)", simpleName: name, parents: parents,
      isAbstract: modifiers.contains("abstract"))
    if parents.contains(where: Self.webBases.contains) { type.handlers = ["FunctionHandlerAsync"] }
    if classes.count < Self.deepest { classes.append((depth, reading.types.count)) }
    reading.types.append(type)
  }

  /// Adds the public method among whose parameters the token at `index` is.
  private mutating func method(around index: Int) {
    guard let place = classes.last?.place else { return }
    var open = index
    var brackets = 0
    while open > 0, index - open < 256 {
      open -= 1
      if isSymbol(open, ")") { brackets += 1 }
      if isSymbol(open, "(") {
        if brackets == 0 { break }
        brackets -= 1
      }
      if isSymbol(open, "{") || isSymbol(open, ";") || isSymbol(open, "}") { return }
    }
    guard isSymbol(open, "("), let name = word(open - 1) else { return }
    // An extension of the context is a helper of handlers.
    guard word(open + 1) != "this" else { return }
    var before = open - 1
    var isPublic = false
    while before > 0, open - before < 64 {
      before -= 1
      if isSymbol(before, "{") || isSymbol(before, ";") || isSymbol(before, "}") || isSymbol(before, "]") {
        break
      }
      if word(before) == "public" { isPublic = true }
      if ["delegate", "new", "await", "return"].contains(word(before)) { return }
    }
    // A constructor or a call is no handler.
    guard isPublic, name != reading.types[place].simpleName else { return }
    let known = reading.types[place].handlers
    guard known.count < Self.mostHandlers, !known.contains(name), !known.contains(Self.generated + name)
    else { return }
    reading.types[place].handlers.append(name)
  }

  /// Adds the method that `[LambdaFunction]` stands before.
  private mutating func annotated(at index: Int) {
    guard let place = classes.last?.place, reading.types[place].handlers.count < Self.mostHandlers else {
      return
    }
    // The attribute's own bracket is open.
    var brackets = 1
    for next in index..<min(tokens.count, index + 256) {
      if isSymbol(next, "[") { brackets += 1 }
      if isSymbol(next, "]") { brackets -= 1 }
      guard brackets == 0, isSymbol(next, "("), let name = word(next - 1) else { continue }
      reading.types[place].handlers.append(Self.generated + name)
      return
    }
  }

  /// Notes that the file's own statements start a function.
  private mutating func program() {
    guard !reading.types.contains(where: \.name.isEmpty) else { return }
    reading.types.append(SourceType(name: "", simpleName: "", parents: [], handlers: ["Main"]))
  }
}
