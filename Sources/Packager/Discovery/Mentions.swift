internal import Core

/// The handlers that templates and infrastructure code name: what is named is a function, whatever it looks like.
struct Mentions: Sendable {
  /// The most bytes of a file that is searched.
  private static let longest = 1 << 20
  /// How far behind an entry's file its handler is looked for.
  private static let reach = 600

  private struct Mention: Hashable {
    let symbol: String
    /// The path of the module, innermost component last.
    let module: [String]
  }

  /// Mentions by the last component of their modules.
  private var mentions: [String: Set<Mention>] = [:]

  init(index: RepositoryIndex) {
    var isOfInfrastructure = FolderAnswer { folder in
      folder.components.contains { Self.infrastructure.contains($0.lowercased()) }
    }
    for file in index.files where Self.mayName(file, &isOfInfrastructure) {
      guard let bytes = try? index.content(of: file, limit: Self.longest) else { continue }
      scan(bytes)
    }
  }

  init(text: [UInt8]) {
    scan(text)
  }

  /// The symbols of `file` that something names.
  func symbols(of file: RepositoryPath) -> Set<String> {
    guard !mentions.isEmpty, let alike = mentions[file.stem] else { return [] }
    let path = file.parent.appending(file.stem).components
    return Set(
      alike.filter { $0.module.count <= path.count && $0.module.elementsEqual(path.suffix($0.module.count)) }
        .map(\.symbol))
  }

  private static let infrastructure: Set<String> = [
    "infra", "infrastructure", "terraform", "cdk", "iac", "pulumi", "stacks", "constructs", "sst", "lib",
    "bin",
  ]

  private static let templateExtensions = ["yml", "yaml", "tf"]
  private static let codeExtensions = ["ts", "js", "mjs", "py"]
  private static let templateNames = ["serverless.json", "template.json", "sam.json"]

  private static func mayName(_ file: RepositoryPath, _ isOfInfrastructure: inout FolderAnswer) -> Bool {
    if templateExtensions.contains(where: file.hasExtension) { return true }
    if codeExtensions.contains(where: file.hasExtension) {
      if isOfInfrastructure(file.parent) { return true }
      // Asked for every source: all of these names have an s, and most have none.
      guard file.withName({ name in name.contains { $0 | 0x20 == UInt8(ascii: "s") || $0 >= 0x80 } }) else {
        return false
      }
      let name = file.name.lowercased()
      return name == "sst.config.ts" || name.hasPrefix("serverless.") || name.contains("stack")
    }
    return templateNames.contains(where: file.isNamed)
  }

  private mutating func scan(_ bytes: [UInt8]) {
    guard bytes.count > 6 else { return }
    for start in 0..<(bytes.count - 6) {
      switch bytes[start] {
      case UInt8(ascii: "a") where bytes[start...].starts(with: "andler".utf8):
        if let text = Self.value(in: bytes, after: start + 6) { add(handler: text) }
      case UInt8(ascii: "e") where bytes[start...].starts(with: "entry".utf8):
        let before = start > 0 ? bytes[start - 1] : 0x20
        if !Self.isPath(before) { entry(in: bytes, at: start + 5) }
      default: break
      }
    }
  }

  private static func isPath(_ byte: UInt8) -> Bool {
    switch byte {
    case 45...57, 64...91, 93, 95, 97...122, 128...: true
    default: false
    }
  }

  /// The value of a key that ends at `start`: `Handler: a/b.c`, `handler = "x.y"`, `"handler": "x.y"`.
  private static func value(in bytes: [UInt8], after start: Int) -> String? {
    var index = start
    let quotes = "\"'`".utf8
    if index < bytes.count, quotes.contains(bytes[index]) { index += 1 }
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    while index < bytes.count, isSpace(bytes[index]) { index += 1 }
    guard index < bytes.count, ":=(".utf8.contains(bytes[index]) else { return nil }
    index += 1
    while index < bytes.count, isSpace(bytes[index]) || quotes.contains(bytes[index]) { index += 1 }
    let end = bytes[index...].prefix(512).prefix(while: isPath).endIndex
    return index < end ? String(decoding: bytes[index..<end], as: UTF8.self) : nil
  }

  private mutating func add(handler text: String) {
    guard let (module, symbol) = HandlerFile.split(text) else { return }
    add(module: module, symbol: symbol)
    // Python may write the folders with dots.
    if module.contains("."), !module.contains("/") {
      add(module: module.replacing(".", with: "/"), symbol: symbol)
    }
  }

  private mutating func add(module: String, symbol: String) {
    let parts = module.split(separator: "/").map(String.init).filter { $0 != "." && $0 != ".." }
    guard let last = parts.last else { return }
    mentions[last, default: []].insert(Mention(symbol: symbol, module: parts))
  }

  /// `entry: path.join(__dirname, "../src/auth.ts")`, with the symbol that a `handler:` near it names.
  private mutating func entry(in bytes: [UInt8], at start: Int) {
    let near = bytes[start...].prefix(Self.reach)
    guard let colon = near.first(where: { $0 > 0x20 }),
      colon == UInt8(ascii: ":") || colon == UInt8(ascii: "=")
    else { return }
    guard let file = Self.quotedSource(in: near.prefix { $0 != UInt8(ascii: "\n") }) else { return }
    var symbol = "handler"
    // Another statement has a handler of its own.
    let statement = near.prefix { $0 != UInt8(ascii: ";") }
    for place in statement.indices
    where statement[place] == UInt8(ascii: "h") && statement[place...].starts(with: "handler".utf8) {
      guard let text = Self.value(in: bytes, after: place + 7) else { continue }
      symbol = text.split(separator: ".").last.map(String.init) ?? text
      break
    }
    add(module: file, symbol: symbol)
  }

  private static let sourceExtensions = ["ts", "js", "mjs", "mts", "cjs", "py", "rb"].map { Array($0.utf8) }

  /// The last path between quotes that leads to a source, without its extension. By bytes: a file may be made of nothing
  /// but the beginnings of such lines.
  private static func quotedSource(in line: ArraySlice<UInt8>) -> String? {
    var found: ArraySlice<UInt8>?
    var start: Int?
    func end(at index: Int) {
      guard let begun = start else { return }
      let text = line[begun..<index]
      guard let dot = text.lastIndex(of: UInt8(ascii: ".")),
        sourceExtensions.contains(where: { text[(dot + 1)...].elementsEqual($0) })
      else { return }
      found = text[..<dot]
    }
    for index in line.indices where "\"'`".utf8.contains(line[index]) {
      end(at: index)
      start = start == nil ? index + 1 : nil
    }
    end(at: line.endIndex)
    return found.map { String(decoding: $0, as: UTF8.self) }
  }
}
