internal import Core

/// Signature Version 4 for one service in one region.
struct Signer: Sendable {
  /// The service's signing name: `lambda`, `monitoring`, `s3`.
  let service: String
  let region: String
  let pathRule: PathRule
  private let keys: SigningKeys

  init(service: String, region: String, keys: SigningKeys = SigningKeys()) {
    self.service = service
    self.region = region
    self.keys = keys
    pathRule = service == "s3" ? .asSent : .normalizedAndEncodedTwice
  }

  /// The headers to send in addition, all of them but `Authorization` covered by the signature.
  func headers(
    for request: SignableRequest, credentials: Credentials, at moment: Timestamp
  ) -> [(name: String, value: String)] {
    let date = moment.basic
    var added = [(name: "X-Amz-Date", value: date)]
    // A word instead of a hash is something only the request itself can tell the service.
    let isWord = request.payloadHash.contains("-")
    if service == "s3" || isWord { added.append(("x-amz-content-sha256", request.payloadHash)) }
    if let token = credentials.sessionToken { added.append(("X-Amz-Security-Token", token)) }
    var signed = request
    signed.headers += added
    let canonical = CanonicalRequest(signed, pathRule: pathRule)
    let signature = signature(of: canonical, date: date, secret: credentials.secretKey)
    let authorization =
      "AWS4-HMAC-SHA256 Credential=\(credentials.keyID)/\(scope(date)), "
      + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
    return added + [("Authorization", authorization)]
  }

  /// `request` with the signature in its query, for somebody who has no credentials.
  ///
  /// - Parameter lifetime: 1 s to 7 days.
  func presigned(
    _ request: SignableRequest, credentials: Credentials, at moment: Timestamp, lifetime: TimeSpan
  ) -> SignableRequest {
    let date = moment.basic
    var signed = request
    signed.query += [
      ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"), ("X-Amz-Credential", "\(credentials.keyID)/\(scope(date))"),
      ("X-Amz-Date", date), ("X-Amz-Expires", String(Int(lifetime.seconds))),
      ("X-Amz-SignedHeaders", CanonicalRequest(request, pathRule: pathRule).signedHeaders),
    ]
    if let token = credentials.sessionToken { signed.query.append(("X-Amz-Security-Token", token)) }
    let canonical = CanonicalRequest(signed, pathRule: pathRule)
    let signature = signature(of: canonical, date: date, secret: credentials.secretKey)
    signed.query.append(("X-Amz-Signature", signature))
    return signed
  }

  private func scope(_ date: String) -> String { "\(date.prefix(8))/\(region)/\(service)/aws4_request" }

  private func signature(of canonical: CanonicalRequest, date: String, secret: String) -> String {
    let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope(date))\n\(canonical.hash)"
    let key = keys.key(secret: secret, day: String(date.prefix(8)), region: region, service: service)
    return Hex.encode(HMAC.sha256(key: key, text))
  }
}

/// Derived keys, kept for as long as they are of use: a day, one set of credentials.
final class SigningKeys: Sendable {
  private struct Name: Hashable {
    let secret: String
    let day: String
    let region: String
    let service: String
  }

  private let known = Lock([Name: [UInt8]]())

  func key(secret: String, day: String, region: String, service: String) -> [UInt8] {
    let name = Name(secret: secret, day: day, region: region, service: service)
    if let key = known.withLock({ $0[name] }) { return key }
    let parts = [day, region, service, "aws4_request"]
    let key = parts.reduce(Array("AWS4\(secret)".utf8)) { HMAC.sha256(key: $0, $1) }
    known.withLock { known in
      // Old days and replaced credentials are of no use any more.
      if known.count >= 32 { known = [:] }
      known[name] = key
    }
    return key
  }
}
