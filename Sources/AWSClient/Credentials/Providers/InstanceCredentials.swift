internal import Core

/// The role of an EC2 instance, from its metadata service in version 2.
///
/// Version 1, which answers anybody who can make the instance fetch a URL, is not asked.
struct InstanceCredentials: CredentialProvider {
  let world: CredentialWorld

  var source: String { "the instance" }

  private static let path = "/latest/meta-data/iam/security-credentials/"

  func find() async throws(CredentialFailure) -> Credentials {
    guard world.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" else {
      throw .absent("AWS_EC2_METADATA_DISABLED is true")
    }
    let base = try base()
    let token = try await token(base)
    let role = try await text(base, Self.path, token).trimmed
    guard let name = role.split(whereSeparator: \.isNewline).first else { throw .absent("it has no role") }
    let document = try await text(base, Self.path + PercentEncoding.encode(name), token)
    return try CredentialDocument.read(
      Array(document.utf8), tokenKey: "Token", source: "the instance's role \(name)")
  }

  private func base() throws(CredentialFailure) -> String {
    if let url = world.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") {
      do throws(AWSError) {
        return try Endpoint(url: url, region: "", origin: "AWS_EC2_METADATA_SERVICE_ENDPOINT").base
      } catch {
        throw .broken("\(error)")
      }
    }
    let mode = world.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")?.lowercased()
    return mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
  }

  private func token(_ base: String) async throws(CredentialFailure) -> String {
    var request = request("PUT", "\(base)/latest/api/token")
    request.headers.append(("X-aws-ec2-metadata-token-ttl-seconds", "21600"))
    switch try await world.fetch(request) {
    case .failed(let failure) where failure.mayHaveBeenProcessed:
      // The answer carries a hop limit of 1 by default, which a container on the instance is beyond.
      throw .absent(
        "it gave no token in time; inside a container the instance's metadata hop limit must be 2")
    case .failed(let failure): throw .absent("there is none: \(failure.reason)")
    case .answered(let response):
      let token = response.bodyText.trimmed
      guard response.isSuccess, !token.isEmpty, !token.contains(where: \.isNewline) else {
        throw .absent("its metadata service answered HTTP \(response.status) to the request for a token")
      }
      world.pipeline.secrets.hide(token)
      return token
    }
  }

  private func text(_ base: String, _ path: String, _ token: String) async throws(CredentialFailure) -> String
  {
    var request = request("GET", base + path)
    request.headers.append(("X-aws-ec2-metadata-token", token))
    switch try await world.fetch(request, attempts: 2) {
    case .failed(let failure): throw .broken("its metadata service gave no answer: \(failure.reason)")
    case .answered(let response):
      if response.status == 404 { throw .absent("it has no role") }
      guard response.isSuccess else { throw .broken("its metadata service answered HTTP \(response.status)") }
      return response.bodyText
    }
  }

  private func request(_ method: String, _ url: String) -> HTTPRequest {
    var request = HTTPRequest(method: method, url: url)
    request.headers = [("User-Agent", "lamctl")]
    request.bypassesProxy = true
    request.connectTimeout = .seconds(1)
    request.stallTimeout = .seconds(1)
    return request
  }
}
