internal import Core

/// A request about a bucket or an object in it, before it is known where the bucket is.
struct ObjectRequest: Sendable {
  let operation: String
  let method: String
  let bucket: String
  /// Nil for the bucket itself.
  let key: String?
  var query: [(name: String, value: String)] = []
  var headers: [(name: String, value: String)] = []
  var body = HTTPBody.none
  /// The body's SHA-256, when it is known already; sent as a checksum too.
  var digest: Digest?
  var expects = APICall.Expectation.anything
  var sink = HTTPRequest.Sink.memory(limit: 64 << 20)
  /// The longest silence of the service; nil for the usual one.
  var stallTimeout: TimeSpan?

  /// Host names cannot carry every bucket's name, and addresses and emulators have no names for buckets.
  private func isInPath(at endpoint: Endpoint) -> Bool {
    endpoint.origin != nil || endpoint.isAddress
      || !bucket.utf8.allSatisfy {
        (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
      }
  }

  func call(at endpoint: Endpoint, expectedOwner: String?) -> APICall {
    var call = APICall(service: .s3, operation: operation, method: method, body: body, expects: expects)
    var place = endpoint
    let object = key.map { PercentEncoding.encode(path: $0) } ?? ""
    if isInPath(at: endpoint) {
      call.path = "/\(PercentEncoding.encode(bucket))" + (key == nil ? "" : "/\(object)")
    } else {
      place.host = "\(bucket).\(endpoint.host)"
      call.path = "/\(object)"
    }
    call.endpoint = place
    call.query = query
    call.sink = sink
    call.stallTimeout = stallTimeout
    call.headers = headers
    if let expectedOwner { call.headers.append(("x-amz-expected-bucket-owner", expectedOwner)) }
    if let digest {
      call.payloadHash = digest.hex
      call.headers.append(("x-amz-checksum-sha256", digest.base64))
    }
    call.resource = "s3://\(bucket)" + (key.map { "/\($0)" } ?? "")
    return call
  }
}
