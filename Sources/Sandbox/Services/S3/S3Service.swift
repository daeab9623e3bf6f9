internal import Core

/// Which operation of S3 a request is, with a bucket in its path.
struct S3Operation: Sendable {
  let name: String
  let bucket: String
  let key: String

  init(_ request: HTTPRequest) {
    let slash = UInt8(ascii: "/")
    let path = request.path.utf8.drop { $0 == slash }
    let end = path.firstIndex(of: slash) ?? path.endIndex
    bucket = Percent.decode(String(Substring(path[..<end])))
    key = Percent.decode(String(Substring(path[end...].dropFirst())))
    let isObject = !key.isEmpty
    let isCopy = request.headers["x-amz-copy-source"] != nil
    switch request.method {
    case "PUT" where isObject && isCopy && request.parameter("uploadId") == nil: name = "CopyObject"
    case "PUT" where isObject && !isCopy && request.parameter("uploadId") != nil: name = "UploadPart"
    case "PUT" where request.query.isEmpty || request.query.hasPrefix("x-id="):
      name = isObject ? "PutObject" : "CreateBucket"
    case "GET" where !isObject && Self.isNotification(request.query):
      name = "GetBucketNotificationConfiguration"
    case "PUT" where !isObject && Self.isNotification(request.query):
      name = "PutBucketNotificationConfiguration"
    case "POST" where isObject && (request.query == "uploads" || request.query == "uploads="):
      name = "CreateMultipartUpload"
    case "POST" where isObject && request.parameter("uploadId") != nil: name = "CompleteMultipartUpload"
    case "DELETE" where isObject && request.parameter("uploadId") != nil: name = "AbortMultipartUpload"
    case "GET" where isObject && !request.query.contains("upload"): name = "GetObject"
    case "HEAD": name = isObject ? "HeadObject" : "HeadBucket"
    case "DELETE" where isObject && !request.query.contains("upload"): name = "DeleteObject"
    case "GET" where request.query.hasPrefix("location"): name = "GetBucketLocation"
    default: name = "\(request.method) \(request.query)"
    }
  }

  private static func isNotification(_ query: String) -> Bool {
    query == "notification" || query == "notification="
  }
}

/// S3, as far as packages need it.
struct S3Service: Sendable {
  let objects: ObjectStore
  let uploads: UploadStore
  let notifications: NotificationStore
  let routes: EventRoutes
  let arns: ARNs
  let clock: ScaledClock
  let log: @Sendable (String) -> Void

  private var region: String { arns.region }

  func answer(_ operation: S3Operation, _ request: HTTPRequest) -> HTTPResponse {
    let bodiless = request.method == "HEAD"
    guard ObjectStore.isName(operation.bucket) else {
      return failure(400, "InvalidBucketName", "The specified bucket is not valid.", bodiless)
    }
    if operation.name == "CreateBucket" {
      return stored(headers: ["location": "/\(operation.bucket)"]) { () throws(SystemError) in
        try objects.createBucket(operation.bucket)
      }
    }
    guard objects.bucketExists(operation.bucket) else {
      return failure(404, "NoSuchBucket", "The specified bucket does not exist", bodiless)
    }
    if let owner = request.headers["x-amz-expected-bucket-owner"], owner != arns.account {
      return failure(403, "AccessDenied", "Access Denied", bodiless)
    }
    switch operation.name {
    case "GetBucketNotificationConfiguration": return getNotifications(operation.bucket)
    case "PutBucketNotificationConfiguration":
      do throws(ServiceError) {
        return try putNotifications(operation.bucket, request)
      } catch {
        return ServiceProtocol.restXML.response(error)
      }
    case "CopyObject": return copy(operation, request)
    case "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload":
      do throws(ServiceError) {
        return try answerUpload(operation, request)
      } catch {
        return ServiceProtocol.restXML.response(error)
      }
    case "HeadBucket": return HTTPResponse(status: 200, headers: ["x-amz-bucket-region": region])
    case "GetBucketLocation":
      let place = region == "us-east-1" ? "" : region
      let text =
        "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(place)</LocationConstraint>"
      return HTTPResponse(status: 200, headers: ["content-type": "application/xml"], body: Array(text.utf8))
    case "PutObject": return put(operation, request)
    case "GetObject", "HeadObject": return get(operation, bodiless)
    case "DeleteObject": return delete(operation)
    default:
      return failure(
        501, "NotImplemented", "The sandbox does not know the S3 operation \(operation.name)", bodiless)
    }
  }

  /// What a request brings, held against the checksum that comes with it.
  func content(of request: HTTPRequest) throws(ServiceError) -> [UInt8] {
    var body = request.body
    if request.headers["content-encoding"]?.contains("aws-chunked") == true {
      guard let decoded = Self.decodeChunks(body) else {
        throw ServiceError(400, "IncompleteBody", "The request body terminated unexpectedly")
      }
      body = decoded
    }
    if let sum = request.headers["x-amz-checksum-sha256"], sum != SHA256.digest(of: body).base64 {
      throw ServiceError(
        400, "BadDigest", "The SHA256 you specified did not match the calculated checksum.")
    }
    return body
  }

