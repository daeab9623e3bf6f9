import Glibc

/// A path below the root of a repository or a package: components with slashes between them, none of them empty, `.` or
/// `..`; nothing for the root itself.
///
/// Everything about it goes by the bytes of its UTF-8, as file systems, zips and git do. Swift's strings do not: they
/// compare canonical equivalents (two files whose names differ in Unicode form would be one), and a slash with a
/// combining mark or a joiner behind it is no slash to them, so that a `..` beside it would not be seen.
package struct RepositoryPath: Sendable {
  /// What is known of a path, made once with it: paths are compared, looked up and taken apart far more often than they
  /// are made.
  @usableFromInline
  final class Known: Sendable {
    @usableFromInline let text: String
    /// Of the bytes, with the seed of this process.
    @usableFromInline let hash: Int
    /// Where the last component begins.
    @usableFromInline let nameStart: Int
    /// The folder, where the path was made from it.
    @usableFromInline let folder: Known?

    init(_ text: String, folder: Known? = nil) {
      var text = text
      text.makeContiguousUTF8()
      var hasher = Hasher()
      var start = 0
      text.withUTF8 { bytes in
        hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        start = bytes.lastIndex(of: RepositoryPath.slash).map { $0 + 1 } ?? 0
      }
      hash = hasher.finalize()
      nameStart = start
      self.text = text
      self.folder = folder
    }
  }

  private static var slash: UInt8 { UInt8(ascii: "/") }

  @usableFromInline let known: Known

  /// The path as it is written: for the system, for files, for comparing. Messages show ``description``.
  @inlinable
  package var text: String { known.text }

  /// The root.
  package static let root = RepositoryPath(clean: "")

  @usableFromInline
  init(_ known: Known) {
    self.known = known
  }

  private init(clean text: String) {
    known = Known(text)
  }

  private init(clean bytes: UnsafeBufferPointer<UInt8>) {
    known = Known(String(decoding: bytes, as: UTF8.self))
  }

  /// The path that `written` means from the root: without `.`, doubled slashes and a slash at the end; nil when it is
  /// absolute, leaves the root or holds a NUL.
  package init?(_ written: some StringProtocol) {
    if let clean = written.utf8.withContiguousStorageIfAvailable(Self.isClean), clean {
      self.init(clean: String(written))
      return
    }
    guard let path = RepositoryPath.root.resolving(written) else { return nil }
    self = path
  }

  /// Whether the bytes are those of a path already: no component is empty, `.` or `..`, and none holds a NUL.
  private static func isClean(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var start = 0
    for index in 0...bytes.count {
      guard index == bytes.count || bytes[index] == slash else {
        if bytes[index] == 0 { return false }
        continue
      }
      let length = index - start
      let isDots = length < 3 && bytes[start..<index].allSatisfy { $0 == UInt8(ascii: ".") }
      if isDots { return false }
      start = index + 1
    }
    return true
  }

  /// The path that `written` means from the folder that this is: `../a` is a neighbour.
  ///
  /// - Returns: nil when it is absolute, leaves the root or holds a NUL.
  package func resolving(_ written: some StringProtocol) -> RepositoryPath? {
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

  /// Calls `body` with the bytes of the path.
  @inlinable
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = known.text.utf8.withContiguousStorageIfAvailable(body) { return result }
    var text = known.text
    return text.withUTF8(body)
  }

  /// Calls `body` with the bytes of the last component, without making a string of it.
  @inlinable
  package func withName<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withBytes { body(UnsafeBufferPointer(rebasing: $0[known.nameStart...])) }
  }

  /// Whether all of its characters are of ASCII.
  package var isASCII: Bool { withBytes { bytes in bytes.allSatisfy { $0 < 0x80 } } }

  /// Whether it is the root itself.
  @inlinable
  package var isRoot: Bool { known.text.utf8.isEmpty }

  /// The names from the root down.
  package var components: [String] {
    withBytes { bytes in
      bytes.split(separator: Self.slash).map {
        String(decoding: UnsafeBufferPointer(rebasing: $0), as: UTF8.self)
      }
    }
  }

  /// The last component; empty for the root.
  package var name: String { known.nameStart == 0 ? text : withName { String(decoding: $0, as: UTF8.self) } }

  /// Whether the last component has the bytes of `name`.
  @inlinable
  package func isNamed(_ name: String) -> Bool {
    known.text.utf8.count - known.nameStart == name.utf8.count && hasSuffix(name)
  }

  /// The last component without its extension.
  package var stem: String {
    withName { name in
      let end = name.lastIndex(of: UInt8(ascii: ".")) ?? name.count
      return String(decoding: UnsafeBufferPointer(rebasing: name[..<end]), as: UTF8.self)
    }
  }

  /// Whether ``fileExtension`` is `ending`, in which there is no dot.
  package func hasExtension(_ ending: String) -> Bool {
    let dot = known.text.utf8.count - ending.utf8.count - 1
    return dot >= known.nameStart && hasSuffix(ending) && withBytes { $0[dot] == UInt8(ascii: ".") }
  }

  /// What follows the last dot of the last component; nil without one.
  package var fileExtension: String? {
    withName { name in
      name.lastIndex(of: UInt8(ascii: ".")).map {
        String(decoding: UnsafeBufferPointer(rebasing: name[($0 + 1)...]), as: UTF8.self)
      }
    }
  }

  /// The folder that it lies in; the root for the root.
  @inlinable
  package var parent: RepositoryPath {
    if let folder = known.folder { return RepositoryPath(folder) }
    return madeParent
  }

  @usableFromInline var madeParent: RepositoryPath {
    guard known.nameStart > 0 else { return .root }
    return withBytes { RepositoryPath(clean: UnsafeBufferPointer(rebasing: $0[..<(known.nameStart - 1)])) }
  }

  /// What lies in this folder under a name that a folder was listed with.
  package func appending(_ name: some StringProtocol) -> RepositoryPath { appending(text: String(name)) }

  private func appending(text name: String) -> RepositoryPath {
    // A name that a folder was listed with has no slash; who appends more finds the folder by the text.
    let isOne = !name.utf8.contains(Self.slash)
    if isRoot { return RepositoryPath(Known(name, folder: isOne ? known : nil)) }
    return RepositoryPath(Known(Self.joined(text, name), folder: isOne ? known : nil))
  }

  /// `folder`, a slash, `rest`: every file's path is made of it, several times a run.
  private static func joined(_ folder: String, _ rest: String) -> String {
    let start = folder.utf8.count
    return String(unsafeUninitializedCapacity: start + 1 + rest.utf8.count) { buffer in
      _ = UnsafeMutableBufferPointer(rebasing: buffer[..<start]).initialize(fromContentsOf: folder.utf8)
      buffer[start] = slash
      _ = UnsafeMutableBufferPointer(rebasing: buffer[(start + 1)...]).initialize(fromContentsOf: rest.utf8)
      return start + 1 + rest.utf8.count
    }
  }

  /// What lies in this folder at `path`.
  package func appending(_ path: RepositoryPath) -> RepositoryPath {
    path.isRoot ? self : isRoot ? path : appending(text: path.text)
  }

  /// Whether `other` is this or lies below it.
  package func contains(_ other: RepositoryPath) -> Bool {
    guard !isRoot, known !== other.known, known !== other.known.folder else { return true }
    return withBytes { own in
      other.withBytes { theirs in
        guard theirs.count >= own.count, theirs.count == own.count || theirs[own.count] == Self.slash else {
          return false
        }
        return Self.isSame(own, UnsafeBufferPointer(rebasing: theirs[..<own.count]))
      }
    }
  }

  /// The path from `folder` on; the whole of it when it does not lie there.
  package func relative(to folder: RepositoryPath) -> RepositoryPath {
    guard !folder.isRoot, folder.contains(self) else { return self }
    return withBytes {
      RepositoryPath(clean: UnsafeBufferPointer(rebasing: $0.dropFirst(folder.text.utf8.count + 1)))
    }
  }

  /// Whether its bytes end with those of `ending`.
  package func hasSuffix(_ ending: String) -> Bool {
    let length = ending.utf8.count
    return withBytes { bytes in
      guard bytes.count >= length else { return false }
      let own = UnsafeBufferPointer(rebasing: bytes[(bytes.count - length)...])
      let isSame = ending.utf8.withContiguousStorageIfAvailable { Self.isSame(own, $0) }
      return isSame ?? own.elementsEqual(ending.utf8)
    }
  }

  /// The absolute path of it where `root` is the absolute path of the root.
  package func absolute(in root: String) -> String { isRoot ? root : Self.joined(root, text) }
}

