internal import AWSClient
internal import Core
internal import Packager
internal import Release

/// Brings container images to their repositories, and packages the way they go.
struct ImageUpload: PackageUpload {
  let packages: any PackageUpload
  let ecr: ECRClient
  let push: ImagePush
  /// Whether Lambda is an endpoint of this machine, which looks into no repository of AWS's.
  let isRehearsal: Bool

  func code(
    for package: FunctionPackage, of functionName: String
  ) async throws(UploadFailure) -> UploadedCode {
    guard case .image(let id, let place) = package.content else {
      return try await packages.code(for: package, of: functionName)
    }
    guard let repository = ImageRepository(parsing: place) else {
      throw .refused(reason: "'\(place.escaped)' is no repository of images", fix: nil)
    }
    let digest = try await digest(of: id, in: repository)
    return UploadedCode(.image(uri: "\(repository)@sha256:\(digest)"), sha256: digest)
  }

  /// The digest of the image in its repository, once it is there.
  private func digest(of id: String, in repository: ImageRepository) async throws(UploadFailure) -> String {
    switch repository.registry {
    case .local: return try await pushed(id, to: repository, token: nil)
    case .ecr:
      // A rehearsal changes nothing in AWS.
      if isRehearsal { return String(id.dropFirst("sha256:".count)) }
      let token: RegistryToken
      do throws(AWSError) { token = try await ecr.getAuthorizationToken() } catch { throw .aws(error) }
      return try await pushed(id, to: repository, token: token.value)
    }
  }

  private func pushed(
    _ id: String, to repository: ImageRepository, token: String?
  ) async throws(UploadFailure) -> String {
    do throws(PackagerError) {
      return try await push.push(id, to: repository, token: token)
    } catch {
      throw .refused(reason: "the image was not pushed: \(error)", fix: error.fix)
    }
  }
}
