internal import Core

/// The links that GetFunction gives to packages: who has one needs no signature, as with S3's presigned URLs.
struct CodeLinks: Sendable {
  private let endpoint: String
  private let secret: [UInt8]

  init(endpoint: String, secret: String) {
    self.endpoint = endpoint
    self.secret = Array(secret.utf8)
  }

  /// The link to the zip of `code`.
  func link(to code: CodeReference) -> String {
    "\(endpoint)/_sandbox/code/\(code.hex).zip?signature=\(signature(of: code.hex))"
  }

  /// The package that a request's link is for, by the digits of its digest; nil for a link that was not given out.
  func code(in request: HTTPRequest) -> String? {
    let segments = request.segments
    guard segments.count == 3, segments[1] == "code", segments[2].utf8.count == 68,
      request.parameter("signature") == signature(of: String(segments[2].prefix(64)))
    else { return nil }
    return String(segments[2].prefix(64))
  }

  private func signature(of hex: String) -> String { Hex.encode(HMAC.sha256(key: secret, "code \(hex)")) }
}
