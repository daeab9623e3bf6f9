/// The patterns of one ignore file (gitignore semantics), which hold for the folder it lies in and all below.
struct IgnoreRules: Sendable {
  /// One line of an ignore file.
  struct Rule: Hashable, Sendable, CustomStringConvertible {
    /// The file as the user would name it.
    let file: String
    /// Line, from 1.
    let line: Int
    /// The pattern as it was written.
    let text: String
    let isNegated: Bool
    fileprivate let onlyFolders: Bool
    /// Whether the pattern is held against the path below the file's folder rather than against the name alone.
    fileprivate let isAnchored: Bool
    fileprivate let glob: Glob

    /// `.gitignore:3: dist/`.
    var description: String { "\(file):\(line): \(text)" }
  }

  /// The folder the rules hold for, from the root.
  let folder: String
  let rules: [Rule]

  /// Reads the text of the ignore file `file` in `folder`.
  init(text: [UInt8], file: String, folder: String) {
    self.folder = folder
    var rules: [Rule] = []
    for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated()
    {
      if let rule = Self.rule(line, file: file, line: index + 1) { rules.append(rule) }
    }
    self.rules = rules
  }

  /// Rules from patterns in a configuration file.
  init(patterns: [String], file: String, folder: String) {
    self.folder = folder
    rules = patterns.enumerated().compactMap { Self.rule($1.utf8, file: file, line: $0 + 1) }
  }

  private static func rule(_ written: some Collection<UInt8>, file: String, line: Int) -> Rule? {
    var pattern = Array(written)
    if pattern.last == UInt8(ascii: "\r") { pattern.removeLast() }
    if line == 1, pattern.starts(with: [0xEF, 0xBB, 0xBF]) { pattern.removeFirst(3) }
    let text = String(decoding: pattern, as: UTF8.self)
    guard let first = pattern.first, first != UInt8(ascii: "#") else { return nil }
    while pattern.last == UInt8(ascii: " ") {
      let slashes = pattern.dropLast().reversed().prefix { $0 == UInt8(ascii: "\\") }.count
      guard slashes.isMultiple(of: 2) else { break }
      pattern.removeLast()
    }
    let isNegated = pattern.first == UInt8(ascii: "!")
    if isNegated { pattern.removeFirst() }
    let onlyFolders = pattern.last == UInt8(ascii: "/")
    if onlyFolders { pattern.removeLast() }
    let isAnchored = pattern.contains(UInt8(ascii: "/"))
    if pattern.first == UInt8(ascii: "/") { pattern.removeFirst() }
    guard !pattern.isEmpty, let glob = Glob(pattern) else { return nil }
    return Rule(
      file: file, line: line, text: text, isNegated: isNegated, onlyFolders: onlyFolders,
      isAnchored: isAnchored,
      glob: glob)
  }

  /// The last rule that `path`, from the root and below ``folder``, matches.
  func match(_ path: String, isFolder: Bool) -> Rule? {
    guard !rules.isEmpty else { return nil }
    let inside = folder.isEmpty ? path : String(path.dropFirst(folder.count + 1))
    let name = RootPath.name(inside)
    return rules.last { rule in
      (isFolder || !rule.onlyFolders) && rule.glob.matches(rule.isAnchored ? inside : name)
    }
  }
}

extension [IgnoreRules] {
  /// The rule that decides about `path` alone: of the innermost file that has one that matches.
  func deciding(_ path: String, isFolder: Bool) -> IgnoreRules.Rule? {
    for rules in reversed() {
      if let rule = rules.match(path, isFolder: isFolder) { return rule }
    }
    return nil
  }
}
