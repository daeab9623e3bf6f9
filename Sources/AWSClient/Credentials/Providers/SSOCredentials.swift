internal import Core

/// A role through a sign-in session of IAM Identity Center, which `aws sso login` has left on this machine.
struct SSOCredentials: CredentialProvider {
  let profile: SharedConfig.Profile
  let world: CredentialWorld

  var source: String { "the sign-in session of the profile \"\(profile.name)\"" }

  /// What profile and session section come to.
  private struct Session {
    let startURL: String
    let region: String
    /// What the cache file's name is made of.
    let cacheKey: String
  }

  /// A token is renewed this long before it ends.
  private static let margin = TimeSpan.minutes(5)

  func find() async throws(CredentialFailure) -> Credentials {
    let session = try session()
    let account = try needed("sso_account_id")
    let role = try needed("sso_role_name")
    let (token, renewal) = try await token(session)
    var call = APICall(service: .sso, operation: "GetRoleCredentials", path: "/federation/credentials")
    call.query = [("account_id", account), ("role_name", role)]
    call.headers = [("x-amz-sso_bearer_token", token)]
    call.isSigned = false
    call.expects = .jsonObject
    call.resource = "\(role) in account \(account)"
    call.endpoint = try endpoint(.sso, session)
    let object = try await answer(call)["roleCredentials"]
    guard let keyID = object?["accessKeyId"]?.string, let secret = object?["secretAccessKey"]?.string else {
      throw .broken("GetRoleCredentials answered without credentials")
    }
    return Credentials(
      keyID: keyID, secretKey: secret, sessionToken: object?["sessionToken"]?.string,
      expiration: (object?["expiration"]?.double).flatMap { Timestamp(outside: $0 / 1000) }, renewal: renewal,
      source: "the role \(role) in account \(account), signed in at \(session.startURL)")
  }

  private func session() throws(CredentialFailure) -> Session {
    guard let name = profile["sso_session"] else {
      let url = try needed("sso_start_url")
      return Session(startURL: url, region: try needed("sso_region"), cacheKey: url)
    }
    guard let section = world.config.section("sso-session", name) else {
      throw .broken("\(world.config.configPath) has no section [sso-session \(name)]")
    }
    guard let url = section["sso_start_url"], let region = section["sso_region"] else {
      throw .broken("[sso-session \(name)] needs sso_start_url and sso_region")
    }
    return Session(startURL: url, region: region, cacheKey: name)
  }

  /// The session's token, and how long it gives credentials: a session that can be renewed itself, without an end.
  private func token(
    _ session: Session
  ) async throws(CredentialFailure) -> (token: String, renewal: CredentialRenewal) {
    let path = world.expanded("~/.aws/sso/cache/\(SHA1.hex(of: session.cacheKey)).json")
    let login = "sign in with `aws sso login --profile \(profile.name)`"
    guard Files.exists(path) else { throw .broken("nobody has signed in yet: \(login)") }
    guard let cached = (try? JSON(parsing: Files.read(path, limit: 1 << 20)))?.object,
      let token = cached["accessToken"]?.string, let expires = Self.moment(cached["expiresAt"])
    else { throw .broken("\(path) cannot be understood: \(login)") }
    for key in ["accessToken", "refreshToken", "clientSecret"] {
      cached[key]?.string.map(world.pipeline.secrets.hide)
    }
    let now = world.pipeline.clock.now()
    if expires - Self.margin > now {
      return (token, Self.isRenewable(cached, at: now) ? .always : .until(expires))
    }
    if let fresh = try await renewed(cached, session, path) { return (fresh, .always) }
    guard expires > now else { throw .broken("the session ended at \(expires.iso8601): \(login)") }
    return (token, .until(expires))
  }

  /// Whether the session comes with what a new token is asked for with.
  private static func isRenewable(_ cached: JSONObject, at now: Timestamp) -> Bool {
    let isRegistered = moment(cached["registrationExpiresAt"]).map { $0 > now } ?? true
    return isRegistered
      && ["refreshToken", "clientId", "clientSecret"].allSatisfy { cached[$0]?.string != nil }
  }

  /// A new token for the refresh token; nil when there is none, or it is of no use any more.
  private func renewed(
    _ cached: JSONObject, _ session: Session, _ path: String
  ) async throws(CredentialFailure) -> String? {
    guard let refresh = cached["refreshToken"]?.string, let clientID = cached["clientId"]?.string,
      let clientSecret = cached["clientSecret"]?.string
    else { return nil }
    let now = world.pipeline.clock.now()
    guard Self.isRenewable(cached, at: now) else { return nil }
    var call = APICall(service: .ssoOIDC, operation: "CreateToken", method: "POST", path: "/token")
    call.send(
      .json(
        JSONObject([
          ("clientId", .string(clientID)), ("clientSecret", .string(clientSecret)),
          ("grantType", "refresh_token"), ("refreshToken", .string(refresh)),
        ])))
    call.isSigned = false
    call.endpoint = try endpoint(.ssoOIDC, session)
    let answer: JSONObject
    do throws(CredentialFailure) {
      answer = try await self.answer(call)
    } catch {
      guard error != .cancelled else { throw error }
      return nil
    }
    guard let token = answer["accessToken"]?.string, let lifetime = answer["expiresIn"]?.double else {
      return nil
    }
    for key in ["accessToken", "refreshToken"] { answer[key]?.string.map(world.pipeline.secrets.hide) }
    var fresh = cached
    fresh["accessToken"] = .string(token)
    fresh["expiresAt"] = .string((now + .seconds(lifetime)).iso8601)
    if let next = answer["refreshToken"]?.string { fresh["refreshToken"] = .string(next) }
    // The file is shared with AWS's own tools; when it cannot be written, the token is good all the same.
    try? Files.writeAtomically(Array(JSON.object(fresh).text().utf8), to: path, mode: 0o600)
    return token
  }

  private func answer(_ call: APICall) async throws(CredentialFailure) -> JSONObject {
    var call = call
    call.stallTimeout = CredentialWorld.stallTimeout
    do throws(AWSError) {
      return try await world.pipeline.answer(call).object
    } catch {
      if error.isCancelled { throw .cancelled }
      if error.fault?.code == "UnauthorizedException" {
        throw .broken("the session has ended: sign in with `aws sso login --profile \(profile.name)`")
      }
      throw .broken("\(error)")
    }
  }

  private func endpoint(_ service: AWSService, _ session: Session) throws(CredentialFailure) -> Endpoint {
    do throws(AWSError) {
      return try world.pipeline.endpoints.endpoint(for: service, in: session.region)
    } catch {
      throw .broken("\(error)")
    }
  }

  private func needed(_ key: String) throws(CredentialFailure) -> String {
    guard let value = profile[key] else { throw .broken("it has no \(key)") }
    return value
  }

  /// Dates in the cache end in `Z`, or in `UTC` when older tools have written them.
  private static func moment(_ json: JSON?) -> Timestamp? {
    json?.string.flatMap { Timestamp(iso8601: $0.replacing("UTC", with: "Z")) }
  }
}
