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
  /// Whether it is of HTTP/1.0, whose connections end with the answer.
  var isVersion10 = false

  /// Whether the connection ends with the answer.
  var isLast: Bool { isVersion10 || headers["connection"]?.lowercased() == "close" }

  /// The path's decoded segments; empty ones (doubled or trailing slashes) are left out.
  var segments: [String] {
    Array(path.utf8).split(separator: UInt8(ascii: "/")).map { segment in
      String(decoding: Percent.decode(segment), as: UTF8.self)
    }
  }

  /// The query in its order, cut but not decoded.
  var rawParameters: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] {
    Array(query.utf8).split(separator: UInt8(ascii: "&")).map { pair in
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      return (parts[0], parts.count > 1 ? parts[1] : [])
    }
  }

  /// The decoded query in its order.
  var parameters: [(name: String, value: String)] {
    let text = { (bytes: ArraySlice<UInt8>) in
      String(decoding: Percent.decode(bytes, plusIsSpace: true), as: UTF8.self)
    }
    return rawParameters.map { (text($0.name), text($0.value)) }
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
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 417: "Expectation Failed"
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
