import Glibc

/// Which names a module of Python can have.
enum PythonNames {
  /// What lets a module have names that do not stand in its source.
  private static let makers = [
    "__getattr__", "__dict__", "globals", "locals", "vars", "setattr", "exec", "modules", "f_back",
  ].map { Array($0.utf8) }

  /// Whether the module of `source` certainly has no `name`.
  static func isAbsent(_ name: String, from source: [UInt8]) -> Bool {
    stars(around: name, in: source)?.isEmpty == true
  }

  /// What the module of `source` takes all names from, where `name` can come from nowhere else; nil where it is there or may
  /// be.
  static func stars(around name: String, in source: [UInt8]) -> [PythonModule.Import]? {
    // Python takes letters that look alike for the same; without others there are none.
    guard name.utf8.allSatisfy({ $0 < 0x80 }), !holds(Array(name.utf8), source),
      source.allSatisfy({ $0 < 0x80 }), !makers.contains(where: { holds($0, source) })
    else { return nil }
    return PythonModule(source: source).stars
  }

  /// Whether `from … import *` certainly does not take `name` out of the module of `source`: its `__all__`, one plain list,
  /// leaves it out.
  static func hides(_ name: String, _ source: [UInt8]) -> Bool {
    let tokens = PythonTokenizer.tokens(of: source)
    let places = tokens.indices.filter { tokens[$0].token == .name("__all__") }
    guard let start = places.first, places.count == 1, tokens[start].startsLine, tokens[start].column == 0,
      !makers.contains(where: { holds($0, source) })
    else { return false }
    let line = tokens[(start + 1)...].prefix { $0.token != .newline }
    guard line.first?.token == .symbol(UInt8(ascii: "=")), let last = line.last?.token else { return false }
    switch line.dropFirst().first?.token {
    case .symbol(UInt8(ascii: "[")): guard last == .symbol(UInt8(ascii: "]")) else { return false }
    case .symbol(UInt8(ascii: "(")): guard last == .symbol(UInt8(ascii: ")")) else { return false }
    default: return false
    }
    var isName = true
    for located in line.dropFirst(2).dropLast() {
      switch located.token {
      case .string where isName:
        guard let text = text(of: source, at: located.offset), text != Array(name.utf8) else { return false }
      case .symbol(UInt8(ascii: ",")) where !isName: break
      default: return false
      }
      isName.toggle()
    }
    return true
  }

  /// What stands between plain quotes at `start`.
  private static func text(of source: [UInt8], at start: Int) -> [UInt8]? {
    guard let quote = source[start...].first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      return nil
    }
    let text = source[(start + 1)...].prefix { $0 != quote }
    // Behind an empty one another quote begins a string in three.
    guard !text.isEmpty else { return nil }
    return text.contains(UInt8(ascii: "\\")) ? nil : Array(text)
  }

  private static func holds(_ word: [UInt8], _ source: [UInt8]) -> Bool {
    source.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let first = word.first else { return false }
      var start = 0
      while start + word.count <= bytes.count,
        let found = memchr(base + start, Int32(first), bytes.count - word.count - start + 1)
      {
        if memcmp(found, word, word.count) == 0 { return true }
        start = UnsafeRawPointer(found) - base + 1
      }
      return false
    }
  }
}
