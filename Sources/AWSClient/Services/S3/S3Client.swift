internal import Core

/// The operations of S3 that packages need. All throw ``AWSError``.
package struct S3Client: Sendable {
  let pipeline: Pipeline
  let parallel: Int
  private let regions = BucketRegions()

  init(pipeline: Pipeline, parallel: Int) {
    self.pipeline = pipeline
    self.parallel = parallel
  }

  /// What is known of an object without fetching it; nil when there is none.
  ///
  /// - Parameter expectedOwner: the account that the bucket must belong to; any when nil.
  package func headObject(
    bucket: String, key: String, expectedOwner: String? = nil
  ) async throws(AWSError) -> ObjectDescription? {
    let request = ObjectRequest(operation: "HeadObject", method: "HEAD", bucket: bucket, key: key)
    let response: HTTPResponse
    do throws(CallFailure) {
      response = try await send(request, expectedOwner).response
    } catch {
      if error.error.isNotFound { return nil }
      throw error.error
    }
    return ObjectDescription(
      length: response.headers["Content-Length"].flatMap { Int($0) } ?? 0,
      version: response.headers["x-amz-version-id"])
  }

  /// The region a bucket is in.
  package func bucketRegion(_ bucket: String, expectedOwner: String? = nil) async throws(AWSError) -> String {
    let request = ObjectRequest(operation: "HeadBucket", method: "HEAD", bucket: bucket, key: nil)
    do throws(CallFailure) {
      let answer = try await send(request, expectedOwner)
      return answer.response.headers["x-amz-bucket-region"] ?? regions[bucket] ?? pipeline.endpoints.region
    } catch {
      throw error.error
    }
  }

  /// Sends a request to where the bucket is, which a first answer may have to tell.
  func send(_ request: ObjectRequest, _ expectedOwner: String?) async throws(CallFailure) -> APIAnswer {
    let first = regions[request.bucket] ?? pipeline.endpoints.region
    do throws(CallFailure) {
      return try await pipeline.send(call(request, first, expectedOwner))
    } catch {
      guard let region = error.error.fault?.region, region != first else { throw error }
      regions[request.bucket] = region
      return try await pipeline.send(call(request, region, expectedOwner))
    }
  }

  private func call(
    _ request: ObjectRequest, _ region: String, _ expectedOwner: String?
  ) throws(CallFailure) -> APICall {
    let endpoint: Endpoint
    do throws(AWSError) {
      endpoint = try pipeline.endpoints.endpoint(for: .s3, in: region)
    } catch {
      throw CallFailure(error: error, lostAnswer: false)
    }
    return request.call(at: endpoint, expectedOwner: expectedOwner)
  }
}

/// What is known of an object.
package struct ObjectDescription: Hashable, Sendable {
  /// Bytes.
  package let length: Int
  /// The object's version, if the bucket keeps versions.
  package let version: String?

  /// A description of these values.
  package init(length: Int, version: String? = nil) {
    self.length = length
    self.version = version
  }
}

/// Where buckets have turned out to be.
private final class BucketRegions: Sendable {
  private let known = Lock([String: String]())

  subscript(bucket: String) -> String? {
    get { known.withLock { $0[bucket] } }
    set { known.withLock { $0[bucket] = newValue } }
  }
}
