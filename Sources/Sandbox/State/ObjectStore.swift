internal import Core

/// The objects of S3, a file each.
struct ObjectStore: Sendable {
  let state: StateFolder

  /// The name of an object's file, of which none can leave the folder or clash with another's.
  private static func fileName(_ key: String) -> String { SHA256.digest(of: key).hex }

  private func bucket(_ name: String) throws(SystemError) -> StateFolder? {
    guard Self.isName(name) else { return nil }
    return try state.existingFolder(name)
  }

  private func requireBucket(_ name: String) throws(SystemError) -> StateFolder {
    guard let bucket = try bucket(name) else {
      throw SystemError(operation: "find", subject: "the bucket \(name)", code: 2)
    }
    return bucket
  }

  func bucketExists(_ bucket: String) -> Bool { Self.isName(bucket) && state.isFolder(bucket) }

  /// Whether `bucket` is a name that S3 takes; such a name is also safe as a folder's.
  static func isName(_ bucket: String) -> Bool {
    let bytes = Array(bucket.utf8)
    let dot = UInt8(ascii: ".")
    return (3...63).contains(bytes.count) && bytes[0] != dot
      && !zip(bytes, bytes.dropFirst()).contains { $0 == dot && $1 == dot }
      && bytes.allSatisfy { byte in
        (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-") || byte == dot
      }
  }

  func createBucket(_ bucket: String) throws(SystemError) { _ = try state.folder(bucket) }

  func put(_ bytes: [UInt8], bucket: String, key: String) throws(SystemError) {
    try requireBucket(bucket).write(bytes, to: Self.fileName(key))
  }

  /// Makes an object unless there is one of that key; false when there is.
  func create(_ bytes: [UInt8], bucket: String, key: String) throws(SystemError) -> Bool {
    try requireBucket(bucket).create(bytes, at: Self.fileName(key))
  }

  /// An object's bytes; nil when there is none.
  func get(bucket: String, key: String) -> [UInt8]? {
    guard let folder = try? self.bucket(bucket) else { return nil }
    return (try? folder.read(Self.fileName(key), limit: SizeLimits.body)).flatMap { $0 }
  }

  func remove(bucket: String, key: String) throws(SystemError) {
    try requireBucket(bucket).remove(Self.fileName(key))
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
