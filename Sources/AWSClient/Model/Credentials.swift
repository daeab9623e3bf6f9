public import Core

/// What signs requests. Its description never shows the secrets.
struct Credentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
  let keyID: String
  let secretKey: String
  var sessionToken: String?
  /// When they stop working; nil for keys without an end.
  var expiration: Timestamp?
  /// Where they come from, in words: `the environment (AWS_ACCESS_KEY_ID)`.
  var source: String

  /// The key's first characters only.
  var description: String { "\(keyID.prefix(8))… from \(source)" }
  var debugDescription: String { description }
}

/// What is known of the credentials in use; holds no secret.
public struct CredentialSummary: Hashable, Sendable {
  /// The access key's id, which is no secret.
  public let keyID: String
  /// Where they come from, in words.
  public let source: String
  /// When they stop working; nil for keys without an end.
  public let expiration: Timestamp?
  /// The sources that were asked before and had none.
  public let passedOver: [CredentialAttempt]

  /// A summary of these values.
  public init(keyID: String, source: String, expiration: Timestamp? = nil, passedOver: [CredentialAttempt]) {
    self.keyID = keyID
    self.source = source
    self.expiration = expiration
    self.passedOver = passedOver
  }
}

/// A source of credentials that gave none.
public struct CredentialAttempt: Hashable, Sendable {
  /// The source, in words: `the environment`.
  public let source: String
  /// Why it gave none.
  public let reason: String

  /// An attempt of these values.
  public init(source: String, reason: String) {
    self.source = source
    self.reason = reason
  }
}
