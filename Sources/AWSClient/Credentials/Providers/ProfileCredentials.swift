internal import Core

/// What a profile of the shared files leads to: a role, a sign-in session, keys, or a program that prints
/// keys.
struct ProfileCredentials: CredentialProvider {
  let profileName: String
  private let world: CredentialWorld

  init(profileName: String, world: CredentialWorld) {
    self.profileName = profileName
    self.world = world
  }

  var source: String { "the profile \"\(profileName)\"" }

  func find() async throws(CredentialFailure) -> Credentials {
    // Read anew: other tools write fresh keys into these files while a rollout goes on.
    var world = self.world
    if let config = try? SharedConfig(environment: world.environment) { world.config = config }
    let fresh = ProfileCredentials(profileName: profileName, world: world)
    return try await fresh.credentials(of: profileName, after: [])
  }

  /// - Parameter visited: profiles that have led here.
  private func credentials(of name: String, after visited: [String]) async throws(CredentialFailure)
    -> Credentials
  {
    guard let profile = world.config.profile(name) else {
      throw .absent("neither \(world.config.configPath) nor \(world.config.credentialsPath) has it")
    }
    // A role may name its own profile, or one further up, as the place of the keys it is taken on with.
    if profile["role_arn"] != nil, !visited.contains(name) {
      return try await role(profile, after: visited + [name])
    }
    if visited.contains(name), profile.keyFile == nil {
      throw .broken(
        "its source_profile leads round in a circle: \((visited + [name]).joined(separator: ", "))")
    }
    if profile["sso_session"] != nil || profile["sso_start_url"] != nil {
      return try await SSOCredentials(profile: profile, world: world).find()
    }
    if let keys = try keys(of: profile) { return keys }
    if let command = profile["credential_process"] {
      return try await ProcessCredentials(command: command, profileName: name, world: world).find()
    }
    throw .absent("it has no keys, role_arn, sso_session or credential_process")
  }

  private func keys(of profile: SharedConfig.Profile) throws(CredentialFailure) -> Credentials? {
    guard let keyID = profile["aws_access_key_id"], let file = profile.keyFile else { return nil }
    guard let secret = profile["aws_secret_access_key"] else {
      throw .broken("\(file) has its aws_access_key_id and no aws_secret_access_key")
    }
    return Credentials(
      keyID: keyID, secretKey: secret, sessionToken: profile["aws_session_token"],
      source: "the profile \"\(profile.name)\" in \(file)")
  }

  private func role(
    _ profile: SharedConfig.Profile, after visited: [String]
  ) async throws(CredentialFailure) -> Credentials {
    let roleARN = profile["role_arn"] ?? ""
    let name = "the role \(roleARN) of the profile \"\(profile.name)\""
    guard profile["mfa_serial"] == nil else {
      throw .broken(
        "the role \(roleARN) asks for a second factor (mfa_serial), and nobody can type one in a release:"
          + " use a role without it, or get a session first and put its keys into the environment")
    }
    var request = RoleRequest(roleARN: roleARN)
    if let session = profile["role_session_name"] { request.sessionName = session }
    request.externalID = profile["external_id"]
    request.duration = profile["duration_seconds"]
    if let file = profile["web_identity_token_file"] {
      return try await request.assume(withTokenIn: file, in: world, name: name)
    }
    let source: Credentials
    switch (profile["source_profile"], profile["credential_source"]) {
    case (let other?, nil): source = try await self.source(other, after: visited)
    case (nil, let place?): source = try await self.source(inPlace: place)
    case (nil, nil): throw .broken("its role_arn needs a source_profile or a credential_source")
    case (_?, _?): throw .broken("it has both a source_profile and a credential_source: keep one")
    }
    return try await request.assume(with: source, in: world, name: name)
  }

  private func source(_ profile: String, after visited: [String]) async throws(CredentialFailure)
    -> Credentials
  {
    do throws(CredentialFailure) {
      return try await credentials(of: profile, after: visited)
    } catch {
      guard case .absent(let reason) = error else { throw error }
      throw .broken("its source_profile \"\(profile)\" gives no credentials: \(reason)")
    }
  }

  private func source(inPlace place: String) async throws(CredentialFailure) -> Credentials {
    let provider: any CredentialProvider
    switch place {
    case "Environment": provider = EnvironmentCredentials(environment: world.environment)
    case "EcsContainer": provider = ContainerCredentials(world: world)
    case "Ec2InstanceMetadata": provider = InstanceCredentials(world: world)
    default:
      throw .broken(
        "its credential_source is \"\(place)\": Environment, EcsContainer or Ec2InstanceMetadata is needed"
      )
    }
    do throws(CredentialFailure) {
      return try await provider.find()
    } catch {
      guard case .absent(let reason) = error else { throw error }
      throw .broken("its credential_source \(place) gives no credentials: \(reason)")
    }
  }
}
