package import AWSClient
internal import Core

/// What a call that creates or updates a function names as its code, and Lambda's `CodeSha256` of it.
package struct UploadedCode: Sendable {
  /// What the call names.
  package let code: FunctionCode
  /// `CodeSha256` as Lambda will tell it.
  package let sha256: String

  /// Code with the digest that Lambda will tell.
  package init(_ code: FunctionCode, sha256: String) {
    self.code = code
    self.sha256 = sha256
  }
}

/// Why a package is not where Lambda takes it from.
package enum UploadFailure: Error, Hashable, Sendable {
  /// A call to AWS failed.
  case aws(AWSError)
  /// Something else did: why, in one sentence, and what to do about it, where that is known.
  case refused(reason: String, fix: String?)
}

/// Brings a package to where Lambda takes it from.
package protocol PackageUpload: Sendable {
  /// What the call that creates or updates the function is to name as its code.
  func code(for package: FunctionPackage, of functionName: String) async throws(UploadFailure) -> UploadedCode
}

/// The package goes inside the call itself, which takes up to 50 MB.
package struct DirectUpload: PackageUpload {
  /// There is nothing to set.
  package init() {}

  /// The zip file.
  package func code(for package: FunctionPackage, of functionName: String) async throws(UploadFailure)
    -> UploadedCode
  {
    let (path, sha256) = try package.zip()
    return UploadedCode(.zip(path: path), sha256: sha256)
  }
}

/// A package that is too large for the call goes to S3 first, under a key that follows from its content, so that it is
/// sent once however often it is released.
package struct BucketUpload: PackageUpload {
  /// The most bytes of a zip within a call: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  package static let directLimit = 50 * 1_024 * 1_024

  private let s3: S3Client
  private let bucket: String
  private let expectedOwner: String?

  /// Uploads to `bucket`, which must belong to the account `expectedOwner` unless that is nil.
  package init(s3: S3Client, bucket: String, expectedOwner: String?) {
    self.s3 = s3
    self.bucket = bucket
    self.expectedOwner = expectedOwner
  }

  /// The zip file, or the object it was put into.
  package func code(for package: FunctionPackage, of functionName: String) async throws(UploadFailure)
    -> UploadedCode
  {
    let (path, sha256) = try package.zip()
    guard package.size > Self.directLimit else { return UploadedCode(.zip(path: path), sha256: sha256) }
    let key = "lamctl/\(functionName)/\(Hex.encode(Base64.decode(sha256) ?? [])).zip"
    do throws(AWSError) {
      let result = try await s3.upload(file: path, bucket: bucket, key: key, expectedOwner: expectedOwner)
      return UploadedCode(.s3(bucket: bucket, key: key, version: result.version), sha256: sha256)
    } catch {
      throw .aws(error)
    }
  }
}

extension FunctionPackage {
  /// Path and `CodeSha256` of the zip file.
  fileprivate func zip() throws(UploadFailure) -> (path: String, sha256: String) {
    guard case .zip(let path, let sha256) = content else {
      throw .refused(reason: "a container image goes to a repository, not with a call", fix: nil)
    }
    return (path, sha256)
  }
}

extension ReleaseError {
  /// The failure as one of the function called `function` here.
  init(_ failure: UploadFailure, of function: String) {
    switch failure {
    case .aws(let error): self = .aws(error, function: function)
    case .refused(let reason, let fix):
      self = .package(PackageFailure(function: function, message: reason, fix: fix))
    }
  }
}
