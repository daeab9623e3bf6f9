internal import Core

extension S3Client {
  /// More than 100 configurations of AWS's longest names take.
  private static let largestNotification = 1 << 20

  /// What a bucket tells others of its objects: XML, byte for byte as it came, so that what others wrote can be sent back
  /// as it is.
  ///
  /// - Parameter expectedOwner: the account that the bucket must belong to; any when nil.
  package func getBucketNotificationConfiguration(
    bucket: String, expectedOwner: String? = nil
  ) async throws(AWSError) -> [UInt8] {
    var request = Self.notification("GetBucketNotificationConfiguration", "GET", bucket)
    request.sink = .memory(limit: Self.largestNotification)
    request.expects = .xml("NotificationConfiguration")
    do throws(CallFailure) {
      return try await send(request, expectedOwner).response.body
    } catch {
      throw error.error
    }
  }

  /// Replaces all that a bucket tells others of its objects. S3 sends a test message to each queue and topic in it, and
  /// has no precondition: who reads and writes at the same time as another loses one of the two.
  ///
  /// - Parameters:
  ///   - document: a whole `NotificationConfiguration`, XML in UTF-8.
  ///   - expectedOwner: the account that the bucket must belong to; any when nil.
  ///   - skipsDestinationValidation: whether destinations that S3 cannot reach are accepted.
  package func putBucketNotificationConfiguration(
    _ document: [UInt8], bucket: String, expectedOwner: String? = nil,
    skipsDestinationValidation: Bool = false
  ) async throws(AWSError) {
    var request = Self.notification("PutBucketNotificationConfiguration", "PUT", bucket)
    request.body = .bytes(document)
    request.headers = [("Content-Type", "application/xml")]
    if skipsDestinationValidation { request.headers.append(("x-amz-skip-destination-validation", "true")) }
    do throws(CallFailure) {
      _ = try await send(request, expectedOwner)
    } catch {
      throw error.error
    }
  }

  private static func notification(_ operation: String, _ method: String, _ bucket: String) -> ObjectRequest {
    var request = ObjectRequest(operation: operation, method: method, bucket: bucket, key: nil)
    request.query = [("notification", "")]
    return request
  }
}

extension ServiceFault {
  /// S3 could not reach a destination of a notification, or has not heard yet that it may: which one, it does not say.
  package var isUnvalidatedDestination: Bool {
    service == .s3 && code == "InvalidArgument" && message.contains("Unable to validate")
  }
}
