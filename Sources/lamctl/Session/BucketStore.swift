internal import AWSClient
internal import Core
internal import Packager

/// A bucket, or a part of it, in which artifacts and finished trees lie.
struct BucketStore: ArtifactStore {
  let s3: S3Client
  let bucket: BucketPlace

  var place: String { bucket.description }

  func read(_ name: String, limit: Int) async throws(PackagerError) -> [UInt8]? {
    try await told(name) { () async throws(AWSError) in
      try await s3.getObject(bucket: bucket.bucket, key: bucket.key(name), limit: limit)
    }
  }

  func fetch(_ name: String, to path: String, limit: Int) async throws(PackagerError) -> Bool {
    try await told(name) { () async throws(AWSError) in
      try await s3.getObject(bucket: bucket.bucket, key: bucket.key(name), to: path, limit: limit)
    }
  }

  func holds(_ name: String, sha256: String, size: Int) async throws(PackagerError) -> Bool {
    try await told(name) { () async throws(AWSError) in
      try await s3.headObject(bucket: bucket.bucket, key: bucket.key(name))?.length == size
    }
  }

  func write(_ bytes: [UInt8], to name: String) async throws(PackagerError) {
    _ = try await told(name) { () async throws(AWSError) in
      try await s3.putObject(
        bytes, bucket: bucket.bucket, key: bucket.key(name), contentType: "application/json", replaces: true)
    }
  }

  func create(_ bytes: [UInt8], at name: String) async throws(PackagerError) -> Bool {
    try await told(name) { () async throws(AWSError) in
      try await s3.putObject(
        bytes, bucket: bucket.bucket, key: bucket.key(name), contentType: "application/json", replaces: false)
    }
  }

  func add(_ zip: ZipFile, as name: String, replaces: Bool) async throws(PackagerError) {
    _ = try await told(name) { () async throws(AWSError) in
      try await s3.upload(file: zip.path, bucket: bucket.bucket, key: bucket.key(name), replaces: replaces)
    }
  }

  private func told<Result>(
    _ name: String, _ body: () async throws(AWSError) -> Result
  ) async throws(PackagerError) -> Result {
    do throws(AWSError) {
      return try await body()
    } catch {
      if error.isCancelled { throw .cancelled }
      throw .store(
        place: place, reason: "\(name): \(error)", isPermission: error.isPermission || error.isCredentials)
    }
  }
}
