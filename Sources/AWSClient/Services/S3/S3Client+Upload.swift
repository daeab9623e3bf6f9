internal import Core
import Glibc

/// What an upload came to.
package struct UploadResult: Hashable, Sendable {
  /// Whether the object was there already, so that nothing was sent.
  package let wasPresent: Bool
  /// The object's version, if the bucket keeps versions.
  package let version: String?

  /// A result of these values.
  package init(wasPresent: Bool, version: String? = nil) {
    self.wasPresent = wasPresent
    self.version = version
  }
}

extension S3Client {
  /// Above this many bytes a file is sent in parts.
  static let multipartThreshold = 64 << 20

  /// Puts a file under a key that names its content, unless it is there.
  ///
  /// Files above 64 MB go in parts, some at a time, each read from the disk while it is sent. When a part
  /// fails, or the task is cancelled, S3 is told to drop the others.
  ///
  /// - Parameters:
  ///   - key: must follow from the content: an object of the same length under it is taken for the same.
  ///   - expectedOwner: the account that the bucket must belong to; any when nil.
  ///   - replaces: whether an object that is there is not to be believed.
  package func upload(
    file path: String, bucket: String, key: String, expectedOwner: String? = nil, replaces: Bool = false
  ) async throws(AWSError) -> UploadResult {
    try await upload(
      file: path, bucket: bucket, key: key, expectedOwner: expectedOwner, threshold: Self.multipartThreshold,
      partSize: 16 << 20, replaces: replaces)
  }

  func upload(
    file path: String, bucket: String, key: String, expectedOwner: String?, threshold: Int, partSize: Int,
    replaces: Bool = false
  ) async throws(AWSError) -> UploadResult {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .localFile("\(SystemError(operation: "read", subject: path, code: errno))")
    }
    let length = Int(status.st_size)
    if !replaces, let present = try await present(bucket, key, expectedOwner), present.length == length {
      return UploadResult(wasPresent: true, version: present.version)
    }
    guard length > threshold else { return try await put(path, length, bucket, key, expectedOwner) }
    // 10,000 parts are the most there may be.
    let size = max(partSize, (length + 9_999) / 10_000)
    let upload = MultipartUpload(
      client: self, path: path, length: length, bucket: bucket, key: key, expectedOwner: expectedOwner,
      partSize: size)
    return try await upload.run()
  }

  /// Who may not list a bucket gets 403 for a key that is not there; writing then shows what is allowed.
  private func present(
    _ bucket: String, _ key: String, _ expectedOwner: String?
  ) async throws(AWSError) -> ObjectDescription? {
    do throws(AWSError) {
      return try await headObject(bucket: bucket, key: key, expectedOwner: expectedOwner)
    } catch {
      if error.fault?.status == 403, !error.isCredentials { return nil }
      throw error
    }
  }

  private func put(
    _ path: String, _ length: Int, _ bucket: String, _ key: String, _ expectedOwner: String?
  ) async throws(AWSError) -> UploadResult {
    var request = ObjectRequest(operation: "PutObject", method: "PUT", bucket: bucket, key: key)
    request.body = HTTPBody(segments: [.file(path: path, offset: 0, length: length)])
    request.headers = [("Content-Type", "application/zip")]
    do throws(SystemError) {
      request.digest = try await request.body.digest().get()
    } catch {
      throw .localFile("\(error)")
    }
    do throws(CallFailure) {
      let response = try await send(request, expectedOwner).response
      return UploadResult(wasPresent: false, version: response.headers["x-amz-version-id"])
    } catch {
      throw error.error
    }
  }
}
