internal import Core

/// The role of an ECS task or EKS pod, from the agent beside it.
struct ContainerCredentials: CredentialProvider {
  let world: CredentialWorld

  var source: String { "the container" }

  /// Plain HTTP is for the machine itself and for the agents of ECS and EKS.
  private static let agents: Set<String> = [
    "169.254.170.2", "169.254.170.23", "fd00:ec2::23", "localhost", "::1",
  ]

  func find() async throws(CredentialFailure) -> Credentials {
    let url: String
    if let path = world.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      url = "http://169.254.170.2\(path.hasPrefix("/") ? "" : "/")\(path)"
    } else if let full = world.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
      url = full
    } else {
      throw .absent(
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set")
    }
    var request = HTTPRequest(method: "GET", url: url)
    request.headers = [("Accept", "application/json"), ("User-Agent", "lamctl")]
    request.bypassesProxy = try isLocal(url)
    request.connectTimeout = .seconds(2)
    request.stallTimeout = .seconds(2)
    if let token = try token() { request.headers.append(("Authorization", token)) }
    switch try await world.fetch(request, attempts: 3) {
    case .failed(let failure): throw .broken("\(URLSecrets.hidden(url)) gave no answer: \(failure.reason)")
    case .answered(let response):
      guard response.isSuccess else {
        throw .broken("\(URLSecrets.hidden(url)) answered HTTP \(response.status)")
      }
      return try CredentialDocument.read(response.body, tokenKey: "Token", source: "the container's role")
    }
  }

  private func isLocal(_ url: String) throws(CredentialFailure) -> Bool {
    let endpoint: Endpoint
    do throws(AWSError) {
      let base = String(url.prefix { $0 != "?" && $0 != "#" })
      endpoint = try Endpoint(url: base, region: "", origin: "AWS_CONTAINER_CREDENTIALS_FULL_URI")
    } catch {
      throw .broken("\(error)")
    }
    let isAgent = Self.agents.contains(endpoint.hostName) || endpoint.hostName.hasPrefix("127.")
    guard endpoint.scheme == "https" || (isAgent && (endpoint.isAddress || endpoint.hostName == "localhost"))
    else {
      throw .broken(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI is plain HTTP to \(endpoint.host), which is not this machine")
    }
    return isAgent
  }

  private func token() throws(CredentialFailure) -> String? {
    let token: String?
    if let file = world.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
      token = try world.token(in: file)
    } else {
      token = world.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    }
    if let token, token.contains(where: \.isNewline) {
      throw .broken("its authorization token has a line break")
    }
    token.map(world.pipeline.secrets.hide)
    return token
  }
}
