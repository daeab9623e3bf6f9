internal import Core

/// How Lambda's runtime of one version of Node lets modules load one another.
///
/// Up to version 22 Lambda switches off what Node itself has on: `require()` of ES modules, and telling an ES module by its
/// syntax. `NODE_OPTIONS` switches both on again.
///
/// Source: "Building Lambda functions with Node.js" of AWS's developer guide, experimental features.
struct NodeLoading: Hashable, Sendable {
  /// The version of Node.
  let major: Int
  /// Whether `require()` takes ES modules.
  let requiresModules: Bool
  /// Whether a file of an open kind with `import` or `export` in it is an ES module.
  let detectsModules: Bool
  /// Whether conditions of the user's own choose among exports.
  let hasOwnConditions: Bool

  init(runtime: String?, options: String) {
    let major = runtime.flatMap { Int($0.drop { !$0.isNumber }.prefix { $0.isNumber }) } ?? 22
    self.major = major
    let words = Set(options.split(separator: " ").map { String($0.prefix { $0 != "=" }) })
    let isOn = { (name: String) in
      words.contains("--no-\(name)") || words.contains("--no-experimental-\(name)")
        ? false : major >= 24 || words.contains("--experimental-\(name)")
    }
    requiresModules = isOn("require-module")
    detectsModules = isOn("detect-module")
    hasOwnConditions = words.contains { $0.hasPrefix("-C") || $0 == "--conditions" }
  }

  /// The conditions that hold for a package's `exports`, besides `default`.
  func conditions(isStatic: Bool) -> Set<String> {
    Set(["node", "node-addons", isStatic ? "import" : "require"] + (requiresModules ? ["module-sync"] : []))
  }
}
