/// One program of a build.
struct BuildStep: Hashable, Sendable {
  /// Program and arguments; no shell.
  let arguments: [String]
  /// Absolute path of the folder it runs in.
  let folder: String
  /// What it sees besides the variables of all builds.
  var variables: [String: String] = [:]
  /// What to do where the program is missing: `install esbuild`; nil where nothing is to be said.
  var advice: String?

  /// The advice as the end of a sentence.
  var hint: String { advice.map { "; \($0)" } ?? "" }
}

/// Where a build finds its files and leaves what it makes.
struct BuildPlace: Hashable, Sendable {
  /// Absolute path of the folder that stands for the repository's root.
  let root: String
  /// Absolute path of the unit in it.
  let unit: String
  /// Absolute path of a folder that is empty or missing, for what is made.
  let target: String
  /// The versions of the tools, by name: those that a program is chosen by are among the inputs of the package.
  let tools: [String: String]

  /// Whether the tool is there.
  func has(_ tool: String) -> Bool { tools[tool].map { $0 != "absent" } ?? false }
}
