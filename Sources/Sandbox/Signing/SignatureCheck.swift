internal import Core

/// Verifies Signature Version 4 of a request: the canonical request is built anew from what came over the wire.
struct SignatureCheck: Sendable {
  /// How far a request's date may be off, in either direction, from real or virtual time.
  static let tolerance = TimeSpan.minutes(15)

  let accessKey: String
  let secret: String

  /// Who signed, and for what.
  struct Scope: Sendable {
    let accessKey: String
    let day: String
    let region: String
    let service: String
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

  /// Verifies `request`.
  ///
  /// - Parameter clock: the sandbox's time. The request's date may be close to it or to the machine's; a request takes
  ///   real time to arrive, however fast the sandbox's goes by.
  /// - Throws: the ``ServiceError`` that AWS answers.
  func verify(_ request: HTTPRequest, clock: ScaledClock) throws(ServiceError) -> Scope {
    guard request.headers["authorization"] != nil else {
      throw ServiceError(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
    }
    guard let authorization = Self.authorization(of: request) else {
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
    guard let text = request.headers["x-amz-date"], let date = Timestamp(iso8601: text) else {
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
    let payload = try payloadHash(of: request)
    let canonical = Self.canonicalRequest(
      request, authorization.signedHeaders, scope.service, payload: payload)
    let scopeText = "\(scope.day)/\(scope.region)/\(scope.service)/aws4_request"
    let toSign = "AWS4-HMAC-SHA256\n\(text)\n\(scopeText)\n\(SHA256.digest(of: canonical).hex)"
    guard Hex.encode(HMAC.sha256(key: signingKey(scope), toSign)) == authorization.signature else {
      throw mismatch(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
          + "Access Key and signing method. Consult the service documentation for details.")
    }
    return scope
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
    if let named, named.hasPrefix("UNSIGNED-PAYLOAD") || named.hasPrefix("STREAMING-") { return named }
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
      request.method, canonicalPath(request.path, service: service), canonicalQuery(request.query),
      headers.joined(), signed.joined(separator: ";"), payload,
    ].joined(separator: "\n")
  }

  /// All services but S3 sign the wire's path encoded once more, without dot segments and doubled slashes.
  private static func canonicalPath(_ path: String, service: String) -> String {
    if service == "s3" { return Percent.encode(Percent.decode(path), keepSlash: true) }
    var segments: [Substring] = []
    for segment in path.split(separator: "/") where segment != "." {
      if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
    }
    let trailing = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
    return "/" + segments.map { Percent.encode($0) }.joined(separator: "/") + trailing
  }

  private static func canonicalQuery(_ query: String) -> String {
    query.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count > 1 ? Percent.encode(Percent.decode(parts[1], plusIsSpace: true)) : ""
      return (Percent.encode(Percent.decode(parts[0], plusIsSpace: true)), value)
    }.sorted { a, b in
      a.0 == b.0
        ? a.1.utf8.lexicographicallyPrecedes(b.1.utf8) : a.0.utf8.lexicographicallyPrecedes(b.0.utf8)
    }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  private static func collapsed(_ value: String) -> String {
    value.split(separator: " ").joined(separator: " ")
  }
}
