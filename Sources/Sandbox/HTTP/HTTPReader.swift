import Glibc

/// Why no request could be read from a connection.
enum HTTPReadError: Error {
  /// The other end is done or said nothing for too long, or the server is stopping.
  case closed
  /// What came is no acceptable request; the answer to give before closing.
  case refused(status: Int, reason: String)

  /// 400: it does not keep to the grammar.
  static func malformed(_ reason: String) -> HTTPReadError { .refused(status: 400, reason: reason) }
}

/// Reads requests from a connected socket, one after the other (RFC 9112).
struct HTTPReader {
  private let descriptor: Int32
  private let limits: HTTPLimits
  private let room: BodyRoom
  /// Bytes of ``room`` that the request under way holds.
  private var taken = 0
  private var buffer: [UInt8] = []
  private var start = 0
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)

  init(descriptor: Int32, limits: HTTPLimits, room: BodyRoom) {
    self.descriptor = descriptor
    self.limits = limits
    self.room = room
  }

  /// The head of the next request.
  mutating func head() throws(HTTPReadError) -> HTTPRequest {
    var deadline = Deadline(limits.idle, overdue: .closed)
    if start == buffer.count { try fill(deadline) }
    deadline = Deadline(limits.head, overdue: .refused(status: 408, reason: "the head took too long"))
    var left = HTTPLimits.headBytes
    var line = try readLine(&left, deadline)
    // One blank line before a request is tolerated (section 2.2).
    if line.isEmpty { line = try readLine(&left, deadline) }
    let fields = try readFields(&left, deadline)
    return try HTTPHead.request(line: line[...], fields: fields.map { $0[...] })
  }

  /// The body of the request whose head came last; its room is held until ``release()``.
  mutating func body(_ framing: HTTPFraming) throws(HTTPReadError) -> [UInt8] {
    let clock = BodyClock(limits: limits)
    switch framing {
    case .none: return []
    case .length(let count):
      try takeRoom(count)
      var body: [UInt8] = []
      body.reserveCapacity(count)
      try take(count, into: &body, clock)
      return body
    case .chunked: return try readChunks(clock)
    }
  }

  /// Gives back the room of the last body.
  mutating func release() {
    room.giveBack(taken)
    taken = 0
  }

  private mutating func takeRoom(_ count: Int) throws(HTTPReadError) {
    guard room.take(count, until: Monotonic.now() + limits.head) else {
      throw .refused(status: 503, reason: "too many large requests are under way")
    }
    taken += count
  }

  private mutating func readFields(_ left: inout Int, _ deadline: Deadline) throws(HTTPReadError) -> [[UInt8]]
  {
    var fields: [[UInt8]] = []
    while true {
      let line = try readLine(&left, deadline)
      if line.isEmpty { return fields }
      guard fields.count < HTTPLimits.fields else {
        throw .refused(status: 431, reason: "there are more than \(HTTPLimits.fields) header fields")
      }
      fields.append(line)
    }
  }

  private mutating func readChunks(_ clock: BodyClock) throws(HTTPReadError) -> [UInt8] {
    var body: [UInt8] = []
    while true {
      var left = HTTPLimits.headBytes
      let size = try HTTPHead.chunkSize(try readLine(&left, clock.deadline(after: body.count))[...])
      guard size > 0 else { break }
      guard size <= limits.body - body.count else {
        throw .refused(status: 413, reason: "the body is too large")
      }
      try takeRoom(size)
      try take(size, into: &body, clock)
      var end: [UInt8] = []
      try take(2, into: &end, clock)
      guard end.elementsEqual("\r\n".utf8) else { throw .malformed("a chunk is longer than its size") }
    }
    var left = HTTPLimits.headBytes
    for field in try readFields(&left, clock.deadline(after: body.count)) {
      _ = try HTTPHead.field(field[...])
    }
    return body
  }

  /// A line without its CRLF.
  ///
  /// - Parameter left: how many bytes more the part it belongs to may have.
  private mutating func readLine(_ left: inout Int, _ deadline: Deadline) throws(HTTPReadError) -> [UInt8] {
    var scanned = 0
    while true {
      if let end = buffer[(start + scanned)...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[start..<end]
        guard line.last == UInt8(ascii: "\r"), !line.dropLast().contains(UInt8(ascii: "\r")) else {
          throw .malformed("a line does not end with CR and LF")
        }
        left -= line.count + 1
        guard left >= 0 else { throw Self.tooLong }
        start = end + 1
        return Array(line.dropLast())
      }
      scanned = buffer.count - start
      guard scanned <= left else { throw Self.tooLong }
      try fill(deadline)
    }
  }

  private static let tooLong = HTTPReadError.refused(status: 431, reason: "the head is too large")

  private mutating func take(_ count: Int, into body: inout [UInt8], _ clock: BodyClock) throws(HTTPReadError)
  {
    let end = body.count + count
    while body.count < end {
      if start == buffer.count { try fill(clock.deadline(after: body.count)) }
      let piece = buffer[start..<min(buffer.count, start + end - body.count)]
      body += piece
      start += piece.count
    }
  }

  /// Reads on over what still comes, without keeping it, so that an answer sent before is not lost with the connection.
  mutating func discardRest() {
    let deadline = Deadline(2, overdue: .closed)
    var left = limits.body
    while left > 0 {
      buffer = []
      start = 0
      guard (try? fill(deadline)) != nil else { return }
      left -= buffer.count
    }
  }

  /// Waits for more bytes.
  private mutating func fill(_ deadline: Deadline) throws(HTTPReadError) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      start = 0
    }
    while true {
      try deadline.wait(for: descriptor)
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count > 0 {
        buffer += chunk[..<count]
        return
      }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      throw .closed
    }
  }
}

/// The end of the time that something may take, and what it means to pass it.
private struct Deadline {
  private let moment: Double
  private let overdue: HTTPReadError

  init(_ seconds: Double, overdue: HTTPReadError) {
    self.init(moment: Monotonic.now() + seconds, overdue: overdue)
  }

  init(moment: Double, overdue: HTTPReadError) {
    self.moment = moment
    self.overdue = overdue
  }

  /// Returns when there is something to read.
  func wait(for descriptor: Int32) throws(HTTPReadError) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
      let left = moment - Monotonic.now()
      guard left > 0 else { throw overdue }
      let ready = poll(&entry, 1, Int32(min(left * 1_000, 3_600_000)) + 1)
      if ready > 0 { return }
      guard ready == 0 || errno == EINTR else { throw .closed }
    }
  }
}

/// The time that a body may take: some to begin with, and more for what has come.
private struct BodyClock {
  private let limits: HTTPLimits
  private let began = Monotonic.now()

  init(limits: HTTPLimits) {
    self.limits = limits
  }

  func deadline(after count: Int) -> Deadline {
    let moment = began + limits.bodyTime + Double(count) / limits.bodyRate
    return Deadline(moment: moment, overdue: .refused(status: 408, reason: "the body came too slowly"))
  }
}
