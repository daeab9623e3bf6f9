internal import Core

/// A role that is taken on through STS.
struct RoleRequest: Sendable {
  let roleARN: String
  /// Seen in CloudTrail: 2 to 64 of letters, digits and `_+=,.@-`.
  var sessionName = "lamctl"
  var externalID: String?
  /// Seconds, 900 to 43,200; nil for the role's default of an hour.
  var duration: String?

  /// Takes the role on with other credentials.
  func assume(
    with source: Credentials, in world: CredentialWorld, name: String
  ) async throws(CredentialFailure) -> Credentials {
    world.pipeline.secrets.learn(source)
    var parameters = base
    if let externalID { parameters.append(("ExternalId", externalID)) }
    var call = STSClient.call("AssumeRole", parameters, expecting: "Credentials")
    call.credentials = source
    call.resource = roleARN
    // The role is taken on again as long as the credentials for it can be had.
    let renewal = source.expiration.flatMap { source.renewal.end(of: $0) }.map(CredentialRenewal.until)
    return try Self.credentials(in: try await world.answer(call), renewal: renewal ?? .always, name: name)
  }

  /// Takes the role on with a token of an identity provider; the call is not signed.
  ///
  /// - Parameter renewal: how long there will be such tokens.
  func assume(
    withToken token: String, renewal: CredentialRenewal, in world: CredentialWorld, name: String
  ) async throws(CredentialFailure) -> Credentials {
    var call = STSClient.call(
      "AssumeRoleWithWebIdentity", base + [("WebIdentityToken", token)], expecting: "Credentials")
    call.isSigned = false
    call.resource = roleARN
    return try Self.credentials(in: try await world.answer(call), renewal: renewal, name: name)
  }

  private var base: [(name: String, value: String)] {
    var parameters = [(name: "RoleArn", value: roleARN), ("RoleSessionName", sessionName)]
    if let duration { parameters.append(("DurationSeconds", duration)) }
    return parameters
  }

  private static func credentials(
    in answer: APIAnswer, renewal: CredentialRenewal, name: String
  ) throws(CredentialFailure) -> Credentials {
    let element = XML.element("Credentials", in: answer.response.bodyText) ?? ""
    guard let keyID = XML.text(of: "AccessKeyId", in: element),
      let secret = XML.text(of: "SecretAccessKey", in: element),
      let token = XML.text(of: "SessionToken", in: element)
    else { throw .broken("STS answered without credentials") }
    return Credentials(
      keyID: keyID, secretKey: secret, sessionToken: token,
      expiration: XML.text(of: "Expiration", in: element).flatMap { Timestamp(iso8601: $0) },
      renewal: renewal, source: name)
  }
}
