internal import Core

/// `lamctl version`: build facts.
struct VersionCommand: RunnableCommand {
  var globals = GlobalOptions()

  static let name = "version"
  static let summary = "Show the version and how it was built"
  static func operations(_: PolicyNeeds) -> [Operation] { [] }

  static let parameters: [Parameter<VersionCommand>] = []

  func run(in context: Context) async throws -> ExitCode {
    if globals.json {
      context.printDocument(Self.document(in: context))
    } else {
      context.output.write(
        """
        lamctl \(Build.version)\(Build.commit.map { " (\($0.prefix(12)))" } ?? "")
        Swift \(Build.swift), \(Build.platform), \(Build.configuration)

        """)
    }
    return .done
  }

  /// The facts of the build, also for `--version`.
  static func document(in context: Context) -> JSON {
    [
      "schema": .string(Self.schema), "version": .string(Build.version), "commit": .optional(Build.commit),
      "swift": .string(Build.swift), "platform": .string(Build.platform),
      "configuration": .string(Build.configuration),
    ]
  }
}
