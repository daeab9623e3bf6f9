import Core
import Packager
import Testing

@testable import lamctl

@Suite("Whom a role for CI trusts") struct TrustTests {
  private let github = GitRemote(url: "git@github.com:owner/shop.git")

  private func policy(
    in environment: [String: String] = [:], remote: GitRemote? = nil, _ branches: [String] = ["main"]
  ) -> TrustPolicy? {
    guard
      case .trusted(let policy) = TrustedPipeline.find(
        in: environment, remote: remote, branches: branches)
    else { return nil }
    return policy
  }

  private func reason(in environment: [String: String] = [:], remote: GitRemote? = nil) -> String? {
    guard case .unknown(let reason) = TrustedPipeline.find(in: environment, remote: remote, branches: [])
    else { return nil }
    return reason
  }

  @Test("by the place that a repository comes from, and only for the branches that may deploy")
  func hosted() throws {
    #expect(
      policy(remote: github)
        == TrustPolicy(
          provider: "token.actions.githubusercontent.com", audience: "sts.amazonaws.com",
          subjects: ["repo:owner/shop:ref:refs/heads/main"]))
    #expect(policy(remote: github, [])?.subjects == ["repo:owner/shop:*"])
    // The audience that the recipe of docs/ci/gitlab.md asks for.
    #expect(
      policy(remote: GitRemote(url: "https://gitlab.com/group/sub/shop"))
        == TrustPolicy(
          provider: "gitlab.com", audience: "sts.amazonaws.com",
          subjects: ["project_path:group/sub/shop:ref_type:branch:ref:main"]))
    #expect(reason()?.contains("no remote 'origin'") == true)
    #expect(reason(remote: GitRemote(url: "https://bitbucket.org/a/b"))?.contains("only a pipeline") == true)
  }

  @Test("a policy names the provider in its conditions, and no key of another")
  func document() throws {
    let document = try #require(policy(remote: github)).document(partition: "aws", account: "123456789012")
    let statement = document["Statement"]?.array?.first
    #expect(
      statement?["Principal"]?["Federated"]
        == "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com")
    let name = "token.actions.githubusercontent.com"
    #expect(statement?["Condition"]?["StringEquals"]?["\(name):aud"] == "sts.amazonaws.com")
    #expect(
      statement?["Condition"]?["StringLike"]?["\(name):sub"] == ["repo:owner/shop:ref:refs/heads/main"])
  }

  @Test("a pipeline says more than the remote does: whose it is, and which server it belongs to")
  func pipelines() {
    let enterprise = [
      "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "owner/shop",
      "GITHUB_SERVER_URL": "https://git.example.com",
    ]
    #expect(policy(in: enterprise)?.provider == "git.example.com/_services/token")
    let gitlab = [
      "GITLAB_CI": "true", "CI_PROJECT_PATH": "group/shop",
      "CI_SERVER_URL": "https://code.example.com:8443/git",
    ]
    #expect(policy(in: gitlab)?.provider == "code.example.com:8443/git")
    let buildkite = [
      "BUILDKITE": "true", "BUILDKITE_ORGANIZATION_SLUG": "acme", "BUILDKITE_PIPELINE_SLUG": "shop",
    ]
    #expect(
      policy(in: buildkite, remote: github)
        == TrustPolicy(
          provider: "agent.buildkite.com", audience: "sts.amazonaws.com",
          subjects: ["organization:acme:pipeline:shop:ref:refs/heads/main:*"]))
    let circle = ["CIRCLECI": "true", "CIRCLE_ORGANIZATION_ID": "o-1", "CIRCLE_PROJECT_ID": "p-1"]
    #expect(
      policy(in: circle, remote: github)
        == TrustPolicy(
          provider: "oidc.circleci.com/org/o-1", audience: "o-1",
          subjects: [
            "org/o-1/project/p-1/user/????????-????-????-????-????????????/vcs-origin/github.com/owner/shop/"
              + "vcs-ref/refs/heads/main"
          ]))
    // {"iss":"https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
    //  "aud":"ari:cloud:bitbucket::workspace/w-1","sub":"{r-1}:{e-1}:{s-1}"}
    let claims = """
      {"iss":"https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",\
      "aud":"ari:cloud:bitbucket::workspace/w-1","sub":"{r-1}:{e-1}:{s-1}"}
      """
    let payload = Base64.encode(Array(claims.utf8)).replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
    let bitbucket = [
      "BITBUCKET_BUILD_NUMBER": "7", "BITBUCKET_STEP_OIDC_TOKEN": "e30.\(payload).c2ln",
    ]
    #expect(
      policy(in: bitbucket)
        == TrustPolicy(
          provider: "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
          audience: "ari:cloud:bitbucket::workspace/w-1", subjects: ["{r-1}:{e-1}:*"]))
  }

  @Test(
    "the pages of the CI systems have the policy that doctor prints there",
    arguments: [
      ("github", [:], "https://github.com/example/shop"), ("gitlab", [:], "https://gitlab.com/example/shop"),
      (
        "buildkite",
        [
          "BUILDKITE": "true", "BUILDKITE_ORGANIZATION_SLUG": "example", "BUILDKITE_PIPELINE_SLUG": "shop",
        ], "https://github.com/example/shop"
      ),
      (
        "circleci",
        ["CIRCLECI": "true", "CIRCLE_ORGANIZATION_ID": "ORGANIZATION", "CIRCLE_PROJECT_ID": "PROJECT"],
        "https://github.com/example/shop"
      ),
    ])
  func pages(page: String, environment: [String: String], remote: String) throws {
    let wanted = try #require(policy(in: environment, remote: GitRemote(url: remote)))
    let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let text = String(decoding: try Files.read("\(root)/docs/ci/\(page).md"), as: UTF8.self)
    let block = try #require(
      Document(path: page, text: text).blocks.first { $0.language == "json" && $0.text.contains("Federated") }
    )
    let statement = try #require(try JSON(parsing: block.text)["Statement"]?.array?.first)
    let provider = statement["Principal"]?["Federated"]?.string
    #expect(provider?.hasSuffix("oidc-provider/\(wanted.provider)") == true)
    let conditions = (statement["Condition"]?.object?.keys ?? []).compactMap { statement["Condition"]?[$0] }
    func values(_ claim: String) -> [String] {
      conditions.compactMap { $0["\(wanted.provider):\(claim)"] }.flatMap { value in
        value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
      }
    }
    #expect(values("aud") == [wanted.audience])
    #expect(Set(values("sub")).isSuperset(of: wanted.subjects))
    // What the recipe asks its system for; the others give one that is not asked for.
    if let asked = ["gitlab": "aud: ", "buildkite": "--audience "][page] {
      #expect(text.contains(asked + wanted.audience))
    }
  }

  @Test(
    "where a pipeline has no tokens, or does not tell what is in them, it is said why",
    arguments: [
      (["JENKINS_URL": "https://ci"], "Jenkins"), (["CODEBUILD_BUILD_ID": "b:1"], "service role"),
      (["TF_BUILD": "True"], "service connection"),
      (["BUILDKITE": "true"], "BUILDKITE_PIPELINE_SLUG"),
      (["CIRCLECI": "true"], "CIRCLE_ORGANIZATION_ID"),
      (["BITBUCKET_BUILD_NUMBER": "7"], "'oidc: true'"),
      (["BITBUCKET_BUILD_NUMBER": "7", "BITBUCKET_STEP_OIDC_TOKEN": "a.b"], "is no token"),
    ])
  func unknown(environment: [String: String], words: String) {
    #expect(reason(in: environment, remote: github)?.contains(words) == true)
  }
}
