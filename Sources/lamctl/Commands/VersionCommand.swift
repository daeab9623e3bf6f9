internal import Core

/// `lamctl version`: build facts.
struct VersionCommand: RunnableCommand {
  var globals = GlobalOptions()

  static let name = "version"
  static let summary = "Show the version and how it was built"
  static let parameters: [Parameter<VersionCommand>] = []

  func run(in context: Context) async throws -> ExitCode {
    if globals.json {
      context.printDocument([
        "schema": .string(Self.schema), "version": .string(Lamctl.version), "swift": .string(Build.swift),
        "platform": .string(Build.platform), "configuration": .string(Build.configuration),
      ])
    } else {
      context.output.write(
        """
        lamctl \(Lamctl.version)
        Swift \(Build.swift), \(Build.platform), \(Build.configuration)

        """)
    }
    return .done
  }
}

/// What the compiler knew when it made this binary.
enum Build {
  /// Major and minor version of the compiler.
  static var swift: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  /// System and processor.
  static var platform: String {
    #if arch(x86_64)
      "linux-x86_64"
    #elseif arch(arm64)
      "linux-arm64"
    #else
      "linux"
    #endif
  }

  /// `release` or `debug`.
  static var configuration: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }
}
