internal import Core
import Glibc

/// The words of files, and what their sources show, by what the system knows of them without reading: kept in `.lamctl` of
/// a repository between runs on one machine. What is not certain is read.
///
/// What a source shows depends on the program that looked into it, so that a cache is for one build of lamctl only.
///
/// A file that changes within the tick of the clock in which it was read would look unchanged, so that what was changed
/// less than two seconds before it was read is not kept. Nobody but the system sets the time of the last change of a
/// file's status, nor its number, so that a cache that comes with a foreign repository fits no file.
final class StatCache: Sendable {
  private static let name = "files"
  private static let magic = Array("lamctl-files-2\n".utf8)
  /// The most bytes of a cache, some 300,000 files; one that would be larger begins anew.
  private static let longest = 64 << 20
  private struct Entry {
    let stamp: FileStamp
    let word: String
    /// The bytes of what the source shows, with the language that looked; empty where nobody has looked.
    let reading: [UInt8]
  }

  /// What this run has learned: nil for a file that is not to be kept.
  private typealias Learned = [RepositoryPath: Entry?]

  /// Absolute path of the folder with the cache.
  private let folder: String
  /// The nanoseconds that a file must have rested.
  private let rest: Int64
  /// What an earlier run has written.
  private let kept: Kept
  private let learned = Lock<Learned>([:])

  /// The cache of the repository at the absolute path `root`; nil where there is no `.lamctl`, and in CI, where nothing
  /// stays or what stays is another machine's.
  init?(root: String, environment: [String: String], rest: Int64 = 2_000_000_000) {
    self.rest = rest
    folder = "\(root)/\(StateFolder.name)"
    guard environment["CI"] == nil, let found = try? StateFolder.existing(folder) else { return nil }
    let bytes = try? found.read(Self.name, limit: Self.longest)
    kept = Kept(bytes ?? [], header: Self.magic + Self.program)
  }

  /// Tells this build of lamctl from every other one.
  private static let program: [UInt8] = {
    guard let path = realpath("/proc/self/exe", nil) else { return [UInt8](repeating: 0, count: 32) }
    defer { free(path) }
    guard let stamp = FileStatus(at: String(cString: path))?.stamp else {
      return [UInt8](repeating: 0, count: 32)
    }
    return SHA256.digest(of: "\(stamp)").bytes
  }()

  /// The word of `file` where it has not changed since it was read.
  func word(of file: WalkedFile, root: String) -> String? {
    guard file.kind == .file else { return nil }
    return unchanged(file.path, root: root)?.word
  }

  /// The word of the file at `path`, and the bytes of what it shows to `language`, where it has not changed since that
  /// looked into it.
  func shown(
    by path: RepositoryPath, root: String, to language: String
  ) -> (word: ReadWord, bytes: ArraySlice<UInt8>)? {
    guard let entry = unchanged(path, root: root) else { return nil }
    let name = language.utf8
    guard entry.reading.starts(with: name), entry.reading.dropFirst(name.count).first == 0 else { return nil }
    let word = ReadWord(word: entry.word, stamp: entry.stamp, isKept: true)
    return (word, entry.reading.dropFirst(name.count + 1))
  }

  /// What is known of the file at `path`, if it is as it was.
  private func unchanged(
    _ path: RepositoryPath, root: String
  ) -> (stamp: FileStamp, word: String, reading: ArraySlice<UInt8>)? {
    let learned = learned.withLock { $0[path] }
    let place = kept.place(of: path)
    guard learned != nil || place != nil, let status = FileStatus(at: path.absolute(in: root)), status.isFile
    else { return nil }
    let stamp = status.stamp
    if let learned {
      guard let entry = learned, entry.stamp == stamp else { return nil }
      return (stamp, entry.word, entry.reading[...])
    }
    return place.flatMap { kept.entry(at: $0, stamp: stamp) }.map { (stamp, $0.word, $0.reading) }
  }

  /// Keeps what was read of a file in this run already.
  func note(_ read: ReadWord, of path: RepositoryPath, root: String) {
    guard !read.isKept else { return }
    note(
      read.word, of: path, before: read.stamp, after: FileStatus(at: path.absolute(in: root))?.stamp,
      reading: read.reading)
  }

