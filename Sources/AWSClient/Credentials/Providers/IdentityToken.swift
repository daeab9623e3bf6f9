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
    renewal = isReplaced ? .always : Self.end(of: text).map(CredentialRenewal.until) ?? .always
  }

  /// The `exp` of a JSON Web Token (RFC 7519, section 4.1.4); nil where there is none, or it is no such token.
  static func end(of token: String) -> Timestamp? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    // base64url without padding (RFC 7515, section 2).
    var payload = parts[1].replacing("-", with: "+").replacing("_", with: "/")
    payload += String(repeating: "=", count: (4 - payload.utf8.count % 4) % 4)
    guard let bytes = Base64.decode(payload), let claims = try? JSON(parsing: bytes) else { return nil }
    return (claims["exp"]?.double).map { Timestamp(seconds: $0) }
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
