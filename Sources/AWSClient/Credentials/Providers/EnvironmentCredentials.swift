internal import Core

/// `AWS_ACCESS_KEY_ID` and its companions.
struct EnvironmentCredentials: CredentialProvider {
  let environment: [String: String]

  var source: String { "the environment" }

  func find() async throws(CredentialFailure) -> Credentials {
    guard let keyID = value("AWS_ACCESS_KEY_ID") else {
      throw .absent("AWS_ACCESS_KEY_ID is not set")
    }
    guard let secret = value("AWS_SECRET_ACCESS_KEY") else {
      throw .broken("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not")
    }
    var expiration: Timestamp?
    if let text = value("AWS_CREDENTIAL_EXPIRATION") {
      guard let moment = Timestamp(iso8601: text) else {
        throw .broken("AWS_CREDENTIAL_EXPIRATION is not a date: \(text)")
      }
      expiration = moment
    }
    return Credentials(
      keyID: keyID, secretKey: secret, sessionToken: value("AWS_SESSION_TOKEN"), expiration: expiration,
      renewal: .never, source: "the environment (AWS_ACCESS_KEY_ID)")
  }

  private func value(_ name: String) -> String? {
    environment[name].flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
  }
}
