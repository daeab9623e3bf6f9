import Core
import Testing

@testable import lamctl

@Suite("CI systems")
struct CISystemTests {
  private static func system(
    _ environment: [String: String]
  ) -> [String?] {
    guard let system = CISystem(environment: environment) else { return [] }
    return [system.kind.rawValue, system.run, system.link, system.branch, system.commit]
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
        github.merging(["GITHUB_HEAD_REF": "fix", "GITHUB_REF_NAME": "12/merge"]) { $1 },
        ["githubActions", "gh-123", "https://git.example/acme/shop/actions/runs/123", "fix", "abc"]
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
        ["GITLAB_CI": "true", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "fix"], ["gitlab", nil, nil, "fix", nil]
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
}
