internal import Core

/// The files of a `.git` folder, be it that of a clone, a linked worktree or a submodule.
struct GitStore: Equatable, Sendable {
  /// Where HEAD and the index are.
  let folder: String
  /// Where branches, objects and packed references are; the same but in a linked worktree.
  let common: String

  /// References and their list; a large repository has some megabytes of them.
  private static let longest = 64 << 20

  init?(root: String) {
    var folder = root + "/.git"
    if !Files.isFolder(folder) {
      // A file in a linked worktree or a submodule: `gitdir: PATH` (gitrepository-layout).
      guard let link = Self.read(folder), link.hasPrefix("gitdir: ") else { return nil }
      folder = Self.resolve(String(link.dropFirst(8)), from: root)
    }
    self.folder = folder
    common = Self.read(folder + "/commondir").map { Self.resolve($0, from: folder) } ?? folder
  }

  /// Whether the clone ends at some commits although the history goes on (`git clone --depth`).
  var isShallow: Bool { Self.read("\(common)/shallow").map { !$0.isEmpty } ?? false }

  func text(_ name: String) -> String? { Self.read("\(folder)/\(name)") }

  /// The clone's own configuration; nil where it cannot be read, or is larger than any that people write.
  var config: String? {
    (try? Files.read("\(common)/config", limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The commit that a reference leads to, over symbolic references as git follows them: at most five.
  func commit(of reference: String) -> String? {
    var reference = reference
    for _ in 0..<5 {
      guard let text = text(reference) ?? Self.read("\(common)/\(reference)") else {
        return packed(reference)
      }
      guard let next = Self.target(of: text) else { return Self.isObject(text) ? text : nil }
      reference = next
    }
    return nil
  }

  /// The name in `ref: NAME`; nil for a commit, and for what leads out of the folder of references.
  static func target(of text: String) -> String? {
    guard text.hasPrefix("ref:") else { return nil }
    let name = String(text.dropFirst(4).drop { $0 == " " })
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isInside = parts.count > 1 && !parts.contains { $0.isEmpty || $0.elementsEqual("..".utf8) }
    return name.hasPrefix("refs/") && isInside ? name : nil
  }

  /// Whether `text` is the whole id of an object: SHA-1 or SHA-256 in hexadecimal.
  static func isObject(_ text: String) -> Bool {
    (text.utf8.count == 40 || text.utf8.count == 64) && text.allSatisfy { $0.isASCII && $0.isHexDigit }
  }

  private func packed(_ reference: String) -> String? {
    let lines = Self.read("\(common)/packed-refs")?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasSuffix(" " + reference) }
    return line.map { String($0.prefix { $0 != " " }) }.flatMap { Self.isObject($0) ? $0 : nil }
  }

  private static func read(_ path: String) -> String? {
    guard let bytes = try? Files.read(path, limit: longest) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return String(text.reversed().drop { $0.isNewline || $0 == " " }.reversed())
  }

  private static func resolve(_ path: String, from folder: String) -> String {
    path.hasPrefix("/") ? path : "\(folder)/\(path)"
  }
}
