/// The variables that a child program sees. Each purpose has a list of what it needs; a child never gets the whole
/// environment of this process, which holds keys of AWS and tokens of CI systems.
package struct ChildEnvironment: Hashable, Sendable {
  /// Names and values.
  package let variables: [String: String]

  private init(_ variables: [String: String]) {
    self.variables = variables
  }

  /// Exactly these, which the caller has made one by one.
  package static func exactly(_ variables: [String: String]) -> ChildEnvironment {
    ChildEnvironment(variables)
  }

  /// For git: where its programs and the user's own settings are. What could make it run something else
  /// (`GIT_SSH_COMMAND`, `GIT_EXTERNAL_DIFF`, `GIT_CONFIG_COUNT`) is left out, and it asks nobody anything.
  package static func git(_ environment: [String: String]) -> ChildEnvironment {
    ChildEnvironment(
      chosen(environment, names: basic).merging([
        "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_PAGER": "cat",
      ]) { $1 })
  }

  /// For programs that build or tell their version: toolchains, package managers and the way to the network.
  ///
  /// - Parameter declared: what the build is declared to need.
  package static func build(
    _ environment: [String: String], declared: [String: String] = [:]
  ) -> ChildEnvironment {
    let allowed = chosen(
      environment, names: basic.union(network).union(tools), prefixes: packageManagers)
    let servers = environment.filter { GemServerVariable.matches($0.key) }
    return ChildEnvironment(allowed.merging(servers) { $1 }.merging(declared) { $1 })
  }

  /// What the docker CLI is told by variables of where its engine and its settings are: for builds that use it.
  package static func engine(_ environment: [String: String]) -> [String: String] {
    environment.filter { engineNames.contains($0.key) }
  }

  /// For a program that gives credentials: its own settings, and those of AWS.
  package static func credentialProgram(_ environment: [String: String]) -> ChildEnvironment {
    ChildEnvironment(
      chosen(environment, names: basic.union(network).union(desktop), prefixes: ["AWS_"] + identityProviders))
  }

  /// For the user's own programs around the shift of traffic: they call AWS as lamctl does, and know what is released
  /// and by which run.
  ///
  /// - Parameter declared: what the functions are declared to need.
  package static func hook(
    _ environment: [String: String], declared: [String: String] = [:], call: [String: String]
  ) -> ChildEnvironment {
    let allowed = chosen(
      environment, names: basic.union(network).union(tools).union(pipelines), prefixes: ["AWS_", "LAMCTL_"])
    return ChildEnvironment(allowed.merging(declared) { $1 }.merging(call) { $1 })
  }

  private static func chosen(
    _ environment: [String: String], names: Set<String>, prefixes: [String] = []
  ) -> [String: String] {
    environment.filter { name, _ in
      names.contains(name) || name.hasPrefix("LC_") || prefixes.contains { name.hasPrefix($0) }
    }
  }

  private static let basic: Set<String> = [
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TMPDIR", "TZ", "XDG_CONFIG_HOME",
    "LD_LIBRARY_PATH",
  ]
  private static let network: Set<String> = [
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy",
    "all_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS",
  ]
  private static let tools: Set<String> = [
    "XDG_CACHE_HOME", "GOPATH", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOTOOLCHAIN", "GONOSUMDB",
    "GOPRIVATE", "GONOPROXY", "GOINSECURE", "GONOSUMCHECK", "GOSUMDB", "CARGO_HOME", "RUSTUP_HOME",
    "JAVA_HOME", "M2_HOME", "MAVEN_OPTS", "MAVEN_ARGS", "GRADLE_USER_HOME", "GRADLE_OPTS", "DOTNET_ROOT",
    "NUGET_PACKAGES", "NVM_DIR", "PYENV_ROOT", "PYENV_VERSION", "VIRTUAL_ENV", "CI",
  ]
  private static let engineNames: Set<String> = [
    "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH",
    "DOCKER_API_VERSION", "DOCKER_AUTH_CONFIG", "BUILDX_BUILDER", "BUILDX_CONFIG", "BUILDKIT_HOST",
    "XDG_RUNTIME_DIR", "SSH_AUTH_SOCK",
  ]
  private static let packageManagers = ["PIP_", "UV_", "npm_config_", "NPM_CONFIG_", "YARN_", "POETRY_"]
  /// Where a program finds the user to ask, and the keys it opens a store with.
  private static let desktop: Set<String> = [
    "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
    "GNUPGHOME", "GPG_TTY", "SSH_AUTH_SOCK", "KRB5CCNAME", "KRB5_CONFIG", "BROWSER",
  ]
  private static let identityProviders = [
    "SAML2AWS_", "OKTA_", "ONELOGIN_", "AZURE_", "GOOGLE_", "VAULT_", "OP_", "GRANTED_", "ASSUME_",
  ]
  /// What CI systems say of a run; their tokens are not among it.
  private static let pipelines: Set<String> = [
    "GITHUB_ACTIONS", "GITHUB_ACTOR", "GITHUB_EVENT_NAME", "GITHUB_JOB", "GITHUB_REF", "GITHUB_REF_NAME",
    "GITHUB_REPOSITORY", "GITHUB_RUN_ATTEMPT", "GITHUB_RUN_ID", "GITHUB_RUN_NUMBER", "GITHUB_SERVER_URL",
    "GITHUB_SHA", "GITHUB_WORKFLOW", "GITLAB_CI", "GITLAB_USER_LOGIN", "CI_COMMIT_BRANCH",
    "CI_COMMIT_REF_NAME",
    "CI_COMMIT_SHA", "CI_COMMIT_TAG", "CI_ENVIRONMENT_NAME", "CI_JOB_ID", "CI_JOB_URL", "CI_PIPELINE_ID",
    "CI_PIPELINE_URL", "CI_PROJECT_PATH", "CI_PROJECT_URL", "BUILDKITE", "BUILDKITE_BRANCH",
    "BUILDKITE_BUILD_NUMBER", "BUILDKITE_BUILD_URL", "BUILDKITE_COMMIT", "BUILDKITE_PIPELINE_SLUG",
    "JOB_NAME",
    "BUILD_NUMBER", "BUILD_URL", "BRANCH_NAME", "GIT_BRANCH", "GIT_COMMIT", "JENKINS_URL",
    "CIRCLECI", "CIRCLE_BRANCH", "CIRCLE_BUILD_NUM", "CIRCLE_BUILD_URL", "CIRCLE_JOB",
    "CIRCLE_PROJECT_REPONAME",
    "CIRCLE_PULL_REQUEST", "CIRCLE_SHA1", "CIRCLE_TAG", "CIRCLE_USERNAME", "CIRCLE_WORKFLOW_ID",
    "TF_BUILD", "BUILD_BUILDID", "BUILD_BUILDNUMBER", "BUILD_REASON", "BUILD_REPOSITORY_NAME",
    "BUILD_REQUESTEDFOR",
    "BUILD_SOURCEBRANCH", "BUILD_SOURCEBRANCHNAME", "BUILD_SOURCEVERSION", "SYSTEM_TEAMPROJECT",
    "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI", "SYSTEM_PULLREQUEST_PULLREQUESTID",
    "BITBUCKET_BRANCH", "BITBUCKET_BUILD_NUMBER", "BITBUCKET_COMMIT", "BITBUCKET_DEPLOYMENT_ENVIRONMENT",
    "BITBUCKET_PIPELINE_UUID", "BITBUCKET_PR_ID", "BITBUCKET_REPO_FULL_NAME", "BITBUCKET_TAG",
    "CODEBUILD_BUILD_ID", "CODEBUILD_BUILD_NUMBER", "CODEBUILD_BUILD_URL", "CODEBUILD_INITIATOR",
    "CODEBUILD_RESOLVED_SOURCE_VERSION", "CODEBUILD_SOURCE_VERSION", "CODEBUILD_WEBHOOK_HEAD_REF",
    "CODEBUILD_WEBHOOK_TRIGGER",
  ]
}
