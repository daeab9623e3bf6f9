internal import Core
import Glibc

/// The token of an identity provider in a file.
struct IdentityToken: Sendable {
  let text: String
  /// How long there will be such tokens.
  let renewal: CredentialRenewal

  /// Reads the file at `path`.
  ///
  /// Kubernetes mounts a projected token as a link and turns it to a new one in time. What is a plain file a job has
  /// written once, as GitLab's do: it is good until the token's own end.
  init(in path: String, world: CredentialWorld) throws(CredentialFailure) {
    text = try world.token(in: path)
    let isReplaced = Self.isLink(world.expanded(path))
    renewal = isReplaced ? .always : IdentityClaims(token: text)?.end.map(CredentialRenewal.until) ?? .always
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}

extension RoleRequest {
  /// Takes the role on with the token in the file at `path`; the call is not signed.
  func assume(
    withTokenIn path: String, in world: CredentialWorld, name: String
  ) async throws(CredentialFailure) -> Credentials {
    let token = try IdentityToken(in: path, world: world)
    return try await assume(withToken: token.text, renewal: token.renewal, in: world, name: name)
  }
}
