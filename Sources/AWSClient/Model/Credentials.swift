package import Core

/// What signs requests. Its description never shows the secrets.
struct Credentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
  let keyID: String
  let secretKey: String
  var sessionToken: String?
  /// When they stop working; nil for keys without an end.
  var expiration: Timestamp?
  /// How long their source gives new ones.
  var renewal = CredentialRenewal.always
  /// Where they come from, in words: `the environment (AWS_ACCESS_KEY_ID)`.
  var source: String

  /// The key's first characters only.
  var description: String { "\(keyID.prefix(8))… from \(source)" }
  var debugDescription: String { description }
}

/// How long a source of credentials gives new ones for those that end.
enum CredentialRenewal: Hashable, Sendable {
  /// As long as anybody asks, or nobody can know: roles of machines, programs, tokens that are written anew.
  case always
  /// As long as what they are made from is good: a sign-in session, a token that nobody replaces.
  case until(Timestamp)
  /// Never: they were handed over once.
  case never

  /// When credentials that stop working at `expiration` have no successor any more; nil when they always have one.
  func end(of expiration: Timestamp) -> Timestamp? {
    switch self {
    case .always: nil
    case .until(let moment): max(moment, expiration)
    case .never: expiration
    }
  }
}

/// What is known of the credentials in use; holds no secret.
package struct CredentialSummary: Hashable, Sendable {
  /// The access key's id, which is no secret.
  package let keyID: String
  /// Where they come from, in words.
  package let source: String
  /// When they stop working; nil for keys without an end.
  package let expiration: Timestamp?
  /// The sources that were asked before and had none.
  package let passedOver: [CredentialAttempt]

  /// A summary of these values.
  package init(keyID: String, source: String, expiration: Timestamp? = nil, passedOver: [CredentialAttempt]) {
    self.keyID = keyID
    self.source = source
    self.expiration = expiration
    self.passedOver = passedOver
  }
}

/// A source of credentials that gave none.
package struct CredentialAttempt: Hashable, Sendable {
  /// The source, in words: `the environment`.
  package let source: String
  /// Why it gave none.
  package let reason: String

  /// An attempt of these values.
  package init(source: String, reason: String) {
    self.source = source
    self.reason = reason
  }
}
