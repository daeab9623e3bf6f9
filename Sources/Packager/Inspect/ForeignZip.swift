internal import CZlib
internal import Core
import Glibc

/// A zip that another program has made: a jar, or a package that was built elsewhere.
struct ForeignZip {
  /// One thing in it.
  struct Entry: Sendable {
    let name: String
    let size: Int
    /// The Unix type and permissions; 0 where the program that made it did not say.
    let mode: Int
    let isFolder: Bool
    fileprivate let offset: Int
    fileprivate let packedSize: Int
    fileprivate let isDeflated: Bool
    fileprivate let checksum: UInt32
  }

  /// Why it cannot be read, in half a sentence.
  struct Fault: Error {
    let reason: String
  }

  /// In the order of its list.
  let entries: [Entry]
  private let file: Holder

  /// The open file for as long as somebody reads it.
  private final class Holder {
    let file: RegularFile

    init(_ path: String) throws(SystemError) { file = try RegularFile(path) }

    var length: Int { file.status.size }
  }

  /// The most entries and bytes of the list that are read; Lambda takes far fewer.
  private static let mostEntries = 65_534
  private static let longestList = 64 << 20
  private static let longestEnd = 22 + 65_535

  /// Reads the list of the zip at the absolute path `path`.
  init(_ path: String) throws(Fault) {
    let file: Holder
    do throws(SystemError) { file = try Holder(path) } catch { throw Fault(reason: error.reason) }
    let length = file.length
    let tail = try Self.read(file, max(0, length - Self.longestEnd), min(length, Self.longestEnd))
    guard
      let end = tail.indices.dropLast(21).reversed().first(where: { Self.number(tail, $0, 4) == 0x0605_4b50 })
    else { throw Fault(reason: "it is no zip") }
    let count = Self.number(tail, end + 10, 2)
    let size = Self.number(tail, end + 12, 4)
    let start = Self.number(tail, end + 16, 4)
    guard count <= Self.mostEntries, size <= Self.longestList, start + size <= length else {
      throw Fault(reason: "its list does not fit into it, or it is a zip64")
    }
    let list = try Self.read(file, start, size)
    var entries: [Entry] = []
    var place = 0
    for _ in 0..<count {
      guard place + 46 <= list.count, Self.number(list, place, 4) == 0x0201_4b50 else {
        throw Fault(reason: "its list is damaged")
      }
      let nameLength = Self.number(list, place + 28, 2)
      let next = place + 46 + nameLength + Self.number(list, place + 30, 2) + Self.number(list, place + 32, 2)
      guard next <= list.count else { throw Fault(reason: "its list is damaged") }
      let method = Self.number(list, place + 10, 2)
      let flags = Self.number(list, place + 8, 2)
      let name = String(decoding: list[(place + 46)..<(place + 46 + nameLength)], as: UTF8.self)
      guard flags & 1 == 0, method == 0 || method == 8 else {
        throw Fault(reason: "\(name.escaped) is encrypted, or packed otherwise than by deflate")
      }
      let isUnix = Self.number(list, place + 4, 2) >> 8 == 3
      entries.append(
        Entry(
          name: name, size: Self.number(list, place + 24, 4),
          mode: isUnix ? Self.number(list, place + 38, 4) >> 16 : 0, isFolder: name.hasSuffix("/"),
          offset: Self.number(list, place + 42, 4), packedSize: Self.number(list, place + 20, 4),
          isDeflated: method == 8, checksum: UInt32(Self.number(list, place + 16, 4))))
      place = next
    }
    self.entries = entries
    self.file = file
  }

  /// The content of `entry`, at most `limit` bytes.
  func content(of entry: Entry, limit: Int) throws(Fault) -> [UInt8] {
    guard entry.size <= limit, entry.packedSize <= file.length else {
      throw Fault(reason: "\(entry.name.escaped) is \(entry.size) bytes")
    }
    let header = try Self.read(file, entry.offset, 30)
    guard Self.number(header, 0, 4) == 0x0403_4b50 else {
      throw Fault(reason: "\(entry.name.escaped) is not where the list says")
    }
    let start = entry.offset + 30 + Self.number(header, 26, 2) + Self.number(header, 28, 2)
    let packed = try Self.read(file, start, entry.packedSize)
    let content = entry.isDeflated ? Self.inflate(packed, size: entry.size) : packed
    guard let content, content.count == entry.size, Self.checksum(content) == entry.checksum else {
      throw Fault(reason: "\(entry.name.escaped) is damaged")
    }
    return content
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32(0, bytes, UInt32(bytes.count)))
  }

  /// Nil unless `packed` becomes exactly `size` bytes.
  private static func inflate(_ packed: [UInt8], size: Int) -> [UInt8]? {
    var stream = z_stream()
    guard czlib_inflate_init(&stream) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var code = Z_OK
    // One byte more shows content that is longer than it says.
    let output = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
      code = packed.withUnsafeBufferPointer { bytes in
        stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
        stream.avail_in = UInt32(bytes.count)
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(size + 1)
        return CZlib.inflate(&stream, Z_FINISH)
      }
      count = size + 1 - Int(stream.avail_out)
    }
    return code == Z_STREAM_END ? output : nil
  }

  private static func number(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> Int {
    (0..<width).reversed().reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
  }

  private static func read(_ file: Holder, _ offset: Int, _ count: Int) throws(Fault) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        pread(
          file.file.descriptor, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw Fault(reason: "it ends too early") }
      done += got
    }
    return bytes
  }
}
