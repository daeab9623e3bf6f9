import Glibc

/// Which names a module of Python can have.
enum PythonNames {
  /// What lets a module have names that do not stand in its source.
  private static let makers = [
    "__getattr__", "__dict__", "globals", "locals", "vars", "setattr", "exec", "modules", "f_back",
  ].map { Array($0.utf8) }

  /// Whether the module of `source` certainly has no `name`.
  static func isAbsent(_ name: String, from source: [UInt8]) -> Bool {
    // Python takes letters that look alike for the same; without others there are none.
    guard name.utf8.allSatisfy({ $0 < 0x80 }), !holds(Array(name.utf8), source) else { return false }
    return source.allSatisfy { $0 < 0x80 } && !makers.contains { holds($0, source) }
      && !PythonModule(source: source).hasStarImport
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
