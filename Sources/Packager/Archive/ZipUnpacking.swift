internal import CZlib
internal import Core
import Glibc

/// Unpacks zips that ``ZipWriter`` has made, wherever they have been since.
enum ZipUnpacking {
  /// Bytes that are read or made at a time.
  private static let room = 256 << 10

  /// Unpacks the zip at the absolute path `file` into the empty `folder`.
  ///
  /// - Parameter limit: the most bytes of content.
  /// - Throws: ``PackagerError/archive(reason:)`` when it is no such zip, or damaged.
  static func unpack(_ file: String, into folder: StateFolder, limit: Int) throws(PackagerError) {
    let zip = try open(file)
    let descriptor = zip.descriptor
    let directory: ZipDirectory
    do throws(ZipDirectory.Fault) {
      directory = try ZipDirectory(length: zip.status.size, limit: limit) {
        (offset, count) throws(SystemError) in
        try read(descriptor, file, from: offset, count: count)
      }
    } catch {
      throw .archive(reason: "\(file.escaped) is not unpacked: \(error.reason)")
    }
    for entry in directory.entries {
      do throws(SystemError) {
        try unpack(entry, from: descriptor, file, into: folder)
      } catch {
        throw .archive(reason: "\(file.escaped) is not unpacked: \(entry.path): \(error.reason)")
      }
    }
    withExtendedLifetime(zip.descriptor) {}
  }

  private static func open(_ file: String) throws(PackagerError) -> RegularFile {
    do throws(SystemError) { return try RegularFile(file, links: .refused) } catch { throw .system(error) }
  }

  private static func unpack(
    _ entry: ZipDirectory.Entry, from zip: Int32, _ file: String, into folder: StateFolder
  ) throws(SystemError) {
    let parent = try TreeCopy.folder(entry.path.parent, in: folder)
    let name = entry.path.name
    switch entry.kind {
    case .emptyFolder: _ = try parent.folder(name)
    case .link:
      guard !entry.isDeflated, entry.size < Int(PATH_MAX) else { throw damaged(name) }
      let target = try read(zip, file, from: entry.offset, count: entry.size)
      guard !target.contains(0), DeflateJob.checksum(target) == UInt(entry.checksum) else {
        throw damaged(name)
      }
      try parent.makeLink(name, to: String(decoding: target, as: UTF8.self))
    case .file(let isExecutable):
      let output = try parent.makeFile(name, mode: isExecutable ? 0o755 : 0o644)
      defer { close(output) }
      var sum = Sum()
      let write = { (bytes: [UInt8]) throws(SystemError) in
        sum.add(bytes)
        guard sum.length <= entry.size else { throw damaged(name) }
        try Files.write(bytes, to: output, path: parent.path(of: name))
      }
      if entry.isDeflated {
        try inflate(entry, from: zip, file, write)
      } else {
        try pieces(of: entry, from: zip, file, write)
      }
      guard sum.length == entry.size, sum.checksum == UInt(entry.checksum) else { throw damaged(name) }
    }
  }

  private struct Sum {
    var length = 0
    var checksum: UInt = 0

    mutating func add(_ bytes: [UInt8]) {
      length += bytes.count
      checksum = bytes.withUnsafeBufferPointer { crc32_z(checksum, $0.baseAddress, $0.count) }
    }
  }

  private static func damaged(_ name: String) -> SystemError {
    SystemError(operation: "unpack", subject: name, code: EBADMSG, note: "the content is damaged")
  }

  private static func pieces(
    of entry: ZipDirectory.Entry, from zip: Int32, _ file: String,
    _ take: ([UInt8]) throws(SystemError) -> Void
  ) throws(SystemError) {
    for start in stride(from: 0, to: entry.packedSize, by: room) {
      try take(
        try read(zip, file, from: entry.offset + start, count: min(room, entry.packedSize - start)))
    }
  }

  private static func inflate(
    _ entry: ZipDirectory.Entry, from zip: Int32, _ file: String,
    _ take: ([UInt8]) throws(SystemError) -> Void
  ) throws(SystemError) {
    var stream = z_stream()
    guard czlib_inflate_init(&stream) == Z_OK else {
      throw SystemError(operation: "unpack", subject: file, code: ENOMEM)
    }
    defer { inflateEnd(&stream) }
    var isEnded = false
    try pieces(of: entry, from: zip, file) { (input) throws(SystemError) in
      var done = 0
      while true {
        // Something follows the end.
        guard !isEnded else { throw damaged(entry.path.name) }
        var code = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
          code = input.withUnsafeBufferPointer { bytes in
            stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.advanced(by: done))
            stream.avail_in = UInt32(bytes.count - done)
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(room)
            return CZlib.inflate(&stream, Z_NO_FLUSH)
          }
          done = input.count - Int(stream.avail_in)
          count = room - Int(stream.avail_out)
        }
        guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
          throw damaged(entry.path.name)
        }
        try take(output)
        isEnded = code == Z_STREAM_END
        // Where there was room left, all of the input is used.
        if output.count < room, !isEnded || done == input.count { break }
        if isEnded, done == input.count { break }
      }
    }
    guard isEnded else { throw damaged(entry.path.name) }
  }

  private static func read(
    _ descriptor: Int32, _ file: String, from offset: Int, count: Int
  ) throws(SystemError) -> [UInt8] {
    guard offset >= 0, count >= 0 else { throw SystemError(operation: "read", subject: file, code: EINVAL) }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      done = 0
      while done < count, failure == 0 {
        let got = pread(
          descriptor, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
        if got < 0, errno == EINTR { continue }
        if got > 0 { done += got } else { failure = got < 0 ? errno : EBADMSG }
      }
    }
    guard failure == 0 else { throw SystemError(operation: "read", subject: file, code: failure) }
    return bytes
  }
}
