internal import Core

/// The environment variables that programs may see which build units.
enum BuildEnvironment {
  private static let names: Set<String> = [
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TMPDIR", "TZ", "HTTP_PROXY", "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
    "GOPATH",
    "GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOTOOLCHAIN", "GONOSUMDB", "GOPRIVATE", "GONOSUMCHECK",
    "GOSUMDB",
    "CARGO_HOME", "RUSTUP_HOME", "JAVA_HOME", "M2_HOME", "GRADLE_USER_HOME", "DOTNET_ROOT", "NVM_DIR",
    "PYENV_ROOT",
    "PYENV_VERSION", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "CI",
  ]
  private static let prefixes = ["LC_", "PIP_", "UV_", "npm_config_", "NPM_CONFIG_", "YARN_", "POETRY_"]

  /// The part of `environment` that any build may see.
  static func allowed(_ environment: [String: String]) -> [String: String] {
    environment.filter { name, _ in names.contains(name) || prefixes.contains { name.hasPrefix($0) } }
  }

  /// What the build of `build` sees: the allowed variables and those that it declares.
  static func variables(for build: UnitBuild, in environment: [String: String]) -> [String: String] {
    allowed(environment).merging(build.variables.compactMapValues { $0 }) { $1 }
  }
}
