import Core

/// A page of documentation, read as far as it takes to hold what it says against the code.
struct Document {
  /// A block of code: fenced, or indented by four blanks.
  struct Block {
    /// The word behind the fence; nil for an indented block.
    let language: String?
    /// The number of its first line, from 1.
    let line: Int
    let lines: [String]

    var text: String { lines.joined(separator: "\n") }
  }

  /// A piece of a line.
  struct Piece {
    let line: Int
    let text: String
  }

  /// Path from the root of the repository.
  let path: String
  private(set) var blocks: [Block] = []
  /// What stands between single backquotes.
  private(set) var spans: [Piece] = []
  /// Where links and pictures lead.
  private(set) var links: [Piece] = []
  /// What links can name of it: its headings as GitHub writes them.
  private(set) var anchors: Set<String> = []

  init(path: String, text: String) {
    self.path = path
    var code: (language: String?, line: Int, lines: [String])?
    var isAfterBlank = true
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let bare = line.drop { $0 == " " }
      if let open = code, open.language != nil {
        if bare.hasPrefix("```") {
          blocks.append(Block(language: open.language, line: open.line, lines: open.lines))
          code = nil
        } else {
          code?.lines.append(String(line))
        }
        continue
      }
      let isIndented = line.hasPrefix("    ") && (code != nil || isAfterBlank)
      if let open = code, !isIndented, !bare.isEmpty {
        blocks.append(Block(language: nil, line: open.line, lines: open.lines))
        code = nil
      }
      if bare.hasPrefix("```") {
        code = (String(bare.dropFirst(3)), index + 2, [])
      } else if isIndented {
        code = (nil, code?.line ?? index + 1, (code?.lines ?? []) + [String(bare)])
      } else if !bare.isEmpty {
        readProse(String(bare), line: index + 1)
      }
      isAfterBlank = bare.isEmpty
    }
    if let code { blocks.append(Block(language: code.language, line: code.line, lines: code.lines)) }
  }

  private mutating func readProse(_ line: String, line number: Int) {
    if line.hasPrefix("#") { anchors.insert(Self.anchor(of: String(line.drop { $0 == "#" }.dropFirst()))) }
    let parts = line.split(separator: "`", omittingEmptySubsequences: false)
    var prose = ""
    for (index, part) in parts.enumerated() {
      if index.isMultiple(of: 2) {
        prose += part
      } else {
        spans.append(Piece(line: number, text: String(part)))
        prose += "`"
      }
    }
    for part in prose.pieces(between: "](").dropFirst() {
      links.append(Piece(line: number, text: String(part.prefix { $0 != ")" && $0 != " " })))
    }
  }

  /// What GitHub makes of a heading: small letters, digits, and dashes for blanks.
  static func anchor(of heading: String) -> String {
    heading.lowercased().compactMap { character -> String? in
      if character == " " { return "-" }
      return character.isLetter || character.isNumber || "-_".contains(character) ? String(character) : nil
    }.joined()
  }
}
