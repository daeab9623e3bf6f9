internal import Core
import Glibc

/// The patterns of one ignore file (gitignore semantics), which hold for the folder it lies in and all below.
struct IgnoreRules: Sendable {
  /// The most bytes of an ignore file.
  static let longestFile = 1 << 20
  /// The most patterns of an ignore file: each is held against every file below.
  static let mostRules = 10_000

  /// One line of an ignore file.
  struct Rule: Hashable, Sendable, CustomStringConvertible {
    /// The file as the user would name it.
    let file: String
    /// Line, from 1.
    let line: Int
    /// The pattern as it was written.
    let text: String
    let isNegated: Bool
    /// Whether it is one of git's own, which mean nothing for files that git tracks.
    let isGit: Bool
    fileprivate let onlyFolders: Bool
    /// Whether the pattern is held against the path below the file's folder rather than against the name alone.
    fileprivate let isAnchored: Bool
    fileprivate let glob: Glob

    /// `.gitignore:3: dist/`.
    var description: String { "\(file.escaped):\(line): \(text.escaped)" }
  }

  /// The folder that rules hold for.
  enum Base: Hashable, Sendable {
    /// A folder of the root.
    case inside(RepositoryPath)
    /// A folder above the root; the path leads from there to the root.
    case above(RepositoryPath)
  }

  private let base: Base
  let rules: [Rule]
  /// Whether they are git's own.
  let isGit: Bool

  /// Reads the text of the ignore file `file`.
  ///
  /// - Throws: ``PackagerError`` when it has too many patterns, or one that is too long.
  init(text: [UInt8], file: String, base: Base, isGit: Bool) throws(PackagerError) {
    self.base = base
    self.isGit = isGit
    var rules: [Rule] = []
    for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated()
    {
      guard line.count <= Glob.longest else {
        throw .archive(
          reason: "\(file.escaped):\(index + 1): the pattern has more than \(Glob.longest) bytes; shorten it")
      }
      guard let rule = Self.rule(line, file: file, line: index + 1, isGit: isGit) else { continue }
      rules.append(rule)
      guard rules.count <= Self.mostRules else {
        throw .archive(
          reason:
            "\(file.escaped) has more than \(Self.mostRules) patterns; write patterns of folders instead")
      }
    }
    self.rules = rules
  }

  /// Rules from patterns in a configuration file.
  init(patterns: [String], file: String, folder: RepositoryPath) {
    base = .inside(folder)
    isGit = false
    rules = patterns.enumerated().compactMap { Self.rule($1.utf8, file: file, line: $0 + 1, isGit: false) }
  }

  /// The content of the ignore file at the absolute `path`; nil where there is none. As git does, a link is not followed.
  ///
  /// - Throws: ``PackagerError`` when something else than a file is there, or it is too large.
  static func text(of path: String) throws(PackagerError) -> [UInt8]? {
    do throws(SystemError) {
      return try RegularFile(path, links: .refused).content(limit: longestFile)
    } catch {
      // Git passes over what is no file, too; a pipe or a device is nobody's mistake.
      if [ENOENT, EISDIR, ENOTDIR, ELOOP].contains(error.code) { return nil }
      throw .system(error)
    }
  }

  private static func rule(
    _ written: some Collection<UInt8>, file: String, line: Int, isGit: Bool
  ) -> Rule? {
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
      file: file, line: line, text: text, isNegated: isNegated, isGit: isGit, onlyFolders: onlyFolders,
      isAnchored: isAnchored, glob: glob)
  }

  /// The last rule that `path`, from the root, matches.
  func match(_ path: RepositoryPath, isFolder: Bool) -> Rule? {
    guard !rules.isEmpty else { return nil }
    var text = path.text
    return text.withUTF8 { match($0, isFolder: isFolder) }
  }

  /// The same for the bytes of a path, which need not be UTF-8.
  func match(_ path: UnsafeBufferPointer<UInt8>, isFolder: Bool) -> Rule? {
    switch base {
    case .above(let way):
      let whole = Array(way.text.utf8) + (way.isRoot ? [] : [UInt8(ascii: "/")]) + path
      return whole.withUnsafeBufferPointer { last(matching: $0, isFolder: isFolder) }
    case .inside(let folder):
      let skipped = folder.isRoot ? 0 : folder.text.utf8.count + 1
      guard skipped <= path.count else { return nil }
      return last(matching: UnsafeBufferPointer(rebasing: path[skipped...]), isFolder: isFolder)
    }
  }

  private func last(matching path: UnsafeBufferPointer<UInt8>, isFolder: Bool) -> Rule? {
    let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    let name = UnsafeBufferPointer(rebasing: path[start...])
    return rules.last { rule in
      (isFolder || !rule.onlyFolders) && rule.glob.matches(rule.isAnchored ? path : name)
    }
  }
}

extension [IgnoreRules] {
  /// The rule that decides about `path` alone: of the innermost file that has one that matches.
  ///
  /// - Parameter git: what git tracks: its rules mean nothing for that.
  func deciding(_ path: RepositoryPath, isFolder: Bool, git: GitScope?) -> IgnoreRules.Rule? {
    guard !isEmpty, let rule = lazy.reversed().compactMap({ $0.match(path, isFolder: isFolder) }).first else {
      return nil
    }
    guard rule.isGit, !rule.isNegated, let git, git.tracks(path, isFolder: isFolder) else { return rule }
    return lazy.reversed().filter { !$0.isGit }.compactMap { $0.match(path, isFolder: isFolder) }.first
  }

  /// The same for the bytes of a path that are not UTF-8.
  func deciding(bytes path: [UInt8], isFolder: Bool) -> IgnoreRules.Rule? {
    path.withUnsafeBufferPointer { path in
      lazy.reversed().compactMap { $0.match(path, isFolder: isFolder) }.first
    }
  }
}
