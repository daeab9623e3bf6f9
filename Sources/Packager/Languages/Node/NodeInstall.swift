internal import Core

/// Whether and how a Node unit's dependencies are installed.
enum NodeInstall {
  /// Whether there are dependencies to install and a lock that pins them. `unit` is an absolute path.
  static func isNeeded(unit: String) -> Bool { hasDependencies(unit: unit) && lock(unit: unit) != nil }

  static func hasDependencies(unit: String) -> Bool {
    guard let bytes = try? Files.read(unit + "/package.json"), let manifest = try? JSONReading.object(bytes)
    else {
      return false
    }
    return ["dependencies", "optionalDependencies"].contains { manifest[$0]?.object?.isEmpty == false }
  }

  static func lock(unit: String) -> String? {
    ["package-lock.json", "npm-shrinkwrap.json"].first { Files.exists("\(unit)/\($0)") }
  }

  /// Installs what the lock says for production, for the function's processor rather than this machine's.
  static func command(architecture: String) -> [String] {
    [
      "npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error", "--os=linux",
      "--cpu=\(architecture == "arm64" ? "arm64" : "x64")", "--libc=glibc",
    ]
  }
}
