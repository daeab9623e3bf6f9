internal import Core

/// What a `Dockerfile` says about what it builds on.
struct Dockerfile {
  /// The images that its stages begin with, in their order: neither earlier stages nor what a variable names.
  let bases: [String]

  /// The bases that may be another image tomorrow: those without a digest.
  var movingBases: [String] { bases.filter { !$0.contains("@") } }

  init(_ bytes: [UInt8]) {
    var reader = Reader()
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      reader.take(String(decoding: line, as: UTF8.self))
    }
    var stages: Set<String> = []
    var bases: [String] = []
    for words in reader.instructions where words.first?.lowercased() == "from" {
      let named = words.dropFirst().drop { $0.hasPrefix("--") }
      guard let base = named.first.map(String.init) else { continue }
      if base != "scratch", !base.contains("$"), !stages.contains(base.lowercased()), !bases.contains(base) {
        bases.append(base)
      }
      if named.count == 3 { stages.formUnion(named.suffix(1).map { $0.lowercased() }) }
    }
    self.bases = bases
  }

  /// Puts lines together to instructions, without comments and what stands in here-documents.
  private struct Reader {
    private(set) var instructions: [[Substring]] = []
    private var open = ""
    /// The words that end the here-documents that are open.
    private var ends: [String] = []

    mutating func take(_ line: String) {
      let text = line.trimmingSpaces
      if let end = ends.first {
        if text == end { ends.removeFirst() }
        return
      }
      guard !text.hasPrefix("#"), !text.isEmpty else { return }
      if text.hasSuffix("\\") {
        open += text.dropLast() + " "
        return
      }
      let words = (open + text).split { $0 == " " || $0 == "\t" }
      open = ""
      instructions.append(words)
      guard let first = words.first?.lowercased(), ["run", "copy", "add"].contains(first) else { return }
      ends = words.compactMap { word in
        guard word.hasPrefix("<<") else { return nil }
        let name = word.dropFirst(2).drop { $0 == "-" }.filter { $0 != "\"" && $0 != "'" }
        return name.isEmpty ? nil : name
      }
    }
  }
}

extension String {
  fileprivate var trimmingSpaces: Substring {
    var text = drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
    return text
  }
}
