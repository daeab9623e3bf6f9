internal import CZlib
internal import Core
import Glibc

/// A piece of a file that is compressed by itself: a whole small file, or a block of a large one.
struct DeflateJob: Sendable {
  /// Length of a block. Boundaries depend on the content's length alone, never on the machine.
  static let blockSize = 512 << 10
  static let dictionarySize = 32 << 10

  let source: String
  let offset: Int
  let length: Int
  let isLast: Bool
  let isStored: Bool

  /// Whether it is all of the file.
  var isWhole: Bool { offset == 0 && isLast }

  /// Reads the piece, and the 32 KiB before it, from its open file into `buffer`; returns how many bytes are before it.
  func read(
    from file: borrowing RegularFile, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(SystemError) -> Int {
    let primed = isStored ? 0 : min(offset, Self.dictionarySize)
    var done = 0
    while done < primed + length {
      let start = off_t(offset - primed + done)
      let got = pread(file.descriptor, buffer.baseAddress?.advanced(by: done), primed + length - done, start)
      if got < 0, errno == EINTR { continue }
      // Shorter than when it was listed: somebody is writing to it.
      guard got > 0 else {
        throw SystemError(operation: "read", subject: source, code: got < 0 ? errno : ESTALE)
      }
      done += got
    }
    return primed
  }

  /// The checksum of two pieces one after the other.
  static func combined(_ first: UInt, _ second: UInt, secondLength: Int) -> UInt {
    crc32_combine(first, second, secondLength)
  }

  static func checksum(_ bytes: [UInt8]) -> UInt {
    bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
  }
}

/// A file that is open for as long as pieces of it are read.
private final class Source {
  let path: String
  let file: RegularFile

  init(path: String, file: consuming RegularFile) {
    self.path = path
    self.file = file
  }
}

// @unchecked: one thread at a time has a deflater, which `LentDeflater` sees to.

/// Compresses pieces one after the other on one thread, with the same memory for all.
final class Deflater: @unchecked Sendable {
  /// The most bytes that a block becomes: zlib's bound is 13 bytes and a part in 4,096 above its length, a flush's end
  /// is 5 more.
  static let room = DeflateJob.blockSize + DeflateJob.blockSize >> 8

  // Level 6 with a shorter search (zlib's manual, `deflateTune`): a half-length match is looked for in a chain of 48
  // places instead of 128. Code in Python, JavaScript and for the processor becomes 0.3 to 0.6 % larger by that, in three
  // quarters of the time.
  private static let goodLength: Int32 = 8
  private static let maxLazy: Int32 = 16
  private static let niceLength: Int32 = 64
  private static let maxChain: Int32 = 48

  private let stream: UnsafeMutablePointer<z_stream>
  private let isReady: Bool
  private let hasher = SHA256()
  /// The file of the last piece: the next one is mostly of the same.
  private var last: Source?

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    isReady = czlib_deflate_init(stream, 6) == Z_OK
  }

  deinit {
    if isReady { deflateEnd(stream) }
    stream.deallocate()
  }

  /// Closes the file that is open.
  func rest() { last = nil }

  /// Reads and compresses a piece. Every piece starts with a fresh state, primed with the 32 KiB before it; a whole file
  /// that deflating does not make smaller stays as it is.
  func run(_ job: DeflateJob, into room: PieceRoom) throws(SystemError) -> PackedPiece {
    guard isReady else { throw SystemError(operation: "compress", subject: job.source, code: ENOMEM) }
    let primed = try job.read(from: try source(job.source).file, into: room.input)
    let place = primed..<primed + job.length
    let content = UnsafeBufferPointer(rebasing: room.input[place])
    let checksum = crc32_z(0, content.baseAddress, content.count)
    var digest: Digest?
    if job.isWhole {
      hasher.update(UnsafeRawBufferPointer(content))
      digest = hasher.finalize()
    }
    var length: Int?
    if !job.isStored {
      let dictionary = UnsafeBufferPointer(rebasing: room.input[..<primed])
      let deflated = try deflate(job, content, dictionary, into: room.output)
      if !job.isWhole || deflated < content.count { length = deflated }
    }
    return PackedPiece(room: room, place: place, deflatedLength: length, checksum: checksum, digest: digest)
  }

  private func source(_ path: String) throws(SystemError) -> Source {
    if let last, last.path == path { return last }
    let source = Source(path: path, file: try RegularFile(path))
    last = source
    return source
  }

  /// Returns how many bytes of `output` it has come to.
  private func deflate(
    _ job: DeflateJob, _ content: UnsafeBufferPointer<UInt8>, _ dictionary: UnsafeBufferPointer<UInt8>,
    into output: UnsafeMutableBufferPointer<UInt8>
  ) throws(SystemError) -> Int {
    deflateReset(stream)
    // A reset goes back to what the level says.
    deflateTune(stream, Self.goodLength, Self.maxLazy, Self.niceLength, Self.maxChain)
    if !dictionary.isEmpty {
      deflateSetDictionary(stream, dictionary.baseAddress, UInt32(dictionary.count))
    }
    stream.pointee.next_in = UnsafeMutablePointer(mutating: content.baseAddress)
    stream.pointee.avail_in = UInt32(content.count)
    stream.pointee.next_out = output.baseAddress
    stream.pointee.avail_out = UInt32(output.count)
    let code = CZlib.deflate(stream, job.isLast ? Z_FINISH : Z_SYNC_FLUSH)
    guard code == (job.isLast ? Z_STREAM_END : Z_OK), stream.pointee.avail_out > 0 else {
      throw SystemError(operation: "compress", subject: job.source, code: EIO)
    }
    return output.count - Int(stream.pointee.avail_out)
  }
}
