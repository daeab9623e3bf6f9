import Core
import Testing

@testable import lamctl

@Suite("CI systems")
struct CISystemTests {
  private static func system(
    _ environment: [String: String]
  ) -> [String?] {
    guard let system = CISystem(environment: environment) else { return [] }
    return [
      system.kind.rawValue, system.run, system.link, system.branch ?? system.pullRequest.map { "#" + $0 },
      system.commit,
    ]
  }

  private static let github = [
    "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "123", "GITHUB_REPOSITORY": "acme/shop",
    "GITHUB_SERVER_URL": "https://git.example", "GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main",
    "GITHUB_HEAD_REF": "", "GITHUB_SHA": "abc",
  ]

  @Test(
    "each system's own variables name the run, its link, the branch and the commit",
    arguments: [
      (github, ["githubActions", "gh-123", "https://git.example/acme/shop/actions/runs/123", "main", "abc"]),
      (
        github.merging([
          "GITHUB_HEAD_REF": "main", "GITHUB_REF": "refs/pull/12/merge", "GITHUB_REF_NAME": "12/merge",
        ]) { $1 },
        ["githubActions", "gh-123", "https://git.example/acme/shop/actions/runs/123", "#12", "abc"]
      ),
      (
        github.merging(["GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "v1"]) { $1 },
        ["githubActions", "gh-123", "https://git.example/acme/shop/actions/runs/123", nil, "abc"]
      ),
      (
        [
          "GITLAB_CI": "true", "CI_PIPELINE_ID": "9", "CI_JOB_URL": "https://gl/j/1",
          "CI_COMMIT_BRANCH": "main",
          "CI_COMMIT_SHA": "def",
        ], ["gitlab", "gl-9", "https://gl/j/1", "main", "def"]
      ),
      (
        [
          "GITLAB_CI": "true", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "main", "CI_MERGE_REQUEST_IID": "5",
          "CI_COMMIT_BRANCH": "main",
        ], ["gitlab", nil, nil, "#5", nil]
      ),
      (
        [
          "BUILDKITE": "true", "BUILDKITE_BUILD_NUMBER": "412", "BUILDKITE_BUILD_ID": "0186f3c2-aaaa-bbbb",
          "BUILDKITE_BUILD_URL": "https://bk/412", "BUILDKITE_BRANCH": "main", "BUILDKITE_COMMIT": "HEAD",
        ],
        ["buildkite", "bk-412-0186f3c2", "https://bk/412", "main", nil]
      ),
      (
        [
          "JENKINS_URL": "https://j", "JOB_NAME": "shop/main deploy", "BUILD_NUMBER": "7",
          "BUILD_URL": "https://j/7",
          "GIT_BRANCH": "origin/main", "GIT_COMMIT": "abc",
        ],
        ["jenkins", "jk-shop-main-deploy-7", "https://j/7", "main", "abc"]
      ),
      (
        ["JENKINS_URL": "https://j", "BRANCH_NAME": "v1", "TAG_NAME": "v1"], ["jenkins", nil, nil, nil, nil]
      ),
      (["CI": "true"], ["other", nil, nil, nil, nil]), (["CI": "1"], ["other", nil, nil, nil, nil]),
      (["CI": "false"], []), ([:], []), (["GITHUB_ACTIONS": ""], []),
    ])
  func detection(environment: [String: String], expected: [String?]) {
    #expect(Self.system(environment) == expected)
  }

  @Test(
    "systems whose checkout has no branch know it by their variables",
    arguments: [
      (
        [
          "CIRCLECI": "true", "CI": "true", "CIRCLE_BRANCH": "main", "CIRCLE_SHA1": "abc",
          "CIRCLE_BUILD_NUM": "9",
          "CIRCLE_BUILD_URL": "https://cc/9",
        ], ["circleCI", "cc-9", "https://cc/9", "main", "abc"]
      ),
      (
        [
          "TF_BUILD": "True", "BUILD_SOURCEBRANCH": "refs/heads/release/1", "BUILD_SOURCEVERSION": "abc",
          "BUILD_BUILDID": "7",
          "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI": "https://dev.azure.com/acme/", "SYSTEM_TEAMPROJECT": "shop",
        ],
        [
          "azurePipelines", "az-7", "https://dev.azure.com/acme/shop/_build/results?buildId=7", "release/1",
          "abc",
        ]
      ),
      (
        [
          "CI": "true", "BITBUCKET_BUILD_NUMBER": "3", "BITBUCKET_REPO_FULL_NAME": "acme/shop",
          "BITBUCKET_BRANCH": "main",
          "BITBUCKET_COMMIT": "abc",
        ], ["bitbucket", "bb-3", "https://bitbucket.org/acme/shop/pipelines/results/3", "main", "abc"]
      ),
      (
        [
          "CODEBUILD_BUILD_ID": "shop:6f5c", "CODEBUILD_WEBHOOK_TRIGGER": "branch/main",
          "CODEBUILD_RESOLVED_SOURCE_VERSION": "abc", "CODEBUILD_BUILD_URL": "https://cb/6f5c",
        ], ["codeBuild", "cb-6f5c", "https://cb/6f5c", "main", "abc"]
      ),
      (
        ["CODEBUILD_BUILD_ID": "shop:6f5c", "CODEBUILD_SOURCE_VERSION": "refs/heads/main"],
        ["codeBuild", "cb-6f5c", nil, "main", nil]
      ),
      (
        ["CODEBUILD_BUILD_ID": "shop:6f5c", "CODEBUILD_WEBHOOK_TRIGGER": "tag/v1"],
        ["codeBuild", "cb-6f5c", nil, nil, nil]
      ),
      (["TF_BUILD": "True", "BUILD_SOURCEBRANCH": "refs/tags/v1"], ["azurePipelines", nil, nil, nil, nil]),
    ])
  func detachedHeads(environment: [String: String], expected: [String?]) {
    #expect(Self.system(environment) == expected)
  }

  @Test(
    "a run for a pull or merge request is no run of its source branch, whatever that is called",
    arguments: [
      [
        "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_REF": "refs/pull/5/merge",
        "GITHUB_HEAD_REF": "main",
      ],
      [
        "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_REF": "refs/heads/main",
        "GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main", "GITHUB_HEAD_REF": "main",
      ],
      [
        "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request_review",
        "GITHUB_REF": "refs/pull/5/merge",
      ],
      ["GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "5"],
      ["GITLAB_CI": "true", "CI_EXTERNAL_PULL_REQUEST_IID": "5", "CI_COMMIT_BRANCH": "main"],
      ["BUILDKITE": "true", "BUILDKITE_PULL_REQUEST": "5", "BUILDKITE_BRANCH": "main"],
      ["JENKINS_URL": "https://j", "CHANGE_ID": "5", "CHANGE_BRANCH": "main", "BRANCH_NAME": "PR-5"],
      ["JENKINS_URL": "https://j", "ghprbPullId": "5", "GIT_BRANCH": "origin/main"],
      ["CIRCLECI": "true", "CIRCLE_BRANCH": "main", "CIRCLE_PR_NUMBER": "5"],
      [
        "CIRCLECI": "true", "CIRCLE_BRANCH": "main",
        "CIRCLE_PULL_REQUEST": "https://github.com/acme/shop/pull/5",
      ],
      ["CIRCLECI": "true", "CIRCLE_BRANCH": "pull/5"],
      ["TF_BUILD": "True", "BUILD_REASON": "PullRequest", "BUILD_SOURCEBRANCH": "refs/pull/5/merge"],
      ["TF_BUILD": "True", "SYSTEM_PULLREQUEST_PULLREQUESTID": "5", "BUILD_SOURCEBRANCH": "refs/heads/main"],
      ["BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_BRANCH": "main", "BITBUCKET_PR_ID": "5"],
      [
        "CODEBUILD_BUILD_ID": "a:b", "CODEBUILD_WEBHOOK_TRIGGER": "pr/5",
        "CODEBUILD_WEBHOOK_HEAD_REF": "refs/heads/main",
      ],
      ["CODEBUILD_BUILD_ID": "a:b", "CODEBUILD_SOURCE_VERSION": "pr/5"],
      [
        "CODEBUILD_BUILD_ID": "a:b", "CODEBUILD_WEBHOOK_EVENT": "PULL_REQUEST_UPDATED",
        "CODEBUILD_WEBHOOK_HEAD_REF": "refs/heads/main",
      ],
    ])
  func requests(environment: [String: String]) async throws {
    let system = try #require(CISystem(environment: environment))
    #expect(system.branch == nil && system.pullRequest != nil)
    var world = World()
    world.environment = environment
    // The checkout's own branch does not count either: the request's code is what is built.
    let repository = try await Repository()
    _ = try await repository.commit()
    let facts = await RunFacts(root: repository.path, in: world.context([]))
    #expect(facts.branch == nil)
  }

  @Test(
    "who has started the run is told where the system names them",
    arguments: [
      (["GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "maria"], "maria"),
      (["GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "maria", "GITHUB_TRIGGERING_ACTOR": "jo"], "jo"),
      (["GITLAB_CI": "true", "GITLAB_USER_LOGIN": "maria"], "maria"),
      (["BUILDKITE": "true", "BUILDKITE_BUILD_CREATOR": "Maria P"], "Maria P"),
      (
        ["BUILDKITE": "true", "BUILDKITE_BUILD_CREATOR": "Maria P", "BUILDKITE_UNBLOCKER": "Jo Q"], "Jo Q"
      ),
      (["CIRCLECI": "true", "CIRCLE_USERNAME": "maria"], "maria"),
      (["TF_BUILD": "True", "BUILD_REQUESTEDFOR": "Maria P"], "Maria P"),
      (["JENKINS_URL": "https://j", "BUILD_USER_ID": "maria"], "maria"),
      (["CODEBUILD_BUILD_ID": "a:b", "CODEBUILD_INITIATOR": "codepipeline/shop"], "codepipeline/shop"),
      (["BITBUCKET_BUILD_NUMBER": "3"], nil), (["CI": "true"], nil),
    ] as [([String: String], String?)])
  func actor(environment: [String: String], expected: String?) {
    #expect(CISystem(environment: environment)?.actor == expected)
  }

  @Test("a build that Buildkite did not start for a request is one of its branch")
  func noRequest() {
    #expect(
      CISystem(environment: [
        "BUILDKITE": "true", "BUILDKITE_PULL_REQUEST": "false", "BUILDKITE_BRANCH": "main",
      ])?.branch == "main")
  }

  @Test("an environment of one branch refuses another, a request, a detached head and a folder without git")
  func branches() async throws {
    let repository = try await Repository()
    let commit = try await repository.commit()
    func refusal(_ environment: [String: String], in path: String? = nil) async -> Failure? {
      var world = World()
      world.environment = environment
      let facts = await RunFacts(root: path ?? repository.path, in: world.context([]))
      do throws(Failure) {
        try facts.checkBranch(of: "prod", among: ["main"])
        return nil
      } catch {
        return error
      }
    }
    _ = try await repository.git(["checkout", "-q", "--detach", commit])
    let words = "environment prod is released from main, and this is "
    #expect(await refusal([:])?.message == words + "no branch")
    #expect(await refusal(["CIRCLECI": "true", "CIRCLE_BRANCH": "main"]) == nil)
    #expect(
      await refusal(["CIRCLECI": "true", "CIRCLE_BRANCH": "dev"])?.message == words + "branch dev")
    let request = await refusal(["CIRCLECI": "true", "CIRCLE_BRANCH": "pull/5"])
    #expect(request?.message == words + "a run for the pull request 5")
    #expect(request?.fix == "release after the merge, or pass --force-branch")
    let bare = await refusal([:], in: "/")
    #expect(bare?.message == words + "not a git repository")
    #expect(bare?.fix == "release from a checkout, or pass --force-branch")
  }

  @Test("the owner is the CI run, else the user, machine and process; never with spaces, never long")
  func owner() {
    let ci = CISystem(environment: Self.github)
    #expect(Owner.name(ci: ci, user: "u", host: "h", processID: 1) == "gh-123")
    #expect(Owner.name(ci: nil, user: "ann", host: "laptop", processID: 42) == "ann@laptop:42")
    #expect(Owner.name(ci: nil, user: "a b=c", host: "ö", processID: 1) == "a-b-c@-:1")
    let long = String(repeating: "x", count: 80)
    let names = ["1", "2"].map { Owner.name(ci: nil, user: long + $0, host: "h", processID: 4_711) }
    #expect(names.allSatisfy { $0.count <= Owner.limit && $0.hasSuffix("@h:4711") })
    #expect(names[0] != names[1])
    #expect(Owner.current(environment: ["GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "5"]) == "gh-5")
    #expect(Owner.current(environment: ["USER": "ann"]).hasPrefix("ann@"))
  }

  @Test("a project is called as it likes, and the link leads to it")
  func addresses() {
    let system = CISystem(environment: [
      "TF_BUILD": "True", "SYSTEM_COLLECTIONURI": "https://dev.azure.com/acme/",
      "SYSTEM_TEAMPROJECT": "My (50%) Shöp",
      "BUILD_BUILDID": "12",
    ])
    let link = "https://dev.azure.com/acme/My%20%2850%25%29%20Sh%C3%B6p/_build/results?buildId=12"
    #expect(system?.link == link)
    #expect(Markdown.link("run", link) == "[run](\(link))", "what is encoded stays so")
    #expect(
      Markdown.link("run", "https://ci/job/a (b)/job/c'd/1/")
        == "[run](https://ci/job/a%20%28b%29/job/c%27d/1/)")
    #expect(HTMLText.link("https://ci/a b").hasPrefix("<a href=\"https://ci/a%20b\""))
  }
}
