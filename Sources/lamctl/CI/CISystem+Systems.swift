// What each system says of itself; each reads only what its public documentation lists.
extension CISystem {
  /// docs.github.com/actions/reference/workflows-and-actions/variables
  mutating func readGitHub(_ value: Variables) {
    run = value("GITHUB_RUN_ID").map { "gh-" + $0 }
    if let repository = value("GITHUB_REPOSITORY"), let id = value("GITHUB_RUN_ID") {
      link = "\(value("GITHUB_SERVER_URL") ?? "https://github.com")/\(repository)/actions/runs/\(id)"
    }
    commit = value("GITHUB_SHA")
    // Somebody else than the one who has pushed may have run it again.
    actor = value("GITHUB_TRIGGERING_ACTOR") ?? value("GITHUB_ACTOR")
    let reference = value("GITHUB_REF") ?? ""
    // The head is set for pull requests alone; pull_request_target runs on the base branch, for a stranger's request.
    if value("GITHUB_HEAD_REF") != nil || reference.hasPrefix("refs/pull/")
      || value("GITHUB_EVENT_NAME")?.hasPrefix("pull_request") == true
    {
      let number = reference.split(separator: "/").dropFirst(2).first.map(String.init)
      subject = .pullRequest(
        reference.hasPrefix("refs/pull/") ? number ?? reference : value("GITHUB_HEAD_REF") ?? "")
    } else if value("GITHUB_REF_TYPE") == "branch", let name = value("GITHUB_REF_NAME") {
      subject = .branch(name)
    } else if let name = Self.branch(of: reference) {
      subject = .branch(name)
    }
  }

  /// docs.gitlab.com/ci/variables/predefined_variables
  mutating func readGitLab(_ value: Variables) {
    run = value("CI_PIPELINE_ID").map { "gl-" + $0 }
    link = value("CI_JOB_URL") ?? value("CI_PIPELINE_URL")
    commit = value("CI_COMMIT_SHA")
    actor = value("GITLAB_USER_LOGIN")
    let request =
      value("CI_MERGE_REQUEST_IID") ?? value("CI_EXTERNAL_PULL_REQUEST_IID")
      ?? value("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME")
    if let request {
      subject = .pullRequest(request)
    } else if let name = value("CI_COMMIT_BRANCH") {
      subject = .branch(name)
    }
  }

  /// buildkite.com/docs/pipelines/configure/environment-variables
  mutating func readBuildkite(_ value: Variables) {
    // The number counts per pipeline; a piece of the build's UUID tells pipelines apart.
    let parts = [
      "bk", value("BUILDKITE_BUILD_NUMBER"), value("BUILDKITE_BUILD_ID").map { String($0.prefix(8)) },
    ]
    let known = parts.compactMap { $0 }
    run = known.count > 1 ? known.joined(separator: "-") : nil
    link = value("BUILDKITE_BUILD_URL")
    actor = value("BUILDKITE_UNBLOCKER") ?? value("BUILDKITE_BUILD_CREATOR")
    // A build started by hand may say HEAD, which names no commit.
    commit = value("BUILDKITE_COMMIT").flatMap { $0 == "HEAD" ? nil : $0 }
    if let request = value("BUILDKITE_PULL_REQUEST"), request != "false" {
      subject = .pullRequest(request)
    } else if value("BUILDKITE_TAG") == nil, let name = value("BUILDKITE_BRANCH") {
      // On a tag the branch repeats the tag's name.
      subject = .branch(name)
    }
  }

  /// The variables of multibranch jobs (branch-api plugin) and of the git plugin; those of the plugins that build requests of
  /// GitHub and GitLab.
  mutating func readJenkins(_ value: Variables) {
    if let job = value("JOB_NAME"), let number = value("BUILD_NUMBER") { run = "jk-\(job)-\(number)" }
    link = value("BUILD_URL")
    commit = value("GIT_COMMIT")
    // The core tells nobody's name; the plugin build-user-vars does.
    actor = value("BUILD_USER_ID") ?? value("BUILD_USER")
    let request =
      value("CHANGE_ID") ?? value("CHANGE_BRANCH") ?? value("ghprbPullId") ?? value("gitlabMergeRequestIid")
    let remote = value("GIT_BRANCH").map { $0.hasPrefix("origin/") ? String($0.dropFirst(7)) : $0 }
    if let request {
      subject = .pullRequest(request)
    } else if value("TAG_NAME") == nil, let name = value("BRANCH_NAME") ?? remote {
      // In a multibranch job TAG_NAME is set for a tag, whose name BRANCH_NAME repeats.
      subject = .branch(name)
    }
  }

