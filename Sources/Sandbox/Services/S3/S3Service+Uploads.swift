internal import Core

/// Uploads in parts.
extension S3Service {
  private static let noUpload = ServiceError(
    404, "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."
  )
  /// The least bytes of a part that is not the last.
  private static let smallestPart = 5 << 20

  func answerUpload(_ operation: S3Operation, _ request: HTTPRequest) throws(ServiceError) -> HTTPResponse {
    let id = request.parameter("uploadId") ?? ""
    let result: Result<HTTPResponse, ServiceError>
    do throws(SystemError) {
      switch operation.name {
      case "CreateMultipartUpload":
        let begun = try uploads.begin(bucket: operation.bucket, key: operation.key)
        result = .success(
          document(
            "InitiateMultipartUploadResult",
            [("Bucket", operation.bucket), ("Key", operation.key), ("UploadId", begun)]))
      case "UploadPart": result = try put(id, operation, request)
      case "CompleteMultipartUpload": result = try complete(id, operation, request)
      default:
        let isEnded = try uploads.end(id, bucket: operation.bucket, key: operation.key)
        result = .success(
          isEnded ? HTTPResponse(status: 204) : ServiceProtocol.restXML.response(Self.noUpload))
      }
    } catch {
      throw ServiceError(500, "InternalError", "The sandbox \(error)")
    }
    return try result.get()
  }

  private func put(
    _ id: String, _ operation: S3Operation, _ request: HTTPRequest
  ) throws(SystemError) -> Result<HTTPResponse, ServiceError> {
    guard let number = request.parameter("partNumber").flatMap({ Int($0) }), (1...10_000).contains(number)
    else {
      return .failure(
        ServiceError(400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive"))
    }
    let body: [UInt8]
    do throws(ServiceError) {
      body = try content(of: request)
    } catch {
      return .failure(error)
    }
    guard try uploads.put(body, number: number, of: id, bucket: operation.bucket, key: operation.key) else {
      return .failure(Self.noUpload)
    }
    return .success(HTTPResponse(status: 200, headers: ["etag": "\"\(Self.tag(body))\""]))
  }

  private func complete(
    _ id: String, _ operation: S3Operation, _ request: HTTPRequest
  ) throws(SystemError) -> Result<HTTPResponse, ServiceError> {
    guard let named = Self.parts(request.body), !named.isEmpty else {
      return .failure(
        ServiceError(
          400, "MalformedXML",
          "The XML you provided was not well-formed or did not validate against our published schema"))
    }
    guard zip(named, named.dropFirst()).allSatisfy({ $0.number < $1.number }) else {
      return .failure(
        ServiceError(
          400, "InvalidPartOrder",
          "The list of parts was not in ascending order. The parts list must be specified in order by part number."
        ))
    }
    guard
      let kept = try uploads.parts(named.map(\.number), of: id, bucket: operation.bucket, key: operation.key)
    else {
      return .failure(Self.noUpload)
    }
    var bytes: [UInt8] = []
    for (index, (part, content)) in zip(named, kept).enumerated() {
      guard let content, part.tag.filter(\.isHexDigit) == Self.tag(content) else {
        return .failure(
          ServiceError(400, "InvalidPart", "One or more of the specified parts could not be found."))
      }
      guard index == kept.count - 1 || content.count >= Self.smallestPart else {
        return .failure(
          ServiceError(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        )
      }
      bytes += content
    }
    guard bytes.count <= SizeLimits.body else {
      return .failure(
        ServiceError(400, "EntityTooLarge", "The sandbox keeps no objects beyond \(SizeLimits.body) bytes"))
    }
    try objects.put(bytes, bucket: operation.bucket, key: operation.key)
    _ = try uploads.end(id, bucket: operation.bucket, key: operation.key)
    let tag = "\(Self.tag(bytes))-\(named.count)"
    tell(
      Happening(
        event: "ObjectCreated:CompleteMultipartUpload", bucket: operation.bucket, key: operation.key,
        size: bytes.count, tag: tag, reason: "CompleteMultipartUpload"))
    return .success(
      document(
        "CompleteMultipartUploadResult",
        [("Bucket", operation.bucket), ("Key", operation.key), ("ETag", "\"\(tag)\"")]))
  }

  /// The parts that a client names; nil for what is no list of them.
  private static func parts(_ body: [UInt8]) -> [(number: Int, tag: String)]? {
    guard let root = XMLNode(parsing: body), root.name == "CompleteMultipartUpload" else { return nil }
    var parts: [(number: Int, tag: String)] = []
    for node in root.all("Part") {
      guard let number = node.value("PartNumber").flatMap({ Int($0) }), let tag = node.value("ETag") else {
        return nil
      }
      parts.append((number, tag))
    }
    return parts
  }

  private func document(_ name: String, _ members: [(String, String)]) -> HTTPResponse {
    let inner = members.map { "<\($0.0)>\(WireValue.escape($0.1))</\($0.0)>" }.joined()
    let text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(name) xmlns=\"\(NotificationConfiguration.namespace)\">\(inner)</\(name)>"
    return HTTPResponse(status: 200, headers: ["content-type": "application/xml"], body: Array(text.utf8))
  }
}
