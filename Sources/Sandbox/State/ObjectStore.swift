internal import Core

/// The objects of S3, a file each.
struct ObjectStore: Sendable {
  /// Absolute path.
  let folder: String

  /// The file of an object. Keys are encoded, so that none can leave the folder or clash with another.
  private func path(bucket: String, key: String) -> String {
    "\(folder)/\(Percent.encode(bucket))/\(SHA256.digest(of: key).hex)"
  }

  func bucketExists(_ bucket: String) -> Bool { Self.isName(bucket) && Files.isFolder("\(folder)/\(bucket)") }

  /// Whether `bucket` is a name that S3 takes; such a name is also safe as a folder's.
  static func isName(_ bucket: String) -> Bool {
    (3...63).contains(bucket.utf8.count) && bucket.first != "." && !bucket.contains("..")
      && bucket.utf8.allSatisfy { byte in
        (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-")
          || byte == UInt8(ascii: ".")
      }
  }

  func createBucket(_ bucket: String) throws(SystemError) { try Files.createFolder("\(folder)/\(bucket)") }

  func put(_ bytes: [UInt8], bucket: String, key: String) throws(SystemError) {
    try Files.writeAtomically(bytes, to: path(bucket: bucket, key: key))
  }

  /// An object's bytes; nil when there is none.
  func get(bucket: String, key: String) -> [UInt8]? { try? Files.read(path(bucket: bucket, key: key)) }

  func remove(bucket: String, key: String) throws(SystemError) {
    try Files.remove(path(bucket: bucket, key: key))
  }

  /// The package that Lambda fetches.
  ///
  /// - Throws: what Lambda answers when S3 does not give it.
  func fetchForLambda(bucket: String, key: String) throws(ServiceError) -> [UInt8] {
    let prefix = "Error occurred while GetObject. S3 Error Code: "
    guard bucketExists(bucket) else {
      throw .invalid("\(prefix)NoSuchBucket. S3 Error Message: The specified bucket does not exist")
    }
    guard let bytes = get(bucket: bucket, key: key) else {
      throw .invalid("\(prefix)NoSuchKey. S3 Error Message: The specified key does not exist.")
    }
    return bytes
  }
}
