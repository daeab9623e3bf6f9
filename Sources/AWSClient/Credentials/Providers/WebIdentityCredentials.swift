internal import Core

/// A role for the token of an identity provider, as EKS gives it in a file and GitHub Actions on request.
struct WebIdentityCredentials: CredentialProvider {
  let world: CredentialWorld

  var source: String { "web identity" }

  func find() async throws(CredentialFailure) -> Credentials {
    let file = world.variable("AWS_WEB_IDENTITY_TOKEN_FILE")
    guard let roleARN = world.variable("AWS_ROLE_ARN") else {
      guard file == nil else { throw .broken("AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not") }
      throw .absent("AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not set")
    }
    var request = RoleRequest(roleARN: roleARN)
    if let name = world.variable("AWS_ROLE_SESSION_NAME") { request.sessionName = name }
    // Read at each renewal: whoever writes the file replaces the token before it ends.
    if let file {
      return try await request.assume(
        withTokenIn: file, in: world, name: "the role \(roleARN) by the token in \(file)")
    }
    guard let url = world.variable("ACTIONS_ID_TOKEN_REQUEST_URL"),
      let bearer = world.variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    else {
      throw .absent(
        "AWS_ROLE_ARN is set, and there is neither AWS_WEB_IDENTITY_TOKEN_FILE nor a token of GitHub Actions"
          + " (which needs the permission id-token: write)")
    }
    let token = try await gitHubToken(url, bearer)
    return try await request.assume(
      withToken: token, renewal: .always, in: world, name: "the role \(roleARN) by GitHub's identity token")
  }

  private func gitHubToken(_ url: String, _ bearer: String) async throws(CredentialFailure) -> String {
    let separator = url.contains("?") ? "&" : "?"
    var request = HTTPRequest(method: "GET", url: "\(url)\(separator)audience=sts.amazonaws.com")
    request.headers = [("Authorization", "bearer \(bearer)"), ("User-Agent", "lamctl")]
    request.stallTimeout = .seconds(10)
    let base = String(url.prefix { $0 != "?" })
    request.bypassesProxy = (try? Endpoint(url: base, region: "", origin: ""))?.isLocal ?? false
    switch try await world.fetch(request, attempts: 3) {
    case .failed(let failure): throw .broken("GitHub gave no identity token: \(failure.reason)")
    case .answered(let response):
      guard response.isSuccess, let token = (try? JSON(parsing: response.body))?["value"]?.string,
        !token.isEmpty
      else { throw .broken("GitHub gave no identity token: it answered HTTP \(response.status)") }
      world.pipeline.secrets.hide(token)
      return token
    }
  }
}
