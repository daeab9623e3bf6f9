/// Header fields in their order; names compare without regard to case.
struct HTTPHeaders: Sendable {
  private(set) var fields: [(name: String, value: String)] = []

  init() {}

  /// The first value of `name`.
  subscript(name: String) -> String? {
    let wanted = name.lowercased()
    return fields.first { $0.name == wanted }?.value
  }

  /// All values of `name` in their order.
  func values(_ name: String) -> [String] {
    let wanted = name.lowercased()
    return fields.filter { $0.name == wanted }.map(\.value)
  }

  mutating func add(_ name: String, _ value: String) {
    fields.append((name.lowercased(), value))
  }
}

/// One request as it came over the wire.
struct HTTPRequest: Sendable {
  var method: String
  /// The path as sent, percent-encoding untouched, without the query.
  var path: String
  /// The query as sent, without its question mark; empty when there was none.
  var query: String
  var headers: HTTPHeaders
  var body: [UInt8]

  /// The path's decoded segments; empty ones (doubled or trailing slashes) are left out.
  var segments: [String] {
    path.split(separator: "/").map { Percent.decode($0) }
  }

  /// The decoded query in its order.
  var parameters: [(name: String, value: String)] {
    query.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (
        Percent.decode(parts[0], plusIsSpace: true),
        parts.count > 1 ? Percent.decode(parts[1], plusIsSpace: true) : ""
      )
    }
  }

  /// The first value of a query parameter.
  func parameter(_ name: String) -> String? {
    parameters.first { $0.name == name }?.value
  }
}

/// One answer.
struct HTTPResponse: Sendable {
  var status: Int
  var headers: HTTPHeaders
  var body: [UInt8]

  init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The standard phrase of the status (RFC 9110, section 15).
  var reason: String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 400: "Bad Request"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 409: "Conflict"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    default: "Status"
    }
  }
}

/// What a handler wants done with a request.
enum HTTPAnswer: Sendable {
  /// Answer it.
  case response(HTTPResponse)
  /// Close the connection without a word.
  case drop
}

/// Percent-encoding (RFC 3986, section 2.1).
enum Percent {
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// The text that `text` encodes; a `%` without two digits stays.
  static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
    let source = Array(text.utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.count)
    var index = 0
    while index < source.count {
      let byte = source[index]
      if byte == UInt8(ascii: "%"), index + 2 < source.count,
        let value = UInt8(String(decoding: source[index + 1...index + 2], as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        index += 3
        continue
      }
      bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      index += 1
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `text` with all but unreserved characters encoded; `/` too unless `keepSlash`.
  static func encode(_ text: some StringProtocol, keepSlash: Bool = false) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "~"):
        bytes.append(byte)
      case UInt8(ascii: "/") where keepSlash: bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
