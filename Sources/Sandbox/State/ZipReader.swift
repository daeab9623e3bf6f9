internal import CZlib
internal import Core
import Glibc

/// A zip archive in memory (PKWARE APPNOTE 6.3.10), as far as Lambda takes it: stored and deflated entries, no
/// encryption, one disk.
struct ZipReader {
  /// Why an archive is refused.
  enum Fault: Error {
    /// It is no readable zip, or an entry would leave the folder.
    case malformed
    /// Its content is larger than the limit.
    case tooLarge
    /// The content could not be written.
    case system(SystemError)
  }

  struct Entry {
    let name: String
    let method: UInt16
    let compressedSize: Int
    let size: Int
    let crc: UInt32
    let offset: Int
    /// The Unix mode; 0 when the archive has none.
    let mode: UInt32

    var isFolder: Bool { name.hasSuffix("/") || mode & S_IFMT == S_IFDIR }
    var isLink: Bool { mode & S_IFMT == S_IFLNK }
  }

  let bytes: [UInt8]
  let entries: [Entry]

  /// Reads the directory of the archive in `bytes`.
  init(_ bytes: [UInt8]) throws(Fault) {
    self.bytes = bytes
    let end = try Self.endRecord(bytes)
    let count = Int(Self.u16(bytes, end + 10))
    var offset = Int(Self.u32(bytes, end + 16))
    var entries: [Entry] = []
    for _ in 0..<count {
      guard offset + 46 <= bytes.count, Self.u32(bytes, offset) == 0x0201_4B50 else { throw .malformed }
      let nameLength = Int(Self.u16(bytes, offset + 28))
      let next =
        offset + 46 + nameLength + Int(Self.u16(bytes, offset + 30)) + Int(Self.u16(bytes, offset + 32))
      guard next <= bytes.count else { throw .malformed }
      guard let name = String(validating: bytes[offset + 46..<offset + 46 + nameLength], as: UTF8.self),
        Self.isSafe(name), Self.u16(bytes, offset + 8) & 1 == 0
      else { throw .malformed }
      let hasUnixMode = bytes[offset + 5] == 3 || bytes[offset + 5] == 19
      entries.append(
        Entry(
          name: name, method: Self.u16(bytes, offset + 10), compressedSize: Int(Self.u32(bytes, offset + 20)),
          size: Int(Self.u32(bytes, offset + 24)), crc: Self.u32(bytes, offset + 16),
          offset: Int(Self.u32(bytes, offset + 42)),
          mode: hasUnixMode ? Self.u32(bytes, offset + 38) >> 16 : 0))
      offset = next
    }
    self.entries = entries
  }

  /// The sum of the entries' sizes.
  var unzippedSize: Int { entries.reduce(0) { $0 + $1.size } }

  /// Writes all entries below `folder`, which must exist.
  ///
  /// Links come last, so that no file can be written through one.
  func unpack(to folder: String) throws(Fault) {
    for entry in entries where !entry.isLink { try write(entry, below: folder) }
    for entry in entries where entry.isLink {
      let target = String(decoding: try content(of: entry), as: UTF8.self)
      let path = "\(folder)/\(entry.name)"
      try makeParent(of: path)
      guard symlink(target, path) == 0 else {
        throw .system(SystemError(operation: "unpack", subject: entry.name, code: errno))
      }
    }
  }

  private func write(_ entry: Entry, below folder: String) throws(Fault) {
    let path = "\(folder)/\(entry.name)"
    do throws(SystemError) {
      if entry.isFolder {
        return try Files.createFolder(path.hasSuffix("/") ? String(path.dropLast()) : path)
      }
    } catch {
      throw .system(error)
    }
    try makeParent(of: path)
    let content = try content(of: entry)
    // Lambda's own minimum: everything is readable by the function.
    let mode = entry.mode & 0o777 == 0 ? 0o644 : entry.mode & 0o777 | 0o400
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw .system(SystemError(operation: "unpack", subject: entry.name, code: errno))
    }
    defer { close(descriptor) }
    do throws(SystemError) {
      try Files.write(content, to: descriptor, path: path)
    } catch {
      throw .system(error)
    }
  }

  private func makeParent(of path: String) throws(Fault) {
    guard let slash = path.lastIndex(of: "/") else { return }
    do throws(SystemError) {
      try Files.createFolder(String(path[..<slash]))
    } catch {
      throw .system(error)
    }
  }

  /// The uncompressed bytes of `entry`, checked against its CRC.
  func content(of entry: Entry) throws(Fault) -> [UInt8] {
    let header = entry.offset
    guard header + 30 <= bytes.count, Self.u32(bytes, header) == 0x0403_4B50 else { throw .malformed }
    let start = header + 30 + Int(Self.u16(bytes, header + 26)) + Int(Self.u16(bytes, header + 28))
    guard start + entry.compressedSize <= bytes.count else { throw .malformed }
    let stored = bytes[start..<start + entry.compressedSize]
    let content: [UInt8]
    switch entry.method {
    case 0: content = Array(stored)
    case 8: content = try Self.inflate(stored, size: entry.size)
    default: throw .malformed
    }
    guard content.count == entry.size else { throw .malformed }
    let crc = content.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
    guard content.isEmpty || UInt32(truncatingIfNeeded: crc) == entry.crc else { throw .malformed }
    return content
  }

  private static func inflate(_ source: ArraySlice<UInt8>, size: Int) throws(Fault) -> [UInt8] {
    var stream = z_stream()
    guard czlib_inflate_init(&stream) == Z_OK else { throw .malformed }
    defer { inflateEnd(&stream) }
    // One byte more than promised, so that an entry that lies about its size is found out.
    var output = [UInt8](repeating: 0, count: size + 1)
    var input = Array(source)
    let status = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return CZlib.inflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END, Int(stream.total_out) == size else { throw .malformed }
    output.removeLast()
    return output
  }

  private static func endRecord(_ bytes: [UInt8]) throws(Fault) -> Int {
    guard bytes.count >= 22 else { throw .malformed }
    var offset = bytes.count - 22
    let lowest = max(0, offset - 65_535)
    while offset >= lowest {
      if u32(bytes, offset) == 0x0605_4B50, offset + 22 + Int(u16(bytes, offset + 20)) == bytes.count {
        return offset
      }
      offset -= 1
    }
    throw .malformed
  }

  /// Whether `name` stays inside the folder that it is unpacked to.
  private static func isSafe(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("/") && !name.contains("\0")
      && !name.split(separator: "/").contains("..")
  }

  private static func u16(_ bytes: [UInt8], _ offset: Int) -> UInt16 {
    UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
  }

  private static func u32(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    UInt32(u16(bytes, offset)) | UInt32(u16(bytes, offset + 2)) << 16
  }
}
