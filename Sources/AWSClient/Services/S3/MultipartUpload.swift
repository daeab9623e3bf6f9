internal import Core

/// One file on its way to S3 in parts.
struct MultipartUpload: Sendable {
  let client: S3Client
  let path: String
  let length: Int
  let bucket: String
  let key: String
  let expectedOwner: String?
  /// Bytes of each part but the last.
  let partSize: Int

  private struct Part: Sendable {
    /// From 1.
    let number: Int
    /// As S3 has given it, with its quotes.
    let tag: String
    let checksum: String
  }

  func run() async throws(AWSError) -> UploadResult {
    let id = try await start()
    do throws(AWSError) {
      let parts = try await sendParts(id)
      return try await complete(id, parts)
    } catch {
      await abort(id)
      throw error
    }
  }

  private var partCount: Int { (length + partSize - 1) / partSize }

  private func start() async throws(AWSError) -> String {
    var request = ObjectRequest(operation: "CreateMultipartUpload", method: "POST", bucket: bucket, key: key)
    request.query = [("uploads", "")]
    request.headers = [("Content-Type", "application/zip"), ("x-amz-checksum-algorithm", "SHA256")]
    request.expects = .xml("UploadId")
    return XML.text(of: "UploadId", in: try await send(request).bodyText) ?? ""
  }

  private func sendParts(_ id: String) async throws(AWSError) -> [Part] {
    let result = await withTaskGroup(of: Result<Part, AWSError>.self) { group -> Result<[Part], AWSError> in
      var parts: [Part] = []
      var next = 1
      while next <= min(client.parallel, partCount) {
        let number = next
        group.addTask { await self.part(number, of: id) }
        next += 1
      }
      while let result = await group.next() {
        switch result {
        case .success(let part): parts.append(part)
        case .failure(let error):
          group.cancelAll()
          await group.waitForAll()
          return .failure(error)
        }
        if next <= partCount {
          let number = next
          group.addTask { await self.part(number, of: id) }
          next += 1
        }
      }
      return .success(parts.sorted { $0.number < $1.number })
    }
    return try result.get()
  }

  private func part(_ number: Int, of id: String) async -> Result<Part, AWSError> {
    let offset = (number - 1) * partSize
    var request = ObjectRequest(operation: "UploadPart", method: "PUT", bucket: bucket, key: key)
    request.query = [("partNumber", "\(number)"), ("uploadId", id)]
    request.body = HTTPBody(segments: [
      .file(path: path, offset: offset, length: min(partSize, length - offset))
    ])
    let digest: Digest
    do throws(SystemError) {
      digest = try await request.body.digest().get()
    } catch {
      return .failure(.localFile("\(error)"))
    }
    request.digest = digest
    do throws(AWSError) {
      guard let tag = try await send(request).headers["ETag"] else {
        throw .malformedAnswer(operation: "S3 UploadPart", endpoint: bucket, reason: "it has no ETag")
      }
      return .success(Part(number: number, tag: tag, checksum: digest.base64))
    } catch {
      return .failure(error)
    }
  }

  private func complete(_ id: String, _ parts: [Part]) async throws(AWSError) -> UploadResult {
    var request = ObjectRequest(
      operation: "CompleteMultipartUpload", method: "POST", bucket: bucket, key: key)
    request.query = [("uploadId", id)]
    request.headers = [("Content-Type", "application/xml")]
    request.body = .text(Self.document(parts))
    // What is around it has another name in some emulators.
    request.expects = .xml("ETag")
    do throws(CallFailure) {
      let response = try await client.send(request, expectedOwner).response
      return UploadResult(wasPresent: false, version: response.headers["x-amz-version-id"])
    } catch {
      // The upload is gone because an earlier attempt has completed it.
      guard error.lostAnswer, error.error.fault?.code == "NoSuchUpload",
        let present = try await client.headObject(bucket: bucket, key: key, expectedOwner: expectedOwner),
        present.length == length
      else { throw error.error }
      return UploadResult(wasPresent: false, version: present.version)
    }
  }

  private static func document(_ parts: [Part]) -> String {
    let elements = parts.map { part in
      "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(XML.escaped(part.tag))</ETag>"
        + "<ChecksumSHA256>\(part.checksum)</ChecksumSHA256></Part>"
    }
    return "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(elements.joined())"
      + "</CompleteMultipartUpload>"
  }

  /// Parts that are left behind cost money until somebody removes them. Done in a task of its own, because
  /// the present one may be cancelled.
  private func abort(_ id: String) async {
    var request = ObjectRequest(operation: "AbortMultipartUpload", method: "DELETE", bucket: bucket, key: key)
    request.query = [("uploadId", id)]
    let last = request
    await Task { _ = try? await client.send(last, expectedOwner) }.value
  }

  private func send(_ request: ObjectRequest) async throws(AWSError) -> HTTPResponse {
    do throws(CallFailure) {
      return try await client.send(request, expectedOwner).response
    } catch {
      throw error.error
    }
  }
}
