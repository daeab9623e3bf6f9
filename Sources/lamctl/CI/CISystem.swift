/// What runs this process, as far as the environment tells.
struct CISystem: Equatable, Sendable {
  /// Whose conventions hold for folds, annotations and outputs.
  enum Kind: String, Sendable {
    case githubActions, gitlab, buildkite, jenkins, circleCI, codeBuild, azurePipelines, bitbucket
    /// Some other system that sets `CI`.
    case other
  }

  /// What is built.
  enum Subject: Equatable, Sendable {
    /// A branch.
    case branch(String)
    /// A pull or merge request, by its number or name. It is not its source branch, which is called as its author likes, in
    /// a fork even `main`.
    case pullRequest(String)
    /// A tag, a commit, or what is not told.
    case other
  }

  let kind: Kind
  /// Names the run shortly, such as `gh-123456`; nil where the system gives it no name.
  var run: String?
  /// Where a person can look at the run.
  var link: String?
  /// Who has started the run, as the system calls them; nil where it names nobody.
  var actor: String?
  /// What is built.
  var subject = Subject.other
  /// The commit that is built.
  var commit: String?

  /// The values of variables; nil for those that are unset or empty.
  typealias Variables = (String) -> String?

  /// Recognises a CI system by the variables that it documents; nil outside of any.
  init?(environment: [String: String]) {
    let value: Variables = { name in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let systems: [(isHere: Bool, kind: Kind, read: (inout CISystem, Variables) -> Void)] = [
      (value("GITHUB_ACTIONS") == "true", .githubActions, { $0.readGitHub($1) }),
      (value("GITLAB_CI") == "true", .gitlab, { $0.readGitLab($1) }),
      (value("BUILDKITE") == "true", .buildkite, { $0.readBuildkite($1) }),
      (value("CIRCLECI") == "true", .circleCI, { $0.readCircleCI($1) }),
      (value("TF_BUILD")?.lowercased() == "true", .azurePipelines, { $0.readAzure($1) }),
      (value("BITBUCKET_BUILD_NUMBER") != nil, .bitbucket, { $0.readBitbucket($1) }),
      (value("CODEBUILD_BUILD_ID") != nil, .codeBuild, { $0.readCodeBuild($1) }),
      (value("JENKINS_URL") != nil, .jenkins, { $0.readJenkins($1) }),
      (value("CI").map { !["false", "0"].contains($0.lowercased()) } ?? false, .other, { _, _ in }),
    ]
    guard let system = systems.first(where: { $0.isHere }) else { return nil }
    kind = system.kind
    system.read(&self, value)
    run = run.map(Owner.clean)
  }

  /// The branch that is built; nil for everything else.
  var branch: String? {
    guard case .branch(let name) = subject else { return nil }
    return name
  }

  /// The pull or merge request that is built; nil for everything else.
  var pullRequest: String? {
    guard case .pullRequest(let name) = subject else { return nil }
    return name
  }

  /// Keeps foreign text from being read as a command; nil where the system reads none off its log.
  var logGuard: LogGuard? { [.githubActions, .azurePipelines].contains(kind) ? LogGuard() : nil }

  /// A branch's name out of `refs/heads/NAME`.
  static func branch(of reference: String?) -> String? {
    reference.flatMap { $0.hasPrefix("refs/heads/") ? String($0.dropFirst(11)) : nil }
  }
}
