/// What runs this process, as far as the environment tells.
struct CISystem: Equatable, Sendable {
  /// Whose conventions hold for folds, annotations and outputs.
  enum Kind: String, Sendable {
    case githubActions, gitlab, buildkite, jenkins
    /// Some other system that sets `CI`.
    case other
  }

  let kind: Kind
  /// Names the run shortly, such as `gh-123456`; nil where the system gives it no name.
  var run: String?
  /// Where a person can look at the run.
  var link: String?
  /// The branch that is built; nil for a tag, and where it is not told.
  var branch: String?
  /// The commit that is built.
  var commit: String?

  /// Recognises a CI system by the variables that it documents; nil outside of any.
  init?(environment: [String: String]) {
    let value: (String) -> String? = { name in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if value("GITHUB_ACTIONS") == "true" {
      kind = .githubActions
      readGitHub(value)
    } else if value("GITLAB_CI") == "true" {
      kind = .gitlab
      run = value("CI_PIPELINE_ID").map { "gl-" + $0 }
      link = value("CI_JOB_URL") ?? value("CI_PIPELINE_URL")
      branch = value("CI_COMMIT_BRANCH") ?? value("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME")
      commit = value("CI_COMMIT_SHA")
    } else if value("BUILDKITE") == "true" {
      kind = .buildkite
      readBuildkite(value)
    } else if value("JENKINS_URL") != nil {
      kind = .jenkins
      readJenkins(value)
    } else if let mark = value("CI"), !["false", "0"].contains(mark.lowercased()) {
      kind = .other
    } else {
      return nil
    }
    run = run.map(Owner.clean)
  }

  private mutating func readGitHub(_ value: (String) -> String?) {
    run = value("GITHUB_RUN_ID").map { "gh-" + $0 }
    if let repository = value("GITHUB_REPOSITORY"), let id = value("GITHUB_RUN_ID") {
      link = "\(value("GITHUB_SERVER_URL") ?? "https://github.com")/\(repository)/actions/runs/\(id)"
    }
    // A pull request's own name is `12/merge`; its head is the branch.
    branch =
      value("GITHUB_HEAD_REF") ?? (value("GITHUB_REF_TYPE") == "branch" ? value("GITHUB_REF_NAME") : nil)
    commit = value("GITHUB_SHA")
  }

  private mutating func readBuildkite(_ value: (String) -> String?) {
    // The number counts per pipeline; a piece of the build's UUID tells pipelines apart.
    let parts = [
      "bk", value("BUILDKITE_BUILD_NUMBER"), value("BUILDKITE_BUILD_ID").map { String($0.prefix(8)) },
    ]
    let known = parts.compactMap { $0 }
    run = known.count > 1 ? known.joined(separator: "-") : nil
    link = value("BUILDKITE_BUILD_URL")
    // On a tag the branch repeats the tag's name.
    branch = value("BUILDKITE_TAG") == nil ? value("BUILDKITE_BRANCH") : nil
    // A build started by hand may say HEAD, which names no commit.
    commit = value("BUILDKITE_COMMIT").flatMap { $0 == "HEAD" ? nil : $0 }
  }

  private mutating func readJenkins(_ value: (String) -> String?) {
    if let job = value("JOB_NAME"), let number = value("BUILD_NUMBER") { run = "jk-\(job)-\(number)" }
    link = value("BUILD_URL")
    let remote = value("GIT_BRANCH").map { $0.hasPrefix("origin/") ? String($0.dropFirst(7)) : $0 }
    // In a multibranch job TAG_NAME is set for a tag, whose name BRANCH_NAME repeats.
    branch = value("CHANGE_BRANCH") ?? (value("TAG_NAME") == nil ? value("BRANCH_NAME") ?? remote : nil)
    commit = value("GIT_COMMIT")
  }
}
