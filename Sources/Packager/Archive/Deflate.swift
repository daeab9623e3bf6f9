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

  struct Output: Sendable {
    /// What goes into the zip.
    var bytes: [UInt8]
    /// Whether ``bytes`` are deflated.
    let isDeflated: Bool
    let checksum: UInt
    /// Length of the content.
    let length: Int
    /// The content's digest, where the piece is a whole file; else the content itself, to be hashed in order.
    let digest: Digest?
    let content: [UInt8]

    /// A link's target, as it is.
    init(stored bytes: [UInt8]) {
      self.init(bytes, isDeflated: false, checksum: DeflateJob.checksum(bytes), length: bytes.count)
    }

    init(
      _ bytes: [UInt8], isDeflated: Bool, checksum: UInt, length: Int, digest: Digest? = nil,
      content: [UInt8] = []
    ) {
      self.bytes = bytes
      self.isDeflated = isDeflated
      self.checksum = checksum
      self.length = length
      self.digest = digest
      self.content = content
    }
  }

  /// Reads the piece, and the 32 KiB before it, into `buffer`; returns how many bytes are before it.
  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(SystemError) -> Int {
    let primed = isStored ? 0 : min(offset, Self.dictionarySize)
    let file = try RegularFile(source)
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

/// Compresses pieces one after the other on one thread, with the same memory for all.
final class Deflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private let isReady: Bool
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let output: UnsafeMutableBufferPointer<UInt8>
  private let hasher = SHA256()

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    isReady = czlib_deflate_init(stream, 6) == Z_OK
    input = .allocate(capacity: DeflateJob.blockSize + DeflateJob.dictionarySize)
    let room = isReady ? Int(deflateBound(stream, UInt(DeflateJob.blockSize))) + 16 : 0
    output = .allocate(capacity: room)
  }

  deinit {
    if isReady { deflateEnd(stream) }
    stream.deallocate()
    input.deallocate()
    output.deallocate()
  }

  /// Reads and compresses a piece. Every piece starts with a fresh state, primed with the 32 KiB before it; a whole file
  /// that deflating does not make smaller stays as it is.
  func run(_ job: DeflateJob) throws(SystemError) -> DeflateJob.Output {
    guard isReady else { throw SystemError(operation: "compress", subject: job.source, code: ENOMEM) }
    let primed = try job.read(into: input)
    let content = UnsafeBufferPointer(rebasing: input[primed..<primed + job.length])
    let checksum = crc32_z(0, content.baseAddress, content.count)
    var digest: Digest?
    if job.isWhole {
      hasher.update(UnsafeRawBufferPointer(content))
      digest = hasher.finalize()
    }
    let packed =
      job.isStored ? nil : try deflate(job, content, UnsafeBufferPointer(rebasing: input[..<primed]))
    let isSmaller = packed.map { !job.isWhole || $0.count < content.count } ?? false
    return DeflateJob.Output(
      Array(isSmaller ? packed ?? content : content), isDeflated: isSmaller, checksum: checksum,
      length: job.length, digest: digest, content: job.isWhole ? [] : Array(content))
  }

  private func deflate(
    _ job: DeflateJob, _ content: UnsafeBufferPointer<UInt8>, _ dictionary: UnsafeBufferPointer<UInt8>
  ) throws(SystemError) -> UnsafeBufferPointer<UInt8> {
    deflateReset(stream)
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
    return UnsafeBufferPointer(rebasing: output[..<(output.count - Int(stream.pointee.avail_out))])
  }
}