extension RepositoryPath: Hashable, Comparable {
  /// Equal when all bytes are.
  @inlinable
  package static func == (a: RepositoryPath, b: RepositoryPath) -> Bool {
    if a.known === b.known { return true }
    guard a.known.hash == b.known.hash else { return false }
    return a.hasBytes(of: b)
  }

  @usableFromInline
  func hasBytes(of other: RepositoryPath) -> Bool {
    withBytes { own in other.withBytes { Self.isSame(own, $0) } }
  }

  private static func isSame(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    guard a.count == b.count, let first = a.baseAddress, let second = b.baseAddress else {
      return a.count == b.count
    }
    return memcmp(first, second, a.count) == 0
  }

  /// By bytes, as ``==(_:_:)``.
  @inlinable
  package func hash(into hasher: inout Hasher) { hasher.combine(known.hash) }

  /// In the order of the bytes, which is that of zips and of git.
  package static func < (a: RepositoryPath, b: RepositoryPath) -> Bool {
    a.withBytes { own in
      b.withBytes { theirs in
        guard let first = own.baseAddress, let second = theirs.baseAddress else {
          return own.count < theirs.count
        }
        let order = memcmp(first, second, min(own.count, theirs.count))
        return order == 0 ? own.count < theirs.count : order < 0
      }
    }
  }
}

extension RepositoryPath: CustomStringConvertible {
  /// The path as it may be shown: what would not show as what it is, is written out.
  package var description: String { text.escaped }
}

extension RepositoryPath: ExpressibleByStringInterpolation {
  /// A path that the program itself writes down.
  package init(stringLiteral value: String) {
    guard let path = RepositoryPath(value) else { preconditionFailure("'\(value)' is no path below a root") }
    self = path
  }
}
