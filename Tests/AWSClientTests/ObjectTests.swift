import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("S3")
struct ObjectTests {
  /// A bucket that behaves as S3 does.
  private final class Bucket: Sendable {
    struct State {
      var objects: [String: [UInt8]] = [:]
      var parts: [String: [UInt8]] = [:]
      var wrongChecksums = 0
      var aborted = false
    }

    let state = Lock(State())
    /// Asked first; nil lets the bucket answer.
    let fault: @Sendable (ReceivedRequest) -> Reaction?

    init(fault: @escaping @Sendable (ReceivedRequest) -> Reaction? = { _ in nil }) {
      self.fault = fault
    }

    func react(_ request: ReceivedRequest) -> Reaction {
      if let reaction = fault(request) { return reaction }
      let query = request.target.split(separator: "?").dropFirst().first.map(String.init) ?? ""
      return state.withLock { state in
        if request.method == "PUT" {
          let digest = SHA256.digest(of: request.body)
          let isRight =
            request["x-amz-checksum-sha256"] == digest.base64 && request["x-amz-content-sha256"] == digest.hex
          if !isRight { state.wrongChecksums += 1 }
        }
        switch (request.method, query) {
        case ("HEAD", ""):
          guard let object = state.objects[request.path] else { return .answer(404, "") }
          // The length of a HEAD answer is the object's, which the server takes from the body.
          return .answer(200, [("x-amz-version-id", "v1")], String(decoding: object, as: UTF8.self))
        case ("PUT", ""):
          state.objects[request.path] = request.body
          return .answer(200, [("ETag", "\"tag\""), ("x-amz-version-id", "v2")], "")
        case ("POST", "uploads="):
          return .answer(
            200, "<InitiateMultipartUploadResult><UploadId>up/1</UploadId></InitiateMultipartUploadResult>")
        case ("PUT", _):
          state.parts[query] = request.body
          return .answer(200, [("ETag", "\"\(query.prefix { $0 != "&" })\"")], "")
        case ("POST", _):
          let parts = state.parts.sorted { $0.key < $1.key }
          state.objects[request.path] = parts.flatMap(\.value)
          return .answer(
            200,
            "<?xml version=\"1.0\"?>\n \n<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>"
          )
        case ("DELETE", _):
          state.aborted = true
          return .answer(204, "")
        default: return .answer(405, "")
        }
      }
    }
  }

  private func server(_ bucket: Bucket) throws -> LoopbackServer {
    try LoopbackServer { request, _ in bucket.react(request) }
  }

  private func upload(
    _ server: LoopbackServer, _ path: String, partSize: Int = 1000
  ) async throws -> UploadResult {
    try await AWS.testing(server).s3.upload(
      file: path, bucket: "pkg", key: "lamctl/orders/ab c.zip", expectedOwner: "123456789012",
      threshold: 3000,
      partSize: partSize)
  }

  private let path = "/pkg/lamctl/orders/ab%20c.zip"

