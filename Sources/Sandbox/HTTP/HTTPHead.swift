/// Reads the lines of a request's head and holds them against the grammar of RFC 9112: what two readers could read in
/// two ways is refused, not repaired.
enum HTTPHead {
  /// A request without its body.
  ///
  /// - Parameters:
  ///   - line: the request line, without its line break.
  ///   - fields: the header lines, without their line breaks.
  static func request(line: ArraySlice<UInt8>, fields: [ArraySlice<UInt8>]) throws(HTTPReadError)
    -> HTTPRequest
  {
    let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 3, isToken(words[0]), isVersion(words[2]), !words[1].isEmpty,
      words[1].allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw .malformed("the request line is not METHOD TARGET HTTP/1.1") }
    var headers = HTTPHeaders()
    for field in fields {
      let (name, value) = try self.field(field)
      headers.add(name, value)
    }
    let (authority, path, query) = try target(words[1])
    if let authority, headers.values("host") != [authority] {
      throw .malformed("the target names another host than the field Host")
    }
    return HTTPRequest(
      method: text(words[0]), path: path, query: query, headers: headers, body: [],
      isVersion10: words[2].last == UInt8(ascii: "0"))
  }

  /// One header or trailer field.
  static func field(_ line: ArraySlice<UInt8>) throws(HTTPReadError) -> (name: String, value: String) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), isToken(line[..<colon]) else {
      throw .malformed("a header line is no NAME: VALUE")
    }
    var value = line[(colon + 1)...]
    while let first = value.first, isBlank(first) { value.removeFirst() }
    while let last = value.last, isBlank(last) { value.removeLast() }
    guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 9 }) else {
      throw .malformed("a header holds a control character")
    }
    return (text(line[..<colon]), text(value))
  }

  /// How the body is framed. Two ways to frame it, or one said twice, are how requests are smuggled past another reader.
  static func framing(_ request: HTTPRequest, limit: Int) throws(HTTPReadError) -> HTTPFraming {
    let lengths = request.headers.values("content-length")
    let codings = request.headers.values("transfer-encoding")
    guard !codings.isEmpty else {
      guard let written = lengths.first else { return .none }
      guard lengths.count == 1, let count = decimal(written) else {
        throw .malformed("Content-Length is no single number")
      }
      guard count <= limit else { throw .refused(status: 413, reason: "the body is too large") }
      return count == 0 ? .none : .length(count)
    }
    guard lengths.isEmpty, codings.count == 1, !request.isVersion10 else {
      throw .malformed("the length of the body is given in two ways")
    }
    guard codings[0].lowercased() == "chunked" else {
      throw .refused(status: 501, reason: "only the chunked transfer coding is understood")
    }
    return .chunked
  }

  /// The size that a chunk's line gives; its extensions mean nothing.
  static func chunkSize(_ line: ArraySlice<UInt8>) throws(HTTPReadError) -> Int {
    let digits = line.prefix { $0 != UInt8(ascii: ";") && !isBlank($0) }
    // Seven digits are 256 MiB, more than any body may have.
    guard (1...7).contains(digits.count), let size = Int(text(digits), radix: 16),
      digits.allSatisfy(isHexadecimal)
    else { throw .malformed("a chunk has no size") }
    return size
  }

  /// `/path?query` or `http://authority/path?query`.
  private static func target(
    _ target: ArraySlice<UInt8>
  ) throws(HTTPReadError) -> (authority: String?, path: String, query: String) {
    let slash = UInt8(ascii: "/")
    var rest = target
    var authority: String?
    if rest.first != slash {
      // The absolute form that proxies get (section 3.2.2).
      let scheme = Array("http://".utf8)
      guard rest.starts(with: scheme) else { throw .malformed("the target is no path") }
      rest = rest.dropFirst(scheme.count)
      let name = rest.prefix { $0 != slash && $0 != UInt8(ascii: "?") }
      authority = text(name)
      rest = rest.dropFirst(name.count)
    }
    let mark = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
    let path = rest[..<mark]
    return (authority, path.isEmpty ? "/" : text(path), text(rest[mark...].dropFirst()))
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func isVersion(_ word: ArraySlice<UInt8>) -> Bool {
    word.elementsEqual("HTTP/1.1".utf8) || word.elementsEqual("HTTP/1.0".utf8)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == 9 }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
  }

  /// A number in digits and nothing else: no sign, no blanks.
  private static func decimal(_ text: String) -> Int? {
    guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  /// A token of RFC 9110, section 5.6.2.
  private static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty
      && bytes.allSatisfy { byte in
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }
}

/// How long a body is.
enum HTTPFraming: Hashable, Sendable {
  case none
  case length(Int)
  case chunked
}
