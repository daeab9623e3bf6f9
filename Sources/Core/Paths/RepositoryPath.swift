/// A path below the root of a repository or a package: components with slashes between them, none of them empty, `.` or
/// `..`; nothing for the root itself.
///
/// Everything about it goes by the bytes of its UTF-8, as file systems, zips and git do. Swift's strings do not: they
/// compare canonical equivalents (two files whose names differ in Unicode form would be one), and a slash with a
/// combining mark or a joiner behind it is no slash to them, so that a `..` beside it would not be seen.
public struct RepositoryPath: Sendable {
  private static let slash = UInt8(ascii: "/")

  /// The path as it is written: for the system, for files, for comparing. Messages show ``description``.
  public let text: String

  /// The root.
  public static let root = RepositoryPath(clean: "")

  private init(clean text: String) {
    self.text = text
  }

  /// The path that `written` means from the root: without `.`, doubled slashes and a slash at the end; nil when it is
  /// absolute, leaves the root or holds a NUL.
  public init?(_ written: some StringProtocol) {
    guard let path = RepositoryPath.root.resolving(written) else { return nil }
    self = path
  }

  /// The path that `written` means from the folder that this is: `../a` is a neighbour.
  ///
  /// - Returns: nil when it is absolute, leaves the root or holds a NUL.
  public func resolving(_ written: some StringProtocol) -> RepositoryPath? {
    let bytes = Array(written.utf8)
    guard bytes.first != Self.slash, !bytes.contains(0) else { return nil }
    var parts = slices
    for part in bytes.split(separator: Self.slash) {
      if part.elementsEqual(".".utf8) { continue }
      if part.elementsEqual("..".utf8) {
        guard parts.popLast() != nil else { return nil }
      } else {
        parts.append(part)
      }
    }
    return RepositoryPath(
      clean: String(decoding: Array(parts.joined(separator: CollectionOfOne(Self.slash))), as: UTF8.self))
  }

  private var slices: [ArraySlice<UInt8>] { Array(text.utf8).split(separator: Self.slash) }

  /// Whether it is the root itself.
  public var isRoot: Bool { text.utf8.isEmpty }

  /// The names from the root down.
  public var components: [String] { slices.map { String(decoding: $0, as: UTF8.self) } }

  /// The last component; empty for the root.
  public var name: String {
    text.utf8.lastIndex(of: Self.slash).map { String(text[text.utf8.index(after: $0)...]) } ?? text
  }

  /// The last component without its extension.
  public var stem: String {
    let name = name
    return name.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(name[..<$0]) } ?? name
  }

  /// What follows the last dot of the last component; nil without one.
  public var fileExtension: String? {
    let name = name
    return name.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(name[name.utf8.index(after: $0)...]) }
  }

  /// The folder that it lies in; the root for the root.
  public var parent: RepositoryPath {
    RepositoryPath(clean: text.utf8.lastIndex(of: Self.slash).map { String(text[..<$0]) } ?? "")
  }

  /// What lies in this folder under a name that a folder was listed with.
  public func appending(_ name: some StringProtocol) -> RepositoryPath {
    isRoot ? RepositoryPath(clean: String(name)) : RepositoryPath(clean: "\(text)/\(name)")
  }

  /// What lies in this folder at `path`.
  public func appending(_ path: RepositoryPath) -> RepositoryPath {
    path.isRoot ? self : isRoot ? path : RepositoryPath(clean: "\(text)/\(path.text)")
  }

  /// Whether `other` is this or lies below it.
  public func contains(_ other: RepositoryPath) -> Bool {
    guard !isRoot else { return true }
    let own = text.utf8
    let theirs = other.text.utf8
    guard theirs.count >= own.count, theirs.starts(with: own) else { return false }
    return theirs.count == own.count
      || theirs[theirs.index(theirs.startIndex, offsetBy: own.count)] == Self.slash
  }

  /// The path from `folder` on; the whole of it when it does not lie there.
  public func relative(to folder: RepositoryPath) -> RepositoryPath {
    guard !folder.isRoot, folder.contains(self) else { return self }
    return RepositoryPath(clean: String(Substring(text.utf8.dropFirst(folder.text.utf8.count + 1))))
  }

  /// Whether its bytes end with those of `ending`.
  public func hasSuffix(_ ending: String) -> Bool {
    text.utf8.count >= ending.utf8.count && text.utf8.suffix(ending.utf8.count).elementsEqual(ending.utf8)
  }

  /// The absolute path of it where `root` is the absolute path of the root.
  public func absolute(in root: String) -> String { isRoot ? root : "\(root)/\(text)" }
}

extension RepositoryPath: Hashable, Comparable {
  /// Equal when all bytes are.
  public static func == (a: RepositoryPath, b: RepositoryPath) -> Bool {
    a.text.utf8.count == b.text.utf8.count && a.text.utf8.elementsEqual(b.text.utf8)
  }

  /// By bytes, as ``==(_:_:)``.
  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// In the order of the bytes, which is that of zips and of git.
  public static func < (a: RepositoryPath, b: RepositoryPath) -> Bool {
    a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
  }
}

extension RepositoryPath: CustomStringConvertible {
  /// The path as it may be shown: what would not show as what it is, is written out.
  public var description: String { text.escaped }
}

extension RepositoryPath: ExpressibleByStringInterpolation {
  /// A path that the program itself writes down.
  public init(stringLiteral value: String) {
    guard let path = RepositoryPath(value) else { preconditionFailure("'\(value)' is no path below a root") }
    self = path
  }
}
