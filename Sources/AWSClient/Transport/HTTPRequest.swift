internal import Core

/// One request as it goes on the wire, already signed.
struct HTTPRequest: Sendable {
  /// Where the bytes of a successful answer go.
  enum Sink: Sendable {
    /// Kept in memory, at most `limit` bytes.
    case memory(limit: Int)
    /// Written to a file that is created or emptied first, at most `limit` bytes.
    case file(path: String, limit: Int)
  }

  var method: String
  /// Absolute, percent-encoded.
  var url: String
  /// In the order in which they are sent; `Host` and `Content-Length` are the transport's.
  var headers: [(name: String, value: String)] = []
  var body = HTTPBody.none
  var sink = Sink.memory(limit: 64 << 20)
  /// The longest wait for a connection, in real time.
  var connectTimeout = TimeSpan.seconds(10)
  /// The longest time in which no byte moves either way, in real time.
  var stallTimeout = TimeSpan.seconds(60)
  /// Instead of the usual ``totalTimeout``.
  var limit: TimeSpan?
  /// Sent straight to the host whatever the environment says of proxies.
  var bypassesProxy = false

  /// The longest the whole exchange may take, in real time: silences, and the body at 64 KiB a second.
  ///
  /// A limit for silence alone would let an answer that comes byte by byte go on for ever.
  var totalTimeout: TimeSpan {
    limit ?? stallTimeout + min(stallTimeout, .seconds(30)) + .seconds(Double(body.length) / 65_536)
  }
}

/// What came back.
struct HTTPResponse: Sendable {
  let status: Int
  let headers: HTTPHeaders
  /// Empty when the body went to a file.
  let body: [UInt8]

  var isSuccess: Bool { (200..<300).contains(status) }

  var bodyText: String { String(decoding: body, as: UTF8.self) }
}

/// The header fields of an answer; names are compared without case.
struct HTTPHeaders: Sendable {
  private(set) var fields: [(name: String, value: String)] = []
  /// Whether the empty line after the last field has come.
  private(set) var isComplete = false

  init(_ fields: [(String, String)] = []) {
    for (name, value) in fields { self.fields.append((name.lowercased(), value)) }
  }

  /// The first value of `name`, without the space around it.
  subscript(_ name: String) -> String? {
    fields.first { $0.name == name.lowercased() }?.value
  }

  /// Takes one line of a header section; a status line forgets what an interim or proxy answer had sent
  /// before.
  mutating func take(line: some Collection<UInt8>) {
    let text = String(decoding: line, as: UTF8.self)
    if text.hasPrefix("HTTP/") {
      fields = []
      isComplete = false
      return
    }
    if text.allSatisfy(\.isNewline) { isComplete = true }
    guard let colon = text.firstIndex(of: ":") else { return }
    let value = text[text.index(after: colon)...].trimmed
    fields.append((text[..<colon].lowercased(), value))
  }
}

extension StringProtocol {
  /// The text without white space at its ends.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
