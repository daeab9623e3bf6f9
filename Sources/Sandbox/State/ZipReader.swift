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
    /// The components of its name, each one that a file can have.
    let path: [String]
    let isFolder: Bool
    let method: UInt16
    let compressedSize: Int
    let size: Int
    let crc: UInt32
    let offset: Int
    /// The Unix mode; 0 when the archive has none.
    let mode: UInt32

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
      let name = bytes[offset + 46..<offset + 46 + nameLength]
      guard let path = Self.components(of: name), Self.u16(bytes, offset + 8) & 1 == 0 else {
        throw .malformed
      }
      let hasUnixMode = bytes[offset + 5] == 3 || bytes[offset + 5] == 19
      let mode = hasUnixMode ? Self.u32(bytes, offset + 38) >> 16 : 0
      entries.append(
        Entry(
          path: path, isFolder: name.last == UInt8(ascii: "/") || mode & S_IFMT == S_IFDIR,
          method: Self.u16(bytes, offset + 10), compressedSize: Int(Self.u32(bytes, offset + 20)),
          size: Int(Self.u32(bytes, offset + 24)), crc: Self.u32(bytes, offset + 16),
          offset: Int(Self.u32(bytes, offset + 42)), mode: mode))
      offset = next
    }
    self.entries = entries
  }

  /// The sum of the entries' sizes.
  var unzippedSize: Int { entries.reduce(0) { $0 + $1.size } }

  /// Writes all entries below `folder`.
  ///
  /// Links come last, and no folder of an entry may be one, so that no file can be written through them.
  func unpack(to folder: StateFolder) throws(Fault) {
    for entry in entries where !entry.isLink { try write(entry, below: folder) }
    for entry in entries where entry.isLink {
      let target = String(decoding: try content(of: entry), as: UTF8.self)
      try Self.system { () throws(SystemError) in
        let (parent, name) = try Self.place(of: entry, below: folder)
        try parent.makeLink(name, to: target)
      }
    }
  }

  private func write(_ entry: Entry, below folder: StateFolder) throws(Fault) {
    let content = entry.isFolder ? [] : try content(of: entry)
    try Self.system { () throws(SystemError) in
      let (parent, name) = try Self.place(of: entry, below: folder)
      if entry.isFolder {
        _ = try parent.folder(name)
        return
      }
      // Lambda's own minimum: everything is readable by the function. Of two entries of one name the later counts.
      try parent.remove(name)
      let file = try parent.makeFile(name, mode: entry.mode & 0o777 == 0 ? 0o600 : entry.mode & 0o700 | 0o400)
      defer { close(file) }
      try Files.write(content, to: file, path: parent.path(of: name))
    }
  }

  /// The folder that an entry goes into, and its name there.
  private static func place(
    of entry: Entry, below folder: StateFolder
  ) throws(SystemError) -> (parent: StateFolder, name: String) {
    var parent = folder
    for name in entry.path.dropLast() { parent = try parent.folder(name) }
    return (parent, entry.path[entry.path.count - 1])
  }

  private static func system(_ body: () throws(SystemError) -> Void) throws(Fault) {
    do throws(SystemError) {
      try body()
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

  /// The components of an entry's name; nil for one that would leave the folder, or that no file can have.
  ///
  /// Cut at bytes: a slash with a combining mark behind it is one character, and still a slash to the system.
  private static func components(of name: ArraySlice<UInt8>) -> [String]? {
    let slash = UInt8(ascii: "/")
    guard name.first != slash, name.count < longestName, !name.contains(0),
      String(validating: name, as: UTF8.self) != nil
    else { return nil }
    let parts = name.split(separator: slash).filter { !$0.elementsEqual(".".utf8) }
    guard !parts.isEmpty, parts.count <= deepest, !parts.contains(where: { $0.elementsEqual("..".utf8) })
    else { return nil }
    return parts.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Beyond this length no path on Linux can be used (PATH_MAX), wherever the package is unpacked.
  private static let longestName = 2_048
  /// The most folders in one another, each of which is open while the package is removed again.
  private static let deepest = 256

  private static func u16(_ bytes: [UInt8], _ offset: Int) -> UInt16 {
    UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
  }

  private static func u32(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    UInt32(u16(bytes, offset)) | UInt32(u16(bytes, offset + 2)) << 16
  }
}
