internal import Core

/// The list of what is in a zip that ``ZipWriter`` has made. It may have come from anywhere since: whatever that writer
/// does not write is refused, so that no entry lies over another, leaves the folder it is unpacked into or is larger than
/// it says.
struct ZipDirectory: Sendable {
  /// One thing in the zip.
  struct Entry: Sendable {
    let path: RepositoryPath
    let kind: Kind
    /// Where its content begins in the file.
    let offset: Int
    let packedSize: Int
    let size: Int
    let checksum: UInt32
    let isDeflated: Bool
  }

  enum Kind: Hashable, Sendable {
    case file(isExecutable: Bool)
    case link
    case emptyFolder
  }

  /// Why a zip is not read.
  struct Fault: Error {
    let reason: String
  }

  /// The most bytes of directory that are read.
  private static let directoryLimit = 32 << 20
  private static let endLength = 22
  private static let headerLength = 46

  let entries: [Entry]

  /// Reads the directory of a zip of `length` bytes.
  ///
  /// - Parameters:
  ///   - limit: the most bytes of content that all entries together may have.
  ///   - read: gives bytes of the zip, from an offset on.
  init(
    length: Int, limit: Int, read: (_ offset: Int, _ count: Int) throws(SystemError) -> [UInt8]
  ) throws(Fault) {
    func bytes(_ offset: Int, _ count: Int) throws(Fault) -> [UInt8] {
      do throws(SystemError) { return try read(offset, count) } catch {
        throw Fault(reason: error.description)
      }
    }
    guard length >= Self.endLength else { throw Fault(reason: "it is too short for a zip") }
    let end = ByteReader(try bytes(length - Self.endLength, Self.endLength))
    let count = end.number16(10)
    let size = end.number32(12)
    let start = end.number32(16)
    guard end.number32(0) == 0x0605_4b50, end.number32(4) == 0, end.number16(8) == count,
      end.number16(20) == 0, count < 0xFFFF, size <= Self.directoryLimit,
      start + size + Self.endLength == length
    else { throw Fault(reason: "its end is not that of a zip of lamctl's") }
    let directory = ByteReader(try bytes(start, size))
    var entries: [Entry] = []
    var place = 0
    var next = 0
    var total = 0
    for _ in 0..<count {
      let (entry, name) = try Self.entry(in: directory, at: place, expected: next)
      place += Self.headerLength + name.count
      total += entry.size
      guard total <= limit else { throw Fault(reason: "its content is more than \(limit) bytes") }
      if let last = entries.last, !(last.path < entry.path) {
        throw Fault(reason: "its entries are not in the order of their names")
      }
      next = entry.offset + entry.packedSize
      guard next <= start else { throw Fault(reason: "\(entry.path) reaches beyond the content") }
      let local = ByteReader(
        try bytes(entry.offset - ZipRecord.headerLength(name: name), 30 + name.count))
      guard local.number32(0) == 0x0403_4b50,
        local.bytes(4, 22) == directory.bytes(place - name.count - 40, 22),
        local.number16(26) == name.count, local.number16(28) == 0, local.bytes(30, name.count) == name
      else { throw Fault(reason: "\(entry.path) is another at its place than in the list") }
      entries.append(entry)
    }
    guard place == size, next == start else { throw Fault(reason: "it holds more than its list says") }
    self.entries = entries
  }

  /// The entry whose header is at `place`, and its name as it is written; `expected` is where it must begin.
  private static func entry(
    in directory: ByteReader, at place: Int, expected: Int
  ) throws(Fault) -> (Entry, [UInt8]) {
    let length = directory.number16(place + 28)
    guard directory.number32(place) == 0x0201_4b50, directory.number16(place + 30) == 0,
      directory.number16(place + 32) == 0, directory.number16(place + 34) == 0,
      directory.number32(place + 42) == expected
    else { throw Fault(reason: "its list is not one of lamctl's") }
    let name = directory.bytes(place + headerLength, length)
    let isFolder = name.last == UInt8(ascii: "/")
    let bare = isFolder ? Array(name.dropLast()) : name
    guard name.count == length, let text = String(validating: bare, as: UTF8.self),
      let path = RepositoryPath(text), path.text.utf8.elementsEqual(bare), !path.isRoot
    else { throw Fault(reason: "it holds a name that leads out of its folder, or is none") }
    let mode = directory.number32(place + 38) >> 16
    let kinds: [Int: Kind] = [
      0o100644: .file(isExecutable: false), 0o100755: .file(isExecutable: true), 0o120777: .link,
      0o040755: .emptyFolder,
    ]
    guard let kind = kinds[mode], isFolder == (kind == .emptyFolder) else {
      throw Fault(reason: "\(path) is of no kind that lamctl packs")
    }
    let method = directory.number16(place + 10)
    let packed = directory.number32(place + 20)
    let size = directory.number32(place + 24)
    guard method == 8 || (method == 0 && packed == size), kind != .emptyFolder || size == 0 else {
      throw Fault(reason: "\(path) is not packed as lamctl does it")
    }
    let entry = Entry(
      path: path, kind: kind, offset: expected + ZipRecord.headerLength(name: name), packedSize: packed,
      size: size, checksum: UInt32(directory.number32(place + 16)), isDeflated: method == 8)
    return (entry, name)
  }
}

/// Little-endian numbers of a run of bytes; 0 where there are none.
private struct ByteReader {
  private let content: [UInt8]

  init(_ content: [UInt8]) {
    self.content = content
  }

  func bytes(_ offset: Int, _ count: Int) -> [UInt8] {
    guard offset >= 0, offset <= content.count else { return [] }
    return Array(content[offset..<min(content.count, offset + count)])
  }

  func number16(_ offset: Int) -> Int { number(offset, 2) }
  func number32(_ offset: Int) -> Int { number(offset, 4) }

  private func number(_ offset: Int, _ count: Int) -> Int {
    guard offset >= 0, offset + count <= content.count else { return 0 }
    return (0..<count).reduce(0) { $0 | Int(content[offset + $1]) << (8 * $1) }
  }
}
