import Core
import Glibc
import Release
import TestSupport
import Testing

@testable import lamctl

/// Repositories of strangers, whose configuration would have git run something.
@Suite("A hostile repository")
struct HostileGitTests {
  /// A program that leaves a file where it was run.
  private static func trap(in repository: Repository) throws -> (program: String, mark: String) {
    let mark = repository.folder.path + "/ran"
    try repository.folder.write("trap.sh", "#!/bin/sh\necho \"$0 $AWS_SECRET_ACCESS_KEY\" >> \(mark)\ncat\n")
    let program = repository.folder.path + "/trap.sh"
    try #require(chmod(program, 0o755) == 0)
    return (program, mark)
  }

  private static func look(at folder: String, _ repository: Repository, between commits: [String])
    async throws -> Bool?
  {
    let environment = repository.environment.merging(["AWS_SECRET_ACCESS_KEY": "topsecretvalue"]) { $1 }
    let checkout = try #require(GitCheckout(around: folder))
    let isDirty = await checkout.isDirty(below: folder, environment: environment)
    let history = GitHistory(folder: folder, environment: environment)
    _ = await history.order(of: commits[0], to: commits[1])
    return isDirty
  }

  @Test("runs none of the programs that its configuration names")
  func configuration() async throws {
    let repository = try await Repository()
    let commits = [try await repository.commit("a"), try await repository.commit("b")]
    let (program, mark) = try Self.trap(in: repository)
    try repository.folder.write("shop/.gitattributes", "* filter=x diff=x merge=x\n")
    try await repository.git(["add", "."])
    try await repository.git(["commit", "-q", "-m", "attributes"])
    for (key, value) in [
      ("core.fsmonitor", program), ("core.hooksPath", repository.folder.path), ("filter.x.clean", program),
      ("filter.x.smudge", program), ("filter.x.process", program), ("filter.x.required", "true"),
      ("diff.x.textconv", program),
      ("diff.x.command", program), ("diff.external", program), ("core.pager", program),
      ("pager.status", program),
      ("core.sshCommand", program), ("core.askPass", program), ("credential.helper", "!" + program),
      ("alias.status", "!" + program), ("core.editor", program), ("core.worktree", "/"),
      ("gpg.program", program),
      ("uploadpack.packObjectsHook", program), ("core.gitProxy", program), ("include.path", "/dev/stdin"),
    ] { try await repository.git(["config", key, value]) }
    // Changed in time but not in content: git reads such a file again, through its filters.
    try repository.folder.write("shop/a", "a")
    utimes(repository.path + "/a", nil)
    let isDirty = try await Self.look(at: repository.path, repository, between: commits)
    #expect(isDirty == false)
    #expect(!Files.exists(mark))
  }

