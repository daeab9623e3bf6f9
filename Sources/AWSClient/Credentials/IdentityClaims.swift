package import Core

/// What a JSON Web Token says of itself (RFC 7519, section 4.1). Nothing is verified: that is for whoever is shown it.
package struct IdentityClaims: Sendable {
  /// The address of who gave it.
  package let issuer: String?
  /// Whom it is about.
  package let subject: String?
  /// Whom it is for; the first of several.
  package let audience: String?
  /// From when on it is not accepted any more.
  package let end: Timestamp?

  /// Nil where `token` is no such token.
  package init?(token: String) {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    // base64url without padding (RFC 7515, section 2).
    var payload = parts[1].replacing("-", with: "+").replacing("_", with: "/")
    payload += String(repeating: "=", count: (4 - payload.utf8.count % 4) % 4)
    guard let bytes = Base64.decode(payload), let claims = try? JSON(parsing: bytes) else { return nil }
    issuer = claims["iss"]?.string
    subject = claims["sub"]?.string
    audience = claims["aud"]?.string ?? claims["aud"]?.array?.first?.string
    end = (claims["exp"]?.double).map { Timestamp(seconds: $0) }
  }
}
