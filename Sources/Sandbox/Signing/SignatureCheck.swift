internal import Core

/// Verifies Signature Version 4 of a request: the canonical request is built anew from what came over the wire.
struct SignatureCheck: Sendable {
  /// How far a request's date may be off, in either direction, from real or virtual time.
  static let tolerance = TimeSpan.minutes(15)

  private let accessKey: String
  private let secret: String

  init(_ credentials: SandboxCredentials) {
    accessKey = credentials.accessKey
    secret = credentials.secret
  }

  /// Who signed, and for what.
  struct Scope: Sendable {
    let accessKey: String
    let day: String
    let region: String
    let service: String
  }

  /// What a request's head says about its signature, before anything is verified.
  struct Claim: Sendable {
    let scope: Scope
    fileprivate let signedHeaders: [String]
    fileprivate let signature: String
    /// `X-Amz-Date` as it was sent.
    fileprivate let date: String
  }

  private struct Authorization {
    let scope: Scope
    let signedHeaders: [String]
    let signature: String
  }

  /// The service that a request is meant for, read without verifying anything; nil when it is not signed.
  static func scope(of request: HTTPRequest) -> Scope? {
    authorization(of: request)?.scope
  }

  /// Reads who is said to have signed a request, and when; its body need not have come yet.
  ///
  /// - Parameter clock: the sandbox's time. The request's date may be close to it or to the machine's; a request takes
  ///   real time to arrive, however fast the sandbox's goes by.
  /// - Throws: the ``ServiceError`` that AWS answers to what cannot be right.
  func claim(of head: HTTPRequest, clock: ScaledClock) throws(ServiceError) -> Claim {
    guard head.headers["authorization"] != nil else {
      throw ServiceError(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
    }
    guard let authorization = Self.authorization(of: head) else {
      throw ServiceError(
        403, "IncompleteSignatureException",
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
          + "Authorization header requires 'SignedHeaders' parameter.")
    }
    let scope = authorization.scope
    guard scope.accessKey == accessKey else {
      throw ServiceError(
        403, "UnrecognizedClientException", "The security token included in the request is invalid.",
        queryCode: "InvalidClientTokenId")
    }
    guard authorization.signedHeaders.contains("host") else {
      throw mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    }
    guard let text = head.headers["x-amz-date"], Self.isBasicDate(text), let date = Timestamp(iso8601: text)
    else {
      throw ServiceError(
        403, "IncompleteSignatureException",
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    }
    guard scope.day == text.prefix(8) else {
      throw mismatch(
        "Credential should be scoped to a valid date. Date in Credential scope does not match YYYYMMDD from "
          + "ISO-8601 version of date from HTTP: '\(scope.day)' != '\(text.prefix(8))', from '\(text)'.")
    }
    try checkFreshness(date, clock: clock)
    return Claim(
      scope: scope, signedHeaders: authorization.signedHeaders, signature: authorization.signature, date: text
    )
  }

  /// Verifies `request`.
  ///
  /// - Throws: as ``claim(of:clock:)``, and for a signature that is another's.
  func verify(_ request: HTTPRequest, clock: ScaledClock) throws(ServiceError) -> Scope {
    let claim = try claim(of: request, clock: clock)
    let scope = claim.scope
    let payload = try payloadHash(of: request)
    let canonical = Self.canonicalRequest(request, claim.signedHeaders, scope.service, payload: payload)
    let scopeText = "\(scope.day)/\(scope.region)/\(scope.service)/aws4_request"
    let toSign = "AWS4-HMAC-SHA256\n\(claim.date)\n\(scopeText)\n\(SHA256.digest(of: canonical).hex)"
    let expected = Hex.encode(HMAC.sha256(key: signingKey(scope), toSign))
    guard Self.areEqual(expected, claim.signature) else {
      throw mismatch(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
          + "Access Key and signing method. Consult the service documentation for details.")
    }
    return scope
  }

  /// `20261121T054900Z` and nothing else: other forms of ISO 8601 are no dates of a signature.
  private static func isBasicDate(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 16 && bytes[8] == UInt8(ascii: "T") && bytes[15] == UInt8(ascii: "Z")
      && (bytes[..<8] + bytes[9..<15]).allSatisfy { (48...57).contains($0) }
  }

  /// Compares in a time that does not tell where two texts begin to differ.
  private static func areEqual(_ a: String, _ b: String) -> Bool {
    a.utf8.count == b.utf8.count && zip(a.utf8, b.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private func checkFreshness(_ date: Timestamp, clock: ScaledClock) throws(ServiceError) {
    let now = clock.now()
    let fromReal = (date - SystemClock().now()).seconds.magnitude
    let fromOwn = (date - now).seconds.magnitude / max(1, clock.speed)
    guard min(fromReal, fromOwn) > Self.tolerance.seconds else { return }
    if date < now {
      throw mismatch(
        "Signature expired: \(date.basic) is now earlier than \((now - Self.tolerance).basic) "
          + "(\(now.basic) - 15 min.)")
    }
    throw mismatch(
      "Signature not yet current: \(date.basic) is still later than \((now + Self.tolerance).basic) "
        + "(\(now.basic) + 15 min.)")
  }

  private func mismatch(_ message: String) -> ServiceError {
    ServiceError(403, "InvalidSignatureException", message, queryCode: "SignatureDoesNotMatch")
  }

  /// The hash that was signed: the named one, if it is that of the body, else the body's.
  private func payloadHash(of request: HTTPRequest) throws(ServiceError) -> String {
    let named = request.headers["x-amz-content-sha256"]
    if let named, named == "UNSIGNED-PAYLOAD" || named.hasPrefix("STREAMING-") { return named }
    let actual = SHA256.digest(of: request.body).hex
    guard named == nil || named == actual else {
      throw ServiceError(
        400, "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.")
    }
    return actual
  }

  private func signingKey(_ scope: Scope) -> [UInt8] {
    let day = HMAC.sha256(key: Array("AWS4\(secret)".utf8), scope.day)
    let region = HMAC.sha256(key: day, scope.region)
    return HMAC.sha256(key: HMAC.sha256(key: region, scope.service), "aws4_request")
  }

  private static func authorization(of request: HTTPRequest) -> Authorization? {
    guard let header = request.headers["authorization"], header.hasPrefix("AWS4-HMAC-SHA256") else {
      return nil
    }
    var fields: [String: String] = [:]
    for part in header.dropFirst("AWS4-HMAC-SHA256".count).split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1)
      if pair.count == 2 { fields[String(pair[0].drop { $0 == " " })] = String(pair[1]) }
    }
    guard let credential = fields["Credential"], let signed = fields["SignedHeaders"],
      let signature = fields["Signature"]
    else { return nil }
    let parts = credential.split(separator: "/")
    guard parts.count == 5, parts[4] == "aws4_request" else { return nil }
    return Authorization(
      scope: Scope(
        accessKey: String(parts[0]), day: String(parts[1]), region: String(parts[2]),
        service: String(parts[3])),
      signedHeaders: signed.split(separator: ";").map(String.init), signature: signature)
  }

  private static func canonicalRequest(
    _ request: HTTPRequest, _ signed: [String], _ service: String, payload: String
  ) -> String {
    let headers = signed.map { name in
      "\(name):\(request.headers.values(name).map(collapsed).joined(separator: ","))\n"
    }
    return [
      request.method, canonicalPath(request.path, service: service), canonicalQuery(request),
      headers.joined(), signed.joined(separator: ";"), payload,
    ].joined(separator: "\n")
  }

  /// All services but S3 sign the wire's path encoded once more, without dot segments and doubled slashes.
  private static func canonicalPath(_ path: String, service: String) -> String {
    let bytes = Array(path.utf8)
    if service == "s3" { return Percent.encode(Percent.decode(bytes[...]), keepSlash: true) }
    let slash = UInt8(ascii: "/")
    var segments: [ArraySlice<UInt8>] = []
    for segment in bytes.split(separator: slash) where !segment.elementsEqual(".".utf8) {
      if segment.elementsEqual("..".utf8) { _ = segments.popLast() } else { segments.append(segment) }
    }
    let trailing = bytes.last == slash && !segments.isEmpty ? "/" : ""
    return "/" + segments.map { Percent.encode($0) }.joined(separator: "/") + trailing
  }

  private static func canonicalQuery(_ request: HTTPRequest) -> String {
    let canonical = { (bytes: ArraySlice<UInt8>) in Percent.encode(Percent.decode(bytes, plusIsSpace: true)) }
    return request.rawParameters.map { (canonical($0.name), canonical($0.value)) }
      .sorted { a, b in
        a.0 == b.0
          ? a.1.utf8.lexicographicallyPrecedes(b.1.utf8) : a.0.utf8.lexicographicallyPrecedes(b.0.utf8)
      }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  private static func collapsed(_ value: String) -> String {
    value.split(separator: " ").joined(separator: " ")
  }
}
