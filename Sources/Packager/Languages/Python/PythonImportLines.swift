/// The imports of a source that has nothing but plain ones, read from its bytes: what is left of most modules, once the
/// lines that do not matter are gone.
///
/// Plain is `import a.b as c, d` and `from ..a.b import c as d, e` on a line of its own at the top level, in letters of
/// ASCII. All else is cut into tokens by ``PythonTokenizer``, whose answer is the same for these.
struct PythonImportLines {
  /// Each once, in the order of the lines.
  private(set) var imports: [SourceImport] = []

  /// Nil where a line is not plain.
  init?(_ source: [UInt8]) {
    let isPlain = source.withUnsafeBufferPointer { bytes in
      var line = Line(bytes: bytes)
      while !line.isAtEnd {
        guard let found = line.next() else { return false }
        for one in found where !imports.contains(one) { imports.append(one) }
      }
      return true
    }
    guard isPlain else { return nil }
  }

  /// A place in the source.
  private struct Line {
    let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
      self.bytes = bytes
    }

    var isAtEnd: Bool { index >= bytes.count }

    /// What the line at hand imports, which is then passed; nil where it is not plain.
    mutating func next() -> [SourceImport]? {
      switch word() {
      case "import": plain()
      case "from": from()
      default: nil
      }
    }

    private mutating func plain() -> [SourceImport]? {
      var found: [SourceImport] = []
      repeat {
        guard let module = dotted(), isAlias() else { return nil }
        found.append(SourceImport(module: module))
      } while takes(UInt8(ascii: ","))
      return takes(UInt8(ascii: "\n")) ? found : nil
    }

    private mutating func from() -> [SourceImport]? {
      blanks()
      let start = index
      while index < bytes.count, bytes[index] == UInt8(ascii: ".") { index += 1 }
      var module = text(from: start)
      if word(isTaken: false) != "import" {
        guard let name = dotted() else { return nil }
        module += name
      }
      guard !module.isEmpty, word() == "import" else { return nil }
      var names: [String] = []
      repeat {
        guard let name = word(), !Self.keywords.contains(name), isAlias() else { return nil }
        names.append(name)
      } while takes(UInt8(ascii: ","))
      return takes(UInt8(ascii: "\n")) ? [SourceImport(module: module, names: names)] : nil
    }

    private static let keywords: Set<String> = ["import", "from", "as"]

    /// A dotted name.
    private mutating func dotted() -> String? {
      blanks()
      let start = index
      repeat {
        guard let part = word(skipsBlanks: false), !Self.keywords.contains(part) else { return nil }
      } while takes(UInt8(ascii: "."), skipsBlanks: false)
      return text(from: start)
    }

    /// Whether an alias follows, or what ends the name.
    private mutating func isAlias() -> Bool {
      blanks()
      guard index < bytes.count else { return false }
      if bytes[index] == UInt8(ascii: ",") || bytes[index] == UInt8(ascii: "\n") { return true }
      guard word() == "as", let alias = word(), !Self.keywords.contains(alias) else { return false }
      return true
    }

    private mutating func takes(_ byte: UInt8, skipsBlanks: Bool = true) -> Bool {
      if skipsBlanks { blanks() }
      guard index < bytes.count, bytes[index] == byte else { return false }
      index += 1
      return true
    }

    private mutating func blanks() {
      while index < bytes.count {
        switch bytes[index] {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0C: index += 1
        default: return
        }
      }
    }

    /// The name at hand, which begins with no digit.
    private mutating func word(isTaken: Bool = true, skipsBlanks: Bool = true) -> String? {
      if skipsBlanks { blanks() }
      let start = index
      while index < bytes.count, bytes[index] < 0x80, PythonTokenizer.isName(bytes[index]) { index += 1 }
      guard index > start, !(48...57).contains(bytes[start]) else {
        index = start
        return nil
      }
      defer { if !isTaken { index = start } }
      return text(from: start)
    }

    private func text(from start: Int) -> String {
      String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
    }
  }
}
