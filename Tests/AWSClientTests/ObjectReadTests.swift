import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("Objects that are read, and written once")
struct ObjectReadTests {
  @Test("an object is read into memory or a file, at most so much of it, and one that is not there is none")
  func get() async throws {
    let folder = try TemporaryFolder()
    let server = try LoopbackServer { request, _ in
      request.path == "/pkg/there"
        ? .answer(200, "content")
        : .answer(404, [("Content-Type", "application/xml")], "<Error><Code>NoSuchKey</Code></Error>")
    }
    let s3 = try AWS.testing(server).s3
    #expect(try await s3.getObject(bucket: "pkg", key: "there", limit: 7) == Array("content".utf8))
    #expect(try await s3.getObject(bucket: "pkg", key: "none", limit: 7) == nil)
    let file = folder.path + "/got"
    #expect(try await s3.getObject(bucket: "pkg", key: "there", to: file, limit: 7))
    #expect(try folder.read("got") == "content")
    #expect(try await !s3.getObject(bucket: "pkg", key: "none", to: file, limit: 7))
    await #expect(throws: AWSError.self) { _ = try await s3.getObject(bucket: "pkg", key: "there", limit: 6) }
    await #expect(throws: AWSError.self) {
      _ = try await s3.getObject(bucket: "pkg", key: "there", to: file, limit: 6)
    }
  }

  @Test("a bucket that is not there is an error, not an object that is not there")
  func noBucket() async throws {
    let server = try LoopbackServer { _, _ in
      .answer(404, [("Content-Type", "application/xml")], "<Error><Code>NoSuchBucket</Code></Error>")
    }
    let s3 = try AWS.testing(server).s3
    await #expect(throws: AWSError.self) { _ = try await s3.getObject(bucket: "pkg", key: "a", limit: 7) }
  }

  @Test(
    "what is written once is asked for with If-None-Match, and stays where it is there or about to be",
    arguments: [200, 412, 409])
  func putOnce(status: Int) async throws {
    let server = try LoopbackServer { _, _ in
      status == 200
        ? .answer(200, "")
        : .answer(
          status, [("Content-Type", "application/xml")],
          "<Error><Code>ConditionalRequestConflict</Code></Error>")
    }
    let s3 = try AWS.testing(server).s3
    let isPut = try await s3.putObject(
      [1], bucket: "pkg", key: "a", contentType: "application/json", replaces: false)
    #expect(isPut == (status == 200))
    #expect(server.requests.first?["If-None-Match"] == "*")
    #expect(server.requests.first?["x-amz-checksum-sha256"] == SHA256.digest(of: [1]).base64)
  }
}