  private func put(_ operation: S3Operation, _ request: HTTPRequest) -> HTTPResponse {
    let body: [UInt8]
    do throws(ServiceError) {
      body = try content(of: request)
    } catch {
      return ServiceProtocol.restXML.response(error)
    }
    let headers: HTTPHeaders = ["etag": "\"\(Self.tag(body))\""]
    let happening = made(body, operation, "ObjectCreated:Put", "PutObject")
    switch request.headers["if-none-match"] {
    case nil:
      return stored(headers: headers, happening) { () throws(SystemError) in
        try objects.put(body, bucket: operation.bucket, key: operation.key)
      }
    case "*":
      do throws(SystemError) {
        if try objects.create(body, bucket: operation.bucket, key: operation.key) {
          tell(happening)
          return HTTPResponse(status: 200, headers: headers)
        }
      } catch {
        return failure(500, "InternalError", "The sandbox \(error)", false)
      }
      return failure(
        412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", false)
    default:
      return failure(
        501, "NotImplemented", "A header you provided implies functionality that is not implemented", false)
    }
  }

  private func made(
    _ bytes: [UInt8], _ operation: S3Operation, _ event: String, _ reason: String
  ) -> Happening {
    Happening(
      event: event, bucket: operation.bucket, key: operation.key, size: bytes.count, tag: Self.tag(bytes),
      reason: reason)
  }

  /// What was not there is not told to be gone.
  private func delete(_ operation: S3Operation) -> HTTPResponse {
    let isThere = objects.get(bucket: operation.bucket, key: operation.key) != nil
    let happening = Happening(
      event: "ObjectRemoved:Delete", bucket: operation.bucket, key: operation.key, reason: "DeleteObject")
    return stored(status: 204, isThere ? happening : nil) { () throws(SystemError) in
      try objects.remove(bucket: operation.bucket, key: operation.key)
    }
  }

  private func copy(_ operation: S3Operation, _ request: HTTPRequest) -> HTTPResponse {
    let source = Percent.decode(request.headers["x-amz-copy-source"] ?? "").drop { $0 == "/" }
    let bucket = source.prefix { $0 != "/" }
    let key = String(source.dropFirst(bucket.count + 1))
    guard objects.bucketExists(String(bucket)) else {
      return failure(404, "NoSuchBucket", "The specified bucket does not exist", false)
    }
    guard let bytes = objects.get(bucket: String(bucket), key: key) else {
      return failure(404, "NoSuchKey", "The specified key does not exist.", false)
    }
    let text =
      "<CopyObjectResult xmlns=\"\(NotificationConfiguration.namespace)\"><ETag>&quot;\(Self.tag(bytes))&quot;</ETag>"
      + "<LastModified>\(clock.now().iso8601)</LastModified></CopyObjectResult>"
    var response = stored(
      headers: ["content-type": "application/xml"], made(bytes, operation, "ObjectCreated:Copy", "CopyObject")
    ) { () throws(SystemError) in
      try objects.put(bytes, bucket: operation.bucket, key: operation.key)
    }
    if response.status == 200 { response.body = Array(text.utf8) }
    return response
  }

  private func get(_ operation: S3Operation, _ bodiless: Bool) -> HTTPResponse {
    guard let bytes = objects.get(bucket: operation.bucket, key: operation.key) else {
      return failure(404, "NoSuchKey", "The specified key does not exist.", bodiless)
    }
    let headers: HTTPHeaders = [
      "content-type": "binary/octet-stream", "content-length": String(bytes.count),
      "etag": "\"\(Self.tag(bytes))\"", "accept-ranges": "bytes",
    ]
    return HTTPResponse(status: 200, headers: headers, body: bytes)
  }

  /// An opaque tag of 32 digits; S3's own is a digest of the data only by chance.
  static func tag(_ bytes: [UInt8]) -> String { String(SHA256.digest(of: bytes).hex.prefix(32)) }

  /// The content of an aws-chunked body; its trailer's checksums are not looked at.
  static func decodeChunks(_ body: [UInt8]) -> [UInt8]? {
    var content: [UInt8] = []
    var index = 0
    while let end = body[index...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = String(decoding: body[index..<end], as: UTF8.self)
      guard let size = Int(line.prefix { $0.isHexDigit }, radix: 16) else { return nil }
      if size == 0 { return content }
      // What is left is counted first: a size near the largest number must not be added to anything.
      guard body.count - end - 1 >= 2, size <= body.count - end - 3 else { return nil }
      content += body[end + 1..<end + 1 + size]
      index = end + 1 + size + 2
    }
    return nil
  }

  private func stored(
    status: Int = 200, headers: HTTPHeaders = HTTPHeaders(), _ happening: Happening? = nil,
    _ body: () throws(SystemError) -> Void
  ) -> HTTPResponse {
    do throws(SystemError) {
      try body()
      if let happening { tell(happening) }
      return HTTPResponse(status: status, headers: headers)
    } catch {
      return failure(500, "InternalError", "The sandbox \(error)", false)
    }
  }

  private func failure(_ status: Int, _ code: String, _ message: String, _ bodiless: Bool) -> HTTPResponse {
    guard !bodiless else { return HTTPResponse(status: status) }
    return ServiceProtocol.restXML.response(ServiceError(status, code, message))
  }
}
