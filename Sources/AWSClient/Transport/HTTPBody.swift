internal import Core
import Glibc

/// The bytes of a request, from memory and files, read as often as there are attempts.
struct HTTPBody: Sendable {
  /// A run of bytes.
  enum Segment: Sendable {
    /// Held in memory.
    case bytes([UInt8])
    /// `length` bytes of a file from `offset` on.
    case file(path: String, offset: Int, length: Int)
    /// The base64 form of a file's first `length` bytes.
    case base64File(path: String, length: Int)

    /// Bytes on the wire.
    var length: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .file(_, _, let length): length
      case .base64File(_, let length): (length + 2) / 3 * 4
      }
    }
  }

  let segments: [Segment]

  /// No body at all.
  static let none = HTTPBody(segments: [])

  /// Text in UTF-8.
  static func text(_ text: String) -> HTTPBody { HTTPBody(segments: [.bytes(Array(text.utf8))]) }

  /// Bytes held in memory.
  static func bytes(_ bytes: [UInt8]) -> HTTPBody { HTTPBody(segments: [.bytes(bytes)]) }

  /// Compact JSON.
  static func json(_ object: JSONObject) -> HTTPBody { .text(JSON.object(object).text()) }

  var length: Int { segments.reduce(0) { $0 + $1.length } }

  /// The digest that a signature covers; reads files.
  func sha256() throws(SystemError) -> Digest {
    let reader = HTTPBodyReader(self)
    let hash = SHA256()
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let count = try reader.read(into: chunk)
      guard count > 0 else { return hash.finalize() }
      hash.update(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
    }
  }

  /// The same as a value; on a thread of its own when a disk is read, so that other tasks go on.
  func digest() async -> Result<Digest, SystemError> {
    guard isOnDisk else { return Result { () throws(SystemError) in try sha256() } }
    return await withCheckedContinuation { continuation in
      Threads.detach { continuation.resume(returning: Result { () throws(SystemError) in try sha256() }) }
    }
  }

  /// Whether reading it touches a disk.
  var isOnDisk: Bool {
    segments.contains { segment in
      if case .bytes = segment { return false }
      return true
    }
  }
}

/// Reads a body once from its start.
final class HTTPBodyReader {
  private var segments: ArraySlice<HTTPBody.Segment>
  private var done = 0
  private var descriptor: Int32 = -1
  private var encoded: [UInt8] = []
  private var encodedDone = 0

  init(_ body: HTTPBody) {
    segments = body.segments[...]
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Fills the front of `buffer`; 0 only at the end.
  ///
  /// - Throws: ``SystemError``, also when a file has become shorter than its segment says.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    guard !buffer.isEmpty else { return 0 }
    while let segment = segments.first {
      let count: Int
      switch segment {
      case .bytes(let bytes):
        count = min(buffer.count, bytes.count - done)
        bytes.withUnsafeBytes { source in
          buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[done..<(done + count)]))
        }
      case .file(let path, let offset, let length):
        count = min(buffer.count, length - done)
        if count > 0 { try fill(buffer.baseAddress, count, from: path, at: offset + done) }
      case .base64File(let path, let length):
        count = try encode(path: path, length: length, into: buffer)
      }
      if count > 0 {
        done += count
        return count
      }
      advance()
    }
    return 0
  }

  private func advance() {
    segments = segments.dropFirst()
    done = 0
    encoded = []
    encodedDone = 0
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  private func encode(
    path: String, length: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(SystemError) -> Int {
    if encodedDone == encoded.count {
      // A multiple of three, so that every block but the last encodes without padding.
      let start = done / 4 * 3
      let size = min(48 << 10, length - start)
      guard size > 0 else { return 0 }
      let block = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
      defer { block.deallocate() }
      try fill(block.baseAddress, size, from: path, at: start)
      encoded = Array(Base64.encode(Array(block)).utf8)
      encodedDone = 0
    }
    let count = min(buffer.count, encoded.count - encodedDone)
    encoded.withUnsafeBytes { source in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[encodedDone..<(encodedDone + count)]))
    }
    encodedDone += count
    return count
  }

  private func fill(
    _ target: UnsafeMutableRawPointer?, _ count: Int, from path: String, at offset: Int
  ) throws(SystemError) {
    if descriptor < 0 { descriptor = open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw SystemError(operation: "read", subject: path, code: errno) }
    var done = 0
    while done < count {
      let got = pread(descriptor, target?.advanced(by: done), count - done, off_t(offset + done))
      if got < 0 {
        if errno == EINTR { continue }
        throw SystemError(operation: "read", subject: path, code: errno)
      }
      guard got > 0 else { throw SystemError(operation: "read to its end", subject: path, code: ESTALE) }
      done += got
    }
  }
}