  @Test("a small file is looked for, then put with its checksum and the bucket's owner")
  func put() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("f", "content")
    let bucket = Bucket()
    let server = try server(bucket)
    let result = try await upload(server, file)
    #expect(result == UploadResult(wasPresent: false, version: "v2"))
    #expect(server.requests.map(\.method) == ["HEAD", "PUT"])
    #expect(server.requests.allSatisfy { $0["x-amz-expected-bucket-owner"] == "123456789012" })
    #expect(server.requests.allSatisfy { $0["Authorization"]?.contains("/s3/aws4_request") == true })
    #expect(bucket.state.withLock { $0.objects[path] } == Array("content".utf8))
    #expect(bucket.state.withLock { $0.wrongChecksums } == 0)
  }

  @Test("what is there already is not sent again; another length under the key is")
  func present() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("f", "content")
    let bucket = Bucket()
    bucket.state.withLock { $0.objects[path] = Array("CONTENT".utf8) }
    let server = try server(bucket)
    #expect(try await upload(server, file) == UploadResult(wasPresent: true, version: "v1"))
    #expect(server.requests.count == 1)
    bucket.state.withLock { $0.objects[path] = [1] }
    #expect(try await upload(server, file).wasPresent == false)
  }

  @Test("who may not list the bucket can still write")
  func notListable() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("f", "content")
    let bucket = Bucket { $0.method == "HEAD" ? .answer(403, "") : nil }
    #expect(try await upload(server(bucket), file).wasPresent == false)
  }

  private func largeFile(_ folder: TemporaryFolder) throws -> (path: String, content: String) {
    let content = String((0..<4321).map { Character(UnicodeScalar(UInt8(97 + $0 % 26))) })
    return (try folder.write("large", content), content)
  }

  @Test("a large file goes in parts that are put together in order, each with its checksum")
  func parts() async throws {
    let folder = try TemporaryFolder()
    let (file, content) = try largeFile(folder)
    let bucket = Bucket()
    let server = try server(bucket)
    _ = try await upload(server, file)
    #expect(bucket.state.withLock { $0.objects[path] } == Array(content.utf8))
    #expect(bucket.state.withLock { $0.wrongChecksums } == 0)
    let complete = try #require(server.requests.last)
    #expect(complete.target.hasSuffix("?uploadId=up%2F1"))
    let numbers = XML.elements("PartNumber", in: complete.bodyText)
    #expect(numbers == ["1", "2", "3", "4", "5"])
    #expect(XML.elements("ETag", in: complete.bodyText).first == "&quot;partNumber=1&quot;")
    #expect(XML.elements("ChecksumSHA256", in: complete.bodyText).count == 5)
    #expect(
      server.requests.first { $0.target.hasSuffix("?uploads=") }?["x-amz-checksum-algorithm"] == "SHA256")
  }

  @Test("a part that fails for good ends the upload, and S3 drops the others")
  func failingPart() async throws {
    let folder = try TemporaryFolder()
    let (file, _) = try largeFile(folder)
    let bucket = Bucket { request in
      request.target.contains("partNumber=3")
        ? .answer(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>") : nil
    }
    let server = try server(bucket)
    await #expect(throws: AWSError.self) { try await upload(server, file) }
    #expect(bucket.state.withLock { $0.aborted })
    #expect(!server.requests.contains { $0.method == "POST" && $0.target.contains("uploadId") })
  }

  @Test("cancelling drops the parts that are there")
  func cancelled() async throws {
    let folder = try TemporaryFolder()
    let (file, _) = try largeFile(folder)
    let bucket = Bucket { $0.target.contains("partNumber=2") ? .stall("") : nil }
    let server = try server(bucket)
    let task = Task { try await upload(server, file) }
    #expect(await eventually { server.requests.contains { $0.target.contains("partNumber=2") } })
    task.cancel()
    await #expect(throws: AWSError.self) { try await task.value }
    #expect(bucket.state.withLock { $0.aborted })
  }

  @Test(
    "an error inside a good answer to the completion is an error, and is tried again when it may pass",
    arguments: [
      ("InternalError", true), ("InvalidPart", false),
    ])
  func errorInside(code: String, succeeds: Bool) async throws {
    let folder = try TemporaryFolder()
    let (file, _) = try largeFile(folder)
    let failed = Lock(false)
    let bucket = Bucket { request in
      guard request.method == "POST", request.target.contains("uploadId") else { return nil }
      let isFirst = failed.withLock { failed in
        defer { failed = true }
        return !failed
      }
      let body = "<?xml version=\"1.0\"?>\n  \n<Error><Code>\(code)</Code><Message>m</Message></Error>"
      return isFirst || !succeeds ? .answer(200, body) : nil
    }
    let server = try server(bucket)
    do {
      _ = try await upload(server, file)
      #expect(succeeds)
    } catch {
      #expect(!succeeds)
      #expect((error as? AWSError)?.fault?.code == code)
      #expect(bucket.state.withLock { $0.aborted })
    }
  }

  @Test("a completion whose answer was lost is recognised by the object")
  func lostCompletion() async throws {
    let folder = try TemporaryFolder()
    let (file, _) = try largeFile(folder)
    let completions = Lock(0)
    let bucket = Bucket { request in
      guard request.method == "POST", request.target.contains("uploadId") else { return nil }
      let count = completions.withLock { count in
        count += 1
        return count
      }
      return count == 1 ? nil : .answer(404, "<Error><Code>NoSuchUpload</Code></Error>")
    }
    let server = try LoopbackServer { request, _ in
      let reaction = bucket.react(request)
      let isFirstCompletion =
        request.method == "POST" && request.target.contains("uploadId") && completions.withLock { $0 } == 1
      return isFirstCompletion ? .hangUp : reaction
    }
    #expect(try await upload(server, file).version == "v1")
    #expect(!bucket.state.withLock { $0.aborted })
  }

  @Test("a bucket in another region is found, and remembered")
  func region() async throws {
    let server = try LoopbackServer { request, _ in
      if request["Authorization"]?.contains("/us-west-2/s3/") == true {
        return .answer(200, [("x-amz-bucket-region", "us-west-2")], "")
      }
      return request.method == "HEAD"
        ? .answer(301, [("x-amz-bucket-region", "us-west-2")], "")
        : .answer(400, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>us-west-2</Region></Error>")
    }
    let s3 = try AWS.testing(server).s3
    #expect(try await s3.bucketRegion("pkg") == "us-west-2")
    #expect(server.requests.count == 2)
    _ = try await s3.headObject(bucket: "pkg", key: "k")
    #expect(server.requests.count == 3)
  }

  @Test(
    "buckets stand in the host name where that works",
    arguments: [
      ("pkg-1", "https://s3.eu-west-1.amazonaws.com", "pkg-1.s3.eu-west-1.amazonaws.com", "/a//b/..%2B%20c"),
      (
        "my.bucket", "https://s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com",
        "/my.bucket/a//b/..%2B%20c"
      ),
      ("Old", "https://s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com", "/Old/a//b/..%2B%20c"),
    ])
  func addressing(bucket: String, base: String, host: String, path: String) {
    let endpoint = Endpoint(host: String(base.dropFirst(8)), region: "eu-west-1")
    let request = ObjectRequest(operation: "HeadObject", method: "HEAD", bucket: bucket, key: "a//b/..+ c")
    let call = request.call(at: endpoint, expectedOwner: nil)
    #expect(call.endpoint?.host == host)
    #expect(call.path == path)
  }
}
