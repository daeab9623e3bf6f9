public import AWSClient

/// Brings a package to where Lambda takes it from.
public protocol PackageUpload: Sendable {
  /// What the call that creates or updates the function is to name as its code.
  func code(for package: FunctionPackage, of functionName: String) async throws(AWSError) -> FunctionCode
}

/// The package goes inside the call itself, which takes up to 50 MB.
public struct DirectUpload: PackageUpload {
  /// There is nothing to set.
  public init() {}

  /// The zip file.
  public func code(for package: FunctionPackage, of functionName: String) async throws(AWSError)
    -> FunctionCode
  {
    .zip(path: package.path)
  }
}

/// A package that is too large for the call goes to S3 first, under a key that follows from its content, so that it is
/// sent once however often it is released.
public struct BucketUpload: PackageUpload {
  /// The most bytes of a zip within a call: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  public static let directLimit = 50 * 1_024 * 1_024

  private let s3: S3Client
  private let bucket: String
  private let expectedOwner: String?

  /// Uploads to `bucket`, which must belong to the account `expectedOwner` unless that is nil.
  public init(s3: S3Client, bucket: String, expectedOwner: String?) {
    self.s3 = s3
    self.bucket = bucket
    self.expectedOwner = expectedOwner
  }

  /// The zip file, or the object it was put into.
  public func code(for package: FunctionPackage, of functionName: String) async throws(AWSError)
    -> FunctionCode
  {
    guard package.size > Self.directLimit else { return .zip(path: package.path) }
    let key = "lamctl/\(functionName)/\(package.contentKey).zip"
    let result = try await s3.upload(
      file: package.path, bucket: bucket, key: key, expectedOwner: expectedOwner)
    return .s3(bucket: bucket, key: key, version: result.version)
  }
}
