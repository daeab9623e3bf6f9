internal import CZlib
internal import Core
import Glibc

/// A piece of a file that is compressed by itself: a whole small file, or a block of a large one.
struct DeflateJob: Sendable {
  /// Length of a block. Boundaries depend on the content's length alone, never on the machine.
  static let blockSize = 512 << 10
  private static let dictionarySize = 32 << 10

  let source: String
  let offset: Int
  let length: Int
  let isLast: Bool
  let isStored: Bool

  struct Output: Sendable {
    var bytes: [UInt8]
    let checksum: UInt
    let length: Int
  }

  /// Reads and compresses the piece. Every piece starts with a fresh state, primed with the 32 KiB before it.
  func run() throws(SystemError) -> Output {
    let primed = isStored ? 0 : min(offset, Self.dictionarySize)
    let input = try read(from: offset - primed, count: length + primed)
    return try input.withUnsafeBufferPointer { buffer throws(SystemError) in
      let content = UnsafeBufferPointer(rebasing: buffer[primed...])
      let checksum = crc32_z(0, content.baseAddress, content.count)
      let bytes =
        isStored ? Array(content) : try deflate(content, UnsafeBufferPointer(rebasing: buffer[..<primed]))
      return Output(bytes: bytes, checksum: checksum, length: length)
    }
  }

  private func read(from start: Int, count: Int) throws(SystemError) -> [UInt8] {
    let file = try RegularFile(source)
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      done = 0
      while done < count {
        let got = pread(file.descriptor, buffer.baseAddress?.advanced(by: done), count - done, start + done)
        if got < 0, errno == EINTR { continue }
        guard got > 0 else {
          // Shorter than when it was listed: somebody is writing to it.
          failure = got < 0 ? errno : ESTALE
          return
        }
        done += got
      }
    }
    guard failure == 0 else { throw SystemError(operation: "read", subject: source, code: failure) }
    return bytes
  }

  private func deflate(
    _ content: UnsafeBufferPointer<UInt8>, _ dictionary: UnsafeBufferPointer<UInt8>
  ) throws(SystemError) -> [UInt8] {
    var stream = z_stream()
    guard czlib_deflate_init(&stream, 6) == Z_OK else {
      throw SystemError(operation: "compress", subject: source, code: ENOMEM)
    }
    defer { deflateEnd(&stream) }
    if let base = dictionary.baseAddress, !dictionary.isEmpty {
      deflateSetDictionary(&stream, base, UInt32(dictionary.count))
    }
    let room = Int(deflateBound(&stream, UInt(content.count))) + 16
    return [UInt8](unsafeUninitializedCapacity: room) { output, count in
      stream.next_in = UnsafeMutablePointer(mutating: content.baseAddress)
      stream.avail_in = UInt32(content.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(room)
      _ = CZlib.deflate(&stream, isLast ? Z_FINISH : Z_SYNC_FLUSH)
      count = room - Int(stream.avail_out)
    }
  }

  /// The checksum of two pieces one after the other.
  static func combined(_ first: UInt, _ second: UInt, secondLength: Int) -> UInt {
    crc32_combine(first, second, secondLength)
  }

  static func checksum(_ bytes: [UInt8]) -> UInt {
    bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
  }
}