  @Test("runs nothing of a bare repository that lies in it, nor of one that is nested as a submodule")
  func embedded() async throws {
    let repository = try await Repository()
    let commits = [try await repository.commit("a"), try await repository.commit("b")]
    let (program, mark) = try Self.trap(in: repository)
    let bare = repository.path + "/vendor"
    try await repository.git(["init", "-q", "--bare", bare])
    for (key, value) in [
      ("core.fsmonitor", program), ("core.bare", "false"), ("core.worktree", repository.path),
    ] {
      try await repository.git(["config", "--file", bare + "/config", key, value])
    }
    let inner = repository.path + "/inner"
    try await repository.git(["clone", "-q", repository.path, inner])
    try await repository.git(["config", "core.fsmonitor", program], in: inner)
    try await repository.git(["config", "filter.x.clean", program], in: inner)
    try repository.folder.write("shop/inner/.gitattributes", "* filter=x\n")
    try await repository.git(["-c", "advice.addEmbeddedRepo=false", "add", "-f", "inner"])
    for folder in [bare, inner, repository.path] where folder != bare {
      _ = try await Self.look(at: folder, repository, between: commits)
    }
    #expect(
      GitCheckout(around: bare)?.root == repository.path, "a folder that looks like a repository is none")
    _ = try await Self.look(at: repository.path, repository, between: commits)
    #expect(!Files.exists(mark))
  }

  @Test("is asked no option in the place of a commit, and its HEAD leads nowhere outside")
  func names() async throws {
    let repository = try await Repository()
    let commit = try await repository.commit("a")
    let history = GitHistory(folder: repository.path, environment: repository.environment)
    for name in ["--upload-pack=x", "-h", "", "HEAD", "main", "../x"] {
      #expect(await history.order(of: name, to: commit) == .notOlder)
      #expect(await history.order(of: commit, to: name) == .notOlder)
    }
    try repository.folder.write("outside", String(repeating: "a", count: 40))
    for target in ["refs/../../../outside", "../../outside", "refs//heads/main", "/etc/hostname"] {
      try repository.folder.write("shop/.git/HEAD", "ref: \(target)\n")
      #expect(GitCheckout(around: repository.path)?.commit == nil)
    }
  }

  @Test("keeps the settings that say how files compare, and its own ignore rules")
  func plainSettings() async throws {
    let repository = try await Repository()
    _ = try await repository.commit("a")
    try await repository.git(["config", "core.fileMode", "false"])
    try #require(chmod(repository.path + "/a", 0o755) == 0)
    try repository.folder.write("shop/.git/info/exclude", "*.local\n")
    try repository.folder.write("shop/x.local", "")
    let checkout = try #require(GitCheckout(around: repository.path))
    #expect(await checkout.isDirty(environment: repository.environment) == false)
    try await repository.git(["config", "core.fileMode", "true"])
    #expect(await checkout.isDirty(environment: repository.environment) == true)
  }

  @Test("git sees its own variables and no secret")
  func environment() {
    let all = [
      "PATH": "/bin", "HOME": "/h", "AWS_SECRET_ACCESS_KEY": "s", "GITHUB_TOKEN": "t", "GIT_SSH_COMMAND": "x",
      "GIT_CONFIG_COUNT": "1",
      "GIT_EXTERNAL_DIFF": "x", "GIT_DIR": "/x", "LC_ALL": "C",
    ]
    let seen = ChildEnvironment.git(all).variables
    #expect(
      Set(seen.keys) == [
        "PATH", "HOME", "LC_ALL", "GIT_OPTIONAL_LOCKS", "GIT_NO_LAZY_FETCH", "GIT_TERMINAL_PROMPT",
        "GIT_PAGER",
      ])
  }

  @Test(
    "builds see no AWS secret and no token of a CI system unless they are declared to need it; hooks call AWS"
  )
  func builds() {
    let all = [
      "PATH": "/bin", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "s", "GITHUB_TOKEN": "t",
      "CI_JOB_TOKEN": "t",
      "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t", "NPM_TOKEN": "n", "GITHUB_SHA": "abc", "STAGE": "beta",
    ]
    #expect(Set(ChildEnvironment.build(all).variables.keys) == ["PATH"])
    #expect(ChildEnvironment.build(all, declared: ["NPM_TOKEN": "n"]).variables["NPM_TOKEN"] == "n")
    // What package managers are told of their servers is theirs; what would make another tree is not.
    let servers = [
      "MAVEN_OPTS": "-Xmx1g", "GOINSECURE": "example.com", "NUGET_PACKAGES": "/n",
      "BUNDLE_GEMS__EXAMPLE__COM": "user:word",
      "BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/": "https://example.com",
    ]
    let others = ["BUNDLE_GEMFILE": "/x", "BUNDLE_WITHOUT": "test", "BUNDLE_LOCAL__RACK": "/x"]
    #expect(ChildEnvironment.build(servers.merging(others) { $1 }).variables == servers)
    let hook = ChildEnvironment.hook(all, declared: ["STAGE": "beta"], call: ["LAMCTL_HOOK": "afterTraffic"])
      .variables
    #expect(
      Set(hook.keys) == [
        "PATH", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "GITHUB_SHA", "STAGE", "LAMCTL_HOOK",
      ])
  }
}
