import Glibc

/// Why no request could be read from a connection.
enum HTTPReadError: Error {
  /// The other end is done, or the server is stopping.
  case closed
  /// What came is no acceptable request; the answer to give before closing.
  case refused(status: Int, reason: String)
}

/// Reads requests from a connected socket, one after the other (RFC 9112).
struct HTTPReader {
  private static let headLimit = 1 << 16

  let descriptor: Int32
  let bodyLimit: Int
  private var buffer: [UInt8] = []
  private var start = 0
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)

  init(descriptor: Int32, bodyLimit: Int) {
    self.descriptor = descriptor
    self.bodyLimit = bodyLimit
  }

  /// The next request; `onContinue` is called when its sender waits for `100 Continue` before the body.
  mutating func next(onContinue: () -> Void) throws(HTTPReadError) -> HTTPRequest {
    var line = try readLine()
    // A blank line before a request is tolerated (section 2.2).
    while line.isEmpty { line = try readLine() }
    let words = line.split(separator: " ")
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
      throw .refused(status: 400, reason: "the request line is not HTTP/1.1")
    }
    let headers = try readHeaders()
    let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var path = String(target[0])
    if let scheme = path.firstRange(of: "://"), !path.hasPrefix("/") {
      // The absolute form that proxies get (section 3.2.2).
      path = path[scheme.upperBound...].firstIndex(of: "/").map { String(path[$0...]) } ?? "/"
    }
    if headers["expect"]?.lowercased() == "100-continue" { onContinue() }
    let body = try readBody(headers)
    return HTTPRequest(
      method: String(words[0]), path: path, query: target.count > 1 ? String(target[1]) : "",
      headers: headers, body: body)
  }

  private mutating func readHeaders() throws(HTTPReadError) -> HTTPHeaders {
    var headers = HTTPHeaders()
    var size = 0
    while true {
      let line = try readLine()
      if line.isEmpty { return headers }
      size += line.utf8.count
      guard size <= Self.headLimit else { throw .refused(status: 431, reason: "the headers are too large") }
      guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
        throw .refused(status: 400, reason: "a header line has no colon")
      }
      headers.add(String(line[..<colon]), Self.trimmed(line[line.utf8.index(after: colon)...]))
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    let blank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    var bytes = text.utf8[...]
    while let first = bytes.first, blank(first) { bytes.removeFirst() }
    while let last = bytes.last, blank(last) { bytes.removeLast() }
    return String(Substring(bytes))
  }

  private mutating func readBody(_ headers: HTTPHeaders) throws(HTTPReadError) -> [UInt8] {
    if let coding = headers["transfer-encoding"] {
      guard coding.lowercased() == "chunked" else {
        throw .refused(status: 501, reason: "only the chunked transfer coding is understood")
      }
      return try readChunks()
    }
    guard let length = headers["content-length"] else { return [] }
    guard let count = Int(length), count >= 0 else {
      throw .refused(status: 400, reason: "Content-Length is no number")
    }
    guard count <= bodyLimit else { throw .refused(status: 413, reason: "the body is too large") }
    return try take(count)
  }

  private mutating func readChunks() throws(HTTPReadError) -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let line = try readLine()
      guard let size = Int(line.prefix { $0 != ";" && $0 != " " }, radix: 16), size >= 0 else {
        throw .refused(status: 400, reason: "a chunk has no size")
      }
      guard size > 0 else { break }
      guard body.count + size <= bodyLimit else {
        throw .refused(status: 413, reason: "the body is too large")
      }
      body += try take(size)
      guard try readLine().isEmpty else {
        throw .refused(status: 400, reason: "a chunk is longer than its size")
      }
    }
    while try !readLine().isEmpty {}
    return body
  }

  private mutating func readLine() throws(HTTPReadError) -> String {
    var scanned = start
    while true {
      if let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
        var line = buffer[start..<end]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        start = end + 1
        return String(decoding: line, as: UTF8.self)
      }
      guard buffer.count - start <= Self.headLimit else {
        throw .refused(status: 431, reason: "a line is too long")
      }
      scanned = buffer.count
      let moved = start
      try fill()
      if start != moved { scanned -= moved - start }
    }
  }

  private mutating func take(_ count: Int) throws(HTTPReadError) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(count)
    while body.count < count {
      if start == buffer.count { try fill() }
      let end = min(buffer.count, start + count - body.count)
      body += buffer[start..<end]
      start = end
    }
    return body
  }

  /// Waits for more bytes.
  private mutating func fill() throws(HTTPReadError) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      start = 0
    }
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count > 0 {
        buffer += chunk[..<count]
        return
      }
      if count < 0, errno == EINTR { continue }
      throw .closed
    }
  }
}
