internal import Core

// @unchecked: one thread at a time has a room: the one that fills it, and then the one that writes what is in it.

/// Memory for one piece on its way into a zip.
final class PieceRoom: @unchecked Sendable {
  /// The piece's content, and what is before it in its file.
  let input: UnsafeMutableBufferPointer<UInt8>
  /// What it is compressed to.
  let output: UnsafeMutableBufferPointer<UInt8>

  init() {
    input = .allocate(capacity: DeflateJob.dictionarySize + DeflateJob.blockSize)
    output = .allocate(capacity: Deflater.room)
  }

  deinit {
    input.deallocate()
    output.deallocate()
  }
}

/// Memory for zips that are written one after the other or at a time: what nobody has touched yet is what takes longest to
/// write to.
final class ZipMemory: Sendable {
  private let rooms = Lock<[PieceRoom]>([])
  private let deflaters = Lock<[Deflater]>([])

  /// A room, which ``giveBack(_:)`` takes back.
  func room() -> PieceRoom { rooms.withLock { $0.popLast() } ?? PieceRoom() }

  func giveBack(_ room: PieceRoom) { rooms.withLock { $0.append(room) } }

  /// What compresses on one thread, until nobody has it any more.
  func deflater() -> LentDeflater {
    LentDeflater(deflaters.withLock { $0.popLast() } ?? Deflater(), of: self)
  }

  fileprivate func giveBack(_ deflater: Deflater) {
    deflater.rest()
    deflaters.withLock { $0.append(deflater) }
  }
}

/// A deflater that one thread has.
final class LentDeflater {
  private let deflater: Deflater
  private let memory: ZipMemory

  fileprivate init(_ deflater: Deflater, of memory: ZipMemory) {
    self.deflater = deflater
    self.memory = memory
  }

  deinit { memory.giveBack(deflater) }

  /// Reads and compresses a piece into a room, which goes back to the memory once it is written.
  func run(_ job: DeflateJob) throws(SystemError) -> PackedPiece {
    try deflater.run(job, into: memory.room())
  }
}

/// A piece as it goes into a zip.
struct PackedPiece: Sendable {
  /// Where its bytes are.
  let room: PieceRoom
  /// Where in the room's input the content is.
  let place: Range<Int>
  /// Length of what is in the room's output; nil where the content goes into the zip as it is.
  let deflatedLength: Int?
  /// CRC-32 of the content.
  let checksum: UInt
  /// The content's SHA-256, where the piece is a whole file.
  let digest: Digest?

  var isDeflated: Bool { deflatedLength != nil }

  var content: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: room.input[place]))
  }

  /// What goes into the zip.
  var packed: UnsafeRawBufferPointer {
    guard let deflatedLength else { return content }
    return UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: room.output[..<deflatedLength]))
  }
}
