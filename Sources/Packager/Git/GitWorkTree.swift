internal import Core
import Glibc

/// What git knows of the files in a work tree: which it tracks, and which rules it has outside of `.gitignore` files.
///
/// Read from `.git` itself. Running git would do as well where it is installed, but it obeys the configuration of the
/// repository, which may come from a stranger, and it would be started once a walk; the two files that matter here have
/// had documented formats for fifteen years. What the user's own `core.excludesFile` says is left out on purpose: a
/// package must not depend on whose machine it is made on.
struct GitWorkTree: Sendable {
  /// Absolute path of its top folder.
  let top: String
  let tracked: GitIndex
  /// The text of `info/exclude`.
  let exclude: [UInt8]

  /// The most bytes of an index: about two million files.
  private static let longestIndex = 256 << 20

  /// The work tree whose top is the absolute path `folder`; nil when it is none's.
  ///
  /// - Throws: ``PackagerError`` when git's files are there and cannot be understood.
  init?(top folder: String) throws(PackagerError) {
    guard let store = Self.store(of: folder) else { return nil }
    let common =
      Self.line(of: "\(store)/commondir").map { Self.resolve($0, from: store) } ?? store
    top = folder
    exclude = try Self.content("\(common)/info/exclude", limit: IgnoreRules.longestFile) ?? []
    guard let bytes = try Self.content("\(store)/index", limit: Self.longestIndex) else {
      tracked = GitIndex()
      return
    }
    do throws(GitIndex.Fault) {
      tracked = try GitIndex(bytes, hashLength: Self.hashLength(common))
    } catch {
      let why =
        switch error {
        case .malformed: "it is broken; 'git status' in \(folder) says more"
        case .split: "it is a split index; run 'git update-index --no-split-index' in \(folder)"
        case .version(let version): "it is of version \(version), and lamctl knows 2 to 4"
        }
      throw .archive(reason: "cannot tell which files git tracks from \(store.escaped)/index: \(why)")
    }
  }

  /// The work tree that the absolute path `folder` lies in; nil outside of any.
  ///
  /// - Throws: as ``init(top:)``.
  static func around(_ folder: String) throws(PackagerError) -> GitWorkTree? {
    var folder = folder
    while true {
      if let found = try GitWorkTree(top: folder) { return found }
      guard let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
      folder = String(folder[..<slash])
    }
  }

  /// The folder that git keeps the work tree's files in: `.git`, or where a file of that name points
  /// (`gitrepository-layout`).
  private static func store(of folder: String) -> String? {
    let entry = "\(folder)/.git"
    guard Files.exists(entry) else { return nil }
    var store = entry
    if !Files.isFolder(entry) {
      guard let link = line(of: entry), link.utf8.starts(with: "gitdir: ".utf8) else { return nil }
      store = resolve(String(Substring(link.utf8.dropFirst(8))), from: folder)
    }
    // A folder without it is no repository to git either, which then looks further up.
    return Files.exists("\(store)/HEAD") ? store : nil
  }

  private static func line(of path: String) -> String? {
    guard let bytes = try? Files.read(path, limit: 1 << 16) else { return nil }
    return String(
      validating: bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }, as: UTF8.self)
  }

  private static func resolve(_ path: String, from folder: String) -> String {
    path.utf8.first == UInt8(ascii: "/") ? path : "\(folder)/\(path)"
  }

  private static func content(_ path: String, limit: Int) throws(PackagerError) -> [UInt8]? {
    do throws(SystemError) {
      return try Files.read(path, limit: limit)
    } catch {
      guard error.code == ENOENT || error.code == ENOTDIR else { throw .system(error) }
      return nil
    }
  }

  /// Bytes of an object's id, by `extensions.objectFormat`.
  private static func hashLength(_ common: String) -> Int {
    let text = (try? Files.read("\(common)/config", limit: 1 << 20)) ?? []
    let isLong = text.split(separator: UInt8(ascii: "\n")).contains { line in
      let words = String(decoding: line, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
      return words == "objectformat=sha256"
    }
    return isLong ? 32 : 20
  }
}
