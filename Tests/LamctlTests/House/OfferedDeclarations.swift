import Core

/// What a Swift source offers to the other modules of the package: the declarations that it marks `package`.
struct OfferedDeclarations {
  /// The lines, from 1, of those that no documentation comment stands above.
  private(set) var undocumented: [Int] = []

  init(_ bytes: [UInt8]) {
    var isDocumented = false
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let words = line.split(separator: " ")
      guard let first = words.first else {
        isDocumented = false
        continue
      }
      if first.hasPrefix("///") {
        isDocumented = true
        continue
      }
      let isOffered = Self.isOffered(words)
      if isOffered, !isDocumented { undocumented.append(index + 1) }
      // Attributes on lines of their own stand between a comment and its declaration.
      if isOffered || !first.hasPrefix("@") { isDocumented = false }
    }
  }

  /// Whether a line begins a declaration whose modifiers have `package` among them; an import is none, nor is a value
  /// that a property of this name is given.
  private static func isOffered(_ words: [Substring]) -> Bool {
    let modifying = words.prefix { $0.hasPrefix("@") || modifiers.contains($0) }
    guard modifying.contains("package"), words.count > modifying.count else { return false }
    return !["import", "="].contains(words[modifying.count])
  }

  private static let modifiers: Set<Substring> = [
    "package", "final", "static", "nonisolated", "indirect", "mutating", "consuming", "borrowing",
  ]
}
