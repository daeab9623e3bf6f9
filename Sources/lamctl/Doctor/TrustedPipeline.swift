internal import AWSClient
internal import Core
internal import Packager

/// Whose pipelines a role is to trust, so that they need no stored key: those of the CI system that this process runs in,
/// else those of the place that the repository comes from.
enum TrustedPipeline: Equatable, Sendable {
  case trusted(TrustPolicy)
  /// Why nobody can tell here, and what to do.
  case unknown(reason: String)

  /// Whose tokens those are that carry this audience, in the recipes and in what lamctl asks GitHub for.
  private static let audience = "sts.amazonaws.com"

  /// - Parameters:
  ///   - environment: the variables of this process.
  ///   - remote: where the repository comes from; nil where nothing tells.
  ///   - branches: those that may deploy; empty for any.
  static func find(in environment: [String: String], remote: GitRemote?, branches: [String]) -> Self {
    let value: CISystem.Variables = { name in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    switch CISystem(environment: environment)?.kind {
    case .githubActions: return github(value, branches) ?? hosted(remote, branches)
    case .gitlab: return gitlab(value, branches) ?? hosted(remote, branches)
    case .buildkite: return buildkite(value, branches)
    case .circleCI: return circleCI(value, remote, branches)
    case .bitbucket: return bitbucket(value)
    case .jenkins:
      return .unknown(reason: "Jenkins' agents have credentials of their own, such as an instance's role")
    case .codeBuild:
      return .unknown(
        reason: "CodeBuild takes the project's service role on, which trusts codebuild.amazonaws.com")
    case .azurePipelines:
      return .unknown(
        reason: "the tokens of Azure Pipelines are those of a service connection, whose name is to be trusted"
      )
    case .other, nil: return hosted(remote, branches)
    }
  }

  /// The policy of a role in `account`; nil where it is unknown.
  func document(partition: String, account: String) -> JSON? {
    guard case .trusted(let policy) = self else { return nil }
    return policy.document(partition: partition, account: account)
  }

  /// By the place that the repository comes from.
  private static func hosted(_ remote: GitRemote?, _ branches: [String]) -> Self {
    guard let remote else {
      return .unknown(
        reason: "no remote 'origin' tells whose pipelines deploy; add it, or run this in a pipeline")
    }
    if remote.host == "github.com" { return .trusted(github(path: remote.path, branches)) }
    if remote.host == "gitlab.com" || remote.host.split(separator: ".").contains("gitlab") {
      return .trusted(gitlab(provider: remote.host, path: remote.path, branches))
    }
    return .unknown(
      reason: "only a pipeline knows what the tokens say that \(remote.host), or its CI system, gives; "
        + "run this in one")
  }

  /// docs.github.com/actions/reference/openid-connect-reference
  private static func github(
    path: String, provider: String = "token.actions.githubusercontent.com", _ branches: [String]
  ) -> TrustPolicy {
    TrustPolicy(
      provider: provider, audience: audience,
      subjects: branches.isEmpty
        ? ["repo:\(path):*"] : branches.map { "repo:\(path):ref:refs/heads/\($0)" })
  }

  private static func github(_ value: CISystem.Variables, _ branches: [String]) -> Self? {
    guard let path = value("GITHUB_REPOSITORY") else { return nil }
    let server = provider(value("GITHUB_SERVER_URL") ?? "https://github.com")
    // GitHub Enterprise Server gives tokens of its own.
    return .trusted(
      server == "github.com"
        ? github(path: path, branches) : github(path: path, provider: "\(server)/_services/token", branches))
  }

  /// docs.gitlab.com/ci/secrets/id_token_authentication
  private static func gitlab(provider: String, path: String, _ branches: [String]) -> TrustPolicy {
    TrustPolicy(
      provider: provider, audience: audience,
      subjects: branches.isEmpty
        ? ["project_path:\(path):*"] : branches.map { "project_path:\(path):ref_type:branch:ref:\($0)" })
  }

  private static func gitlab(_ value: CISystem.Variables, _ branches: [String]) -> Self? {
    guard let path = value("CI_PROJECT_PATH"), let server = value("CI_SERVER_URL") else { return nil }
    return .trusted(gitlab(provider: provider(server), path: path, branches))
  }

  /// buildkite.com/docs/pipelines/security/oidc/aws
  private static func buildkite(_ value: CISystem.Variables, _ branches: [String]) -> Self {
    guard let organization = value("BUILDKITE_ORGANIZATION_SLUG"),
      let pipeline = value("BUILDKITE_PIPELINE_SLUG")
    else { return missing("BUILDKITE_ORGANIZATION_SLUG and BUILDKITE_PIPELINE_SLUG") }
    let beginning = "organization:\(organization):pipeline:\(pipeline)"
    return .trusted(
      TrustPolicy(
        provider: "agent.buildkite.com", audience: audience,
        subjects: branches.isEmpty
          ? ["\(beginning):*"] : branches.map { "\(beginning):ref:refs/heads/\($0):*" }))
  }

  /// circleci.com/docs/openid-connect-tokens, of `CIRCLE_OIDC_TOKEN_V2`.
  ///
  /// The user's identifier has the length of a UUID: a wildcard in its place would also match what a branch is called.
  private static func circleCI(
    _ value: CISystem.Variables, _ remote: GitRemote?, _ branches: [String]
  ) -> Self {
    guard let organization = value("CIRCLE_ORGANIZATION_ID"), let project = value("CIRCLE_PROJECT_ID"),
      let origin = remote ?? value("CIRCLE_REPOSITORY_URL").flatMap({ GitRemote(url: $0) })
    else { return missing("CIRCLE_ORGANIZATION_ID, CIRCLE_PROJECT_ID and CIRCLE_REPOSITORY_URL") }
    let user = "????????-????-????-????-????????????"
    let beginning =
      "org/\(organization)/project/\(project)/user/\(user)/vcs-origin/\(origin.host)/\(origin.path)"
    return .trusted(
      TrustPolicy(
        provider: "oidc.circleci.com/org/\(organization)", audience: organization,
        subjects: branches.isEmpty
          ? ["\(beginning)/vcs-ref/*"] : branches.map { "\(beginning)/vcs-ref/refs/heads/\($0)" }))
  }

  /// What the token of the step says: repository, deployment, and last the step, which is another in each run. It names
  /// no branch.
  private static func bitbucket(_ value: CISystem.Variables) -> Self {
    guard let token = value("BITBUCKET_STEP_OIDC_TOKEN") else {
      return missing("BITBUCKET_STEP_OIDC_TOKEN, which 'oidc: true' of the step sets,")
    }
    guard let claims = IdentityClaims(token: token), let issuer = claims.issuer,
      let audience = claims.audience, let subject = claims.subject, let colon = subject.lastIndex(of: ":")
    else {
      return .unknown(reason: "BITBUCKET_STEP_OIDC_TOKEN is no token with issuer, audience and subject")
    }
    return .trusted(
      TrustPolicy(
        provider: provider(issuer), audience: audience, subjects: ["\(subject[..<colon]):*"]))
  }

  private static func missing(_ names: String) -> Self {
    .unknown(reason: "the pipeline does not tell \(names) that its tokens are recognised by")
  }

  /// An address as IAM names a provider.
  private static func provider(_ address: String) -> String {
    let host = address.firstRange(of: "://").map { address[$0.upperBound...] } ?? address[...]
    return String(host.hasSuffix("/") ? host.dropLast() : host)
  }
}
