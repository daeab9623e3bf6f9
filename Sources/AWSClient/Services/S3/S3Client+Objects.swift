internal import Core

extension S3Client {
  /// The longest silence while an object comes: what may take minutes at the rate of a slow line.
  private static let longestSilence = TimeSpan.minutes(10)

  /// The bytes of an object; nil when there is none. Who may not list the bucket is refused instead.
  ///
  /// - Parameters:
  ///   - limit: the most bytes to accept.
  ///   - expectedOwner: the account that the bucket must belong to; any when nil.
  package func getObject(
    bucket: String, key: String, limit: Int, expectedOwner: String? = nil
  ) async throws(AWSError) -> [UInt8]? {
    try await get(bucket, key, into: .memory(limit: limit), expectedOwner)?.body
  }

  /// Copies an object to the file at `path`, which is made or emptied first; false when there is no such object.
  ///
  /// - Parameters:
  ///   - limit: the most bytes to accept.
  ///   - expectedOwner: the account that the bucket must belong to; any when nil.
  package func getObject(
    bucket: String, key: String, to path: String, limit: Int, expectedOwner: String? = nil
  ) async throws(AWSError) -> Bool {
    try await get(bucket, key, into: .file(path: path, limit: limit), expectedOwner) != nil
  }

  private func get(
    _ bucket: String, _ key: String, into sink: HTTPRequest.Sink, _ expectedOwner: String?
  ) async throws(AWSError) -> HTTPResponse? {
    var request = ObjectRequest(operation: "GetObject", method: "GET", bucket: bucket, key: key)
    request.sink = sink
    if case .file = sink { request.stallTimeout = Self.longestSilence }
    do throws(CallFailure) {
      return try await send(request, expectedOwner).response
    } catch {
      if error.error.fault?.code == "NoSuchKey" { return nil }
      throw error.error
    }
  }

  /// Puts bytes under a key.
  ///
  /// - Parameters:
  ///   - replaces: whether an object that is there is replaced; else it stays.
  ///   - expectedOwner: the account that the bucket must belong to; any when nil.
  /// - Returns: false when there was one, which stays. Where an answer was lost that may have been this one.
  package func putObject(
    _ bytes: [UInt8], bucket: String, key: String, contentType: String, replaces: Bool,
    expectedOwner: String? = nil
  ) async throws(AWSError) -> Bool {
    var request = ObjectRequest(operation: "PutObject", method: "PUT", bucket: bucket, key: key)
    request.body = .bytes(bytes)
    request.digest = SHA256.digest(of: bytes)
    request.headers = [("Content-Type", contentType)]
    if !replaces { request.headers.append(("If-None-Match", "*")) }
    do throws(CallFailure) {
      _ = try await send(request, expectedOwner)
      return true
    } catch {
      // 409: another is about to put one there.
      let isThere = error.error.isPreconditionFailed || error.error.fault?.status == 409
      if !replaces, isThere { return false }
      throw error.error
    }
  }
}