  /// Keeps the word of a file that was the same before and after it was read, and had rested.
  func note(
    _ word: String, of path: RepositoryPath, before: FileStamp, after: FileStamp?, reading: [UInt8] = []
  ) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let moment = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    let isRested = max(before.modified, before.changed) < moment - rest
    let entry =
      before == after && isRested ? Entry(stamp: before, word: word, reading: reading) : nil
    learned.withLock { $0[path] = .some(entry) }
  }

  /// Writes what was learned, as one step. A cache that cannot be written costs time only.
  func save() {
    let learned = learned.withLock { $0 }
    guard !learned.isEmpty else { return }
    var bytes = Self.magic + Self.program
    bytes.reserveCapacity(bytes.count + kept.size + learned.count * 256)
    for path in Set(learned.keys).union(kept.paths).sorted() {
      switch learned[path] {
      case .some(.none): break
      case .some(.some(let entry)): Self.append(entry, of: path, to: &bytes)
      case .none: bytes += kept.bytes(of: path)
      }
    }
    guard bytes.count <= Self.longest else {
      try? StateFolder.existing(folder)?.remove(Self.name)
      return
    }
    bytes += SHA256.digest(of: bytes).bytes
    try? StateFolder.make(folder).write(bytes, to: Self.name)
  }

  private static func append(_ entry: Entry, of path: RepositoryPath, to bytes: inout [UInt8]) {
    let name = path.text.utf8
    for number in [
      entry.stamp.size, entry.stamp.modified, entry.stamp.changed, Int64(bitPattern: entry.stamp.inode),
      Int64(bitPattern: entry.stamp.device), Int64(entry.stamp.permissions),
      Int64(name.count) << 32 | Int64(entry.reading.count),
    ] {
      withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }
    bytes += entry.word.utf8
    bytes += name
    bytes += entry.reading
  }
}

/// The entries of a cache as they were written, taken apart when they are asked for: of most nothing is wanted but
/// whether they still fit.
private struct Kept: Sendable {
  /// Bytes of an entry before its path: seven numbers and a word.
  private static let fixed = 7 * 8 + wordLength
  private static let wordLength = 65

  private var bytes: [UInt8] = []
  private var places: [RepositoryPath: Int] = [:]

  /// Reads a cache that begins with `header`; without any entry where anything about it is not as it was written.
  init(_ bytes: [UInt8], header: [UInt8]) {
    let end = bytes.count - 32
    guard end >= header.count, bytes.starts(with: header) else { return }
    let hasher = SHA256()
    bytes.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
    guard hasher.finalize().bytes.elementsEqual(bytes[end...]) else { return }
    self.bytes = bytes
    var places: [RepositoryPath: Int] = [:]
    places.reserveCapacity(end / 256)
    var index = header.count
    while index + Self.fixed <= end {
      let length = nameLength(at: index)
      let rest = readingLength(at: index)
      guard (1...4096).contains(length), rest <= end, index + Self.fixed + length + rest <= end,
        let text = String(
          validating: bytes[(index + Self.fixed)..<(index + Self.fixed + length)], as: UTF8.self),
        let path = RepositoryPath(text)
      else { return }
      places[path] = index
      index += Self.fixed + length + rest
    }
    if index == end { self.places = places }
  }

  /// Bytes of the whole.
  var size: Int { bytes.count }

  var paths: some Sequence<RepositoryPath> { places.keys }

  /// Where the entry of the file at `path` begins.
  func place(of path: RepositoryPath) -> Int? { places[path] }

  /// What is known of the file of the entry at `place` while its stamp is `stamp`.
  func entry(at place: Int, stamp: FileStamp) -> (word: String, reading: ArraySlice<UInt8>)? {
    guard number(at: place) == stamp.size, number(at: place + 8) == stamp.modified,
      number(at: place + 16) == stamp.changed, number(at: place + 24) == Int64(bitPattern: stamp.inode),
      number(at: place + 32) == Int64(bitPattern: stamp.device),
      number(at: place + 40) == Int64(stamp.permissions)
    else { return nil }
    let start = place + Self.fixed
    let name = nameLength(at: place)
    return (
      String(decoding: bytes[(start - Self.wordLength)..<start], as: UTF8.self),
      bytes[(start + name)..<(start + name + readingLength(at: place))]
    )
  }

  /// The entry as it was written.
  func bytes(of path: RepositoryPath) -> ArraySlice<UInt8> {
    guard let place = places[path] else { return [] }
    return bytes[place..<(place + Self.fixed + nameLength(at: place) + readingLength(at: place))]
  }

  private func nameLength(at place: Int) -> Int { Int(number(at: place + 48) >> 32) }

  private func readingLength(at place: Int) -> Int { Int(number(at: place + 48) & 0xFFFF_FFFF) }

  private func number(at place: Int) -> Int64 {
    Int64(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Int64.self) })
  }
}
