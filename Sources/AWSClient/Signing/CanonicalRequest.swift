internal import Core

/// What a signature covers.
struct SignableRequest: Sendable {
  var method: String
  /// The `Host` header: the port only when it is not the scheme's own.
  var host: String
  /// The path as it goes on the wire: percent-encoded once, starting with a slash.
  var path: String
  /// Not encoded.
  var query: [(name: String, value: String)] = []
  /// Without `Host`; repeated names are allowed.
  var headers: [(name: String, value: String)] = []
  /// The SHA-256 of the body in hexadecimal, or a word such as `UNSIGNED-PAYLOAD`.
  var payloadHash: String
}

/// How the path enters the canonical request.
enum PathRule: Sendable {
  /// Dot segments and empty ones removed, then encoded again: every service but S3.
  case normalizedAndEncodedTwice
  /// Taken as it is on the wire: S3, whose keys may be `a//b` or `x/../y`.
  case asSent
}

/// The canonical request of Signature Version 4.
struct CanonicalRequest {
  let text: String
  let signedHeaders: String

  /// Headers that proxies and clients change on the way.
  private static let unsigned: Set<String> = [
    "authorization", "user-agent", "expect", "connection", "transfer-encoding", "x-amzn-trace-id",
    "content-length",
  ]

  init(_ request: SignableRequest, pathRule: PathRule) {
    var values: [String: [String]] = ["host": [Self.folded(request.host)]]
    for (name, value) in request.headers where !Self.unsigned.contains(name.lowercased()) {
      values[name.lowercased(), default: []].append(Self.folded(value))
    }
    let names = values.keys.sorted()
    signedHeaders = names.joined(separator: ";")
    let headers = names.map { "\($0):\(values[$0, default: []].joined(separator: ","))\n" }.joined()
    text = [
      request.method, Self.path(request.path, pathRule), Self.query(request.query), headers, signedHeaders,
      request.payloadHash,
    ].joined(separator: "\n")
  }

  var hash: String { SHA256.digest(of: text).hex }

  private static func path(_ path: String, _ rule: PathRule) -> String {
    guard case .normalizedAndEncodedTwice = rule else { return path.isEmpty ? "/" : path }
    var segments: [Substring] = []
    for segment in path.split(separator: "/", omittingEmptySubsequences: true) where segment != "." {
      if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
    }
    // AWS keeps no slash for dots at the end: `/a/b/..` is `/a`.
    let closes = path.hasSuffix("/") && !segments.isEmpty
    let joined = "/" + segments.joined(separator: "/") + (closes ? "/" : "")
    return PercentEncoding.encode(path: joined)
  }

  private static func query(_ pairs: [(name: String, value: String)]) -> String {
    let encoded = pairs.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
    // Encoded text is ASCII, so that comparing strings compares bytes.
    return encoded.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  /// Without space at the ends, inner runs of spaces as one.
  private static func folded(_ value: String) -> String {
    value.trimmed.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }
}
