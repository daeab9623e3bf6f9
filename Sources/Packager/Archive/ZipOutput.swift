internal import Core
import Glibc

/// A file that is written from its beginning to its end, in large pieces, and hashed on the way.
final class ZipOutput {
  private static let room = 256 << 10

  private let descriptor: Int32
  private let path: String
  /// What is not in the file yet is at its beginning.
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
  private var pending = 0
  private var flushed = 0
  private let hasher = SHA256()
  /// How much of the file is hashed.
  private var hashed = 0
  /// Whether the rest may still be written over.
  private var isHeld = false

  /// Writes to the new file that `descriptor` is open for, and closes it.
  init(_ descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  /// Bytes so far.
  var offset: Int { flushed + pending }

  func append(_ bytes: [UInt8]) throws(SystemError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(SystemError) in
      try append(UnsafeRawBufferPointer(bytes))
    }
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    if bytes.count > Self.room - pending { try flush() }
    guard bytes.count < Self.room / 2 else {
      // Copying it would only delay it.
      try flush()
      return try put(bytes)
    }
    UnsafeMutableRawBufferPointer(rebasing: buffer[pending...]).copyMemory(from: bytes)
    pending += bytes.count
  }

  /// What comes from here on may be written over, or cut off, until ``release()``.
  func hold() throws(SystemError) {
    try flush()
    isHeld = true
  }

  /// What has been held stays as it is.
  func release() throws(SystemError) {
    isHeld = false
    guard hashed < flushed else { return }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.room, alignment: 16)
    defer { piece.deallocate() }
    while hashed < flushed {
      let count = pread(descriptor, piece.baseAddress, min(piece.count, flushed - hashed), off_t(hashed))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(count < 0 ? errno : EIO) }
      hasher.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      hashed += count
    }
  }

  /// Forgets everything from `place` on, which is held.
  func cut(to place: Int) throws(SystemError) {
    try flush()
    guard ftruncate(descriptor, off_t(place)) == 0 else { throw failure(errno) }
    flushed = place
  }

  /// Writes over what was appended as one at `place`, and is held.
  func patch(_ bytes: [UInt8], at place: Int) throws(SystemError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(SystemError) in
      guard place < flushed else {
        return UnsafeMutableRawBufferPointer(rebasing: buffer[(place - flushed)...])
          .copyMemory(from: UnsafeRawBufferPointer(bytes))
      }
      try write(UnsafeRawBufferPointer(bytes), at: place)
    }
  }

  /// Writes what is left; returns length and SHA-256 of the whole.
  func finish() throws(SystemError) -> (size: Int, sha256: Digest) {
    try flush()
    return (flushed, hasher.finalize())
  }

  private func flush() throws(SystemError) {
    guard pending > 0 else { return }
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<pending])
    pending = 0
    try put(bytes)
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    try write(bytes, at: flushed)
    flushed += bytes.count
    guard !isHeld else { return }
    hasher.update(bytes)
    hashed = flushed
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at place: Int) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(place + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(count < 0 ? errno : EIO) }
      done += count
    }
  }

  private func failure(_ code: Int32) -> SystemError {
    SystemError(operation: "write", subject: path, code: code)
  }
}
