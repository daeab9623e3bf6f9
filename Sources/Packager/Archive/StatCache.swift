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

  private struct State {
    var entries: [RepositoryPath: Entry] = [:]
    var isChanged = false
  }

  /// Absolute path of the folder with the cache.
  private let folder: String
  /// The nanoseconds that a file must have rested.
  private let rest: Int64
  private let state: Lock<State>

  /// The cache of the repository at the absolute path `root`; nil where there is no `.lamctl`, and in CI, where nothing
  /// stays or what stays is another machine's.
  init?(root: String, environment: [String: String], rest: Int64 = 2_000_000_000) {
    self.rest = rest
    folder = "\(root)/\(StateFolder.name)"
    guard environment["CI"] == nil, let found = try? StateFolder.existing(folder) else { return nil }
    let bytes = try? found.read(Self.name, limit: Self.longest)
    state = Lock(State(entries: Self.entries(bytes ?? [], program: Self.program)))
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
    guard file.kind == .file, let status = FileStatus(at: file.path.absolute(in: root)), status.isFile,
      let entry = state.withLock({ $0.entries[file.path] }), entry.stamp == status.stamp
    else { return nil }
    return entry.word
  }

  /// The word of the file at `path`, and the bytes of what it shows to `language`, where it has not changed since that
  /// looked into it.
  func shown(
    by path: RepositoryPath, root: String, to language: String
  ) -> (word: ReadWord, bytes: ArraySlice<UInt8>)? {
    let name = Array(language.utf8) + [0]
    guard let entry = state.withLock({ $0.entries[path] }), entry.reading.starts(with: name),
      let status = FileStatus(at: path.absolute(in: root)), status.isFile, entry.stamp == status.stamp
    else { return nil }
    let word = ReadWord(word: entry.word, stamp: entry.stamp, isKept: true)
    return (word, entry.reading.dropFirst(name.count))
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
    state.withLock { state in
      state.isChanged = true
      state.entries[path] =
        before == after && isRested ? Entry(stamp: before, word: word, reading: reading) : nil
    }
  }

  /// Writes what was learned, as one step. A cache that cannot be written costs time only.
  func save() {
    let state = state.withLock { $0 }
    guard state.isChanged else { return }
    var bytes = Self.magic + Self.program
    bytes.reserveCapacity(state.entries.count * 256)
    for (path, entry) in state.entries.sorted(by: { $0.key < $1.key }) {
      let name = Array(path.text.utf8)
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
    guard bytes.count <= Self.longest else {
      try? StateFolder.existing(folder)?.remove(Self.name)
      return
    }
    bytes += SHA256.digest(of: bytes).bytes
    try? StateFolder.make(folder).write(bytes, to: Self.name)
  }

  /// The entries of a cache; none where anything about it is not as it was written.
  private static func entries(_ bytes: [UInt8], program: [UInt8]) -> [RepositoryPath: Entry] {
    guard bytes.count >= magic.count + program.count + 32, bytes.starts(with: magic),
      bytes[magic.count...].starts(with: program),
      SHA256.digest(of: Array(bytes.dropLast(32))).bytes.elementsEqual(bytes.suffix(32))
    else { return [:] }
    let end = bytes.count - 32
    var entries: [RepositoryPath: Entry] = [:]
    var index = magic.count + program.count
    let number = { (position: Int) in
      Int64(
        littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Int64.self) })
    }
    while index + fixed <= end {
      let lengths = number(index + 48)
      let length = lengths >> 32
      let shown = Int(lengths & 0xFFFF_FFFF)
      guard (1...4096).contains(length), shown <= end, index + fixed + Int(length) + shown <= end,
        let word = String(validating: bytes[index + 56..<index + fixed], as: UTF8.self),
        let text = String(validating: bytes[index + fixed..<index + fixed + Int(length)], as: UTF8.self),
        let path = RepositoryPath(text)
      else { return [:] }
      let stamp = FileStamp(
        size: number(index), modified: number(index + 8), changed: number(index + 16),
        inode: UInt64(bitPattern: number(index + 24)), device: UInt64(bitPattern: number(index + 32)),
        permissions: UInt32(truncatingIfNeeded: number(index + 40)))
      let start = index + fixed + Int(length)
      entries[path] = Entry(stamp: stamp, word: word, reading: Array(bytes[start..<(start + shown)]))
      index = start + shown
    }
    return index == end ? entries : [:]
  }

  /// Bytes of an entry before its path: seven numbers and a word.
  private static let fixed = 7 * 8 + 65
}