  /// circleci.com/docs/variables
  mutating func readCircleCI(_ value: Variables) {
    run =
      value("CIRCLE_WORKFLOW_JOB_ID").map { "cc-" + $0.prefix(13) }
      ?? value("CIRCLE_BUILD_NUM").map { "cc-" + $0 }
    link = value("CIRCLE_BUILD_URL")
    commit = value("CIRCLE_SHA1")
    actor = value("CIRCLE_USERNAME")
    // It builds branches, and says of each whether a request is open for it.
    if let request = value("CIRCLE_PR_NUMBER") ?? value("CIRCLE_PULL_REQUEST") {
      subject = .pullRequest(request.split(separator: "/").last.map(String.init) ?? request)
    } else if let name = value("CIRCLE_BRANCH") {
      subject = name.hasPrefix("pull/") ? .pullRequest(String(name.dropFirst(5))) : .branch(name)
    }
  }

  /// learn.microsoft.com/azure/devops/pipelines/build/variables
  mutating func readAzure(_ value: Variables) {
    run = value("BUILD_BUILDID").map { "az-" + $0 }
    if let server = value("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI") ?? value("SYSTEM_COLLECTIONURI"),
      let project = value("SYSTEM_TEAMPROJECT"), let id = value("BUILD_BUILDID")
    {
      link =
        "\(server)\(server.hasSuffix("/") ? "" : "/")\(WebAddress.segment(project))/_build/results?buildId=\(id)"
    }
    commit = value("BUILD_SOURCEVERSION")
    actor = value("BUILD_REQUESTEDFOR")
    let reference = value("BUILD_SOURCEBRANCH") ?? ""
    let isRequest = value("BUILD_REASON") == "PullRequest" || reference.hasPrefix("refs/pull/")
    if let request = value("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER")
      ?? value("SYSTEM_PULLREQUEST_PULLREQUESTID")
    {
      subject = .pullRequest(request)
    } else if isRequest {
      subject = .pullRequest(reference)
    } else if let name = Self.branch(of: reference) {
      subject = .branch(name)
    }
  }

  /// support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets
  mutating func readBitbucket(_ value: Variables) {
    let number = value("BITBUCKET_BUILD_NUMBER")
    run = number.map { "bb-\(value("BITBUCKET_REPO_SLUG").map { $0 + "-" } ?? "")\($0)" }
    if let repository = value("BITBUCKET_REPO_FULL_NAME"), let number {
      link = "https://bitbucket.org/\(repository)/pipelines/results/\(number)"
    }
    commit = value("BITBUCKET_COMMIT")
    if let request = value("BITBUCKET_PR_ID") {
      subject = .pullRequest(request)
    } else if value("BITBUCKET_TAG") == nil, let name = value("BITBUCKET_BRANCH") {
      subject = .branch(name)
    }
  }

  /// docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
  mutating func readCodeBuild(_ value: Variables) {
    run = value("CODEBUILD_BUILD_ID").map {
      "cb-" + ($0.split(separator: ":").last.map { $0.prefix(13) } ?? "")
    }
    link = value("CODEBUILD_PUBLIC_BUILD_URL") ?? value("CODEBUILD_BUILD_URL")
    commit = value("CODEBUILD_RESOLVED_SOURCE_VERSION")
    actor = value("CODEBUILD_INITIATOR")
    // `branch/NAME`, `tag/NAME` or `pr/NUMBER`; a build that no webhook has started says what it was given.
    let trigger = value("CODEBUILD_WEBHOOK_TRIGGER") ?? value("CODEBUILD_SOURCE_VERSION") ?? ""
    if trigger.hasPrefix("pr/") || value("CODEBUILD_WEBHOOK_EVENT")?.hasPrefix("PULL_REQUEST") == true {
      subject = .pullRequest(trigger.hasPrefix("pr/") ? String(trigger.dropFirst(3)) : trigger)
    } else if trigger.hasPrefix("branch/") {
      subject = .branch(String(trigger.dropFirst(7)))
    } else if let name = Self.branch(of: value("CODEBUILD_WEBHOOK_HEAD_REF") ?? trigger) {
      subject = .branch(name)
    }
  }
}
