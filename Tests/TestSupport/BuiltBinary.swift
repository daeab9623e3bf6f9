package import Core

/// The built `lamctl`, run as a user would run it.
package enum BuiltBinary {
  /// What a run came to.
  package struct Outcome: Sendable {
    /// How it ended.
    package let exit: ChildProcess.Exit
    /// What it wrote to stdout.
    package let output: String
    /// What it wrote to stderr.
    package let errors: String

    /// Stdout as one JSON document.
    package func document() throws -> JSON { try JSON(parsing: output) }
  }

  /// A run under way.
  package struct Run: Sendable {
    /// The process.
    package let child: ChildProcess
    private let lines: Lock<[(ChildProcess.Stream, String)]>

    init(child: ChildProcess, lines: Lock<[(ChildProcess.Stream, String)]>) {
      self.child = child
      self.lines = lines
    }

    /// What it has written so far.
    package func text(_ stream: ChildProcess.Stream) -> String {
      lines.withLock { lines in lines.filter { $0.0 == stream }.map { $0.1 + "\n" }.joined() }
    }

    /// Waits for its end.
    package func outcome() async -> Outcome {
      let exit = await child.exit()
      return Outcome(exit: exit, output: text(.output), errors: text(.error))
    }
  }

  /// The binary's path: it stands beside the bundle that holds the tests; nil when it was not built.
  package static func path() throws -> String? {
    let maps = try String(decoding: Files.read("/proc/self/maps"), as: UTF8.self)
    let loaded = maps.split(separator: "\n").compactMap { line in
      line.firstIndex(of: "/").map { String(line[$0...]) }
    }
    guard let bundle = loaded.first(where: { $0.hasSuffix("PackageTests.xctest") }) else { return nil }
    let folder = bundle.split(separator: "/").dropLast().joined(separator: "/")
    return "/\(folder)/lamctl"
  }

  /// Starts `lamctl` in `folder` with exactly `environment`, and for at most `limit` of real time.
  package static func start(
    _ arguments: [String], in folder: String, environment: [String: String], limit: TimeSpan = .minutes(3)
  ) throws -> Run {
    guard let path = try path() else {
      throw SystemError(operation: "find", subject: "the built lamctl", code: 2)
    }
    let lines = Lock<[(ChildProcess.Stream, String)]>([])
    let specification = ChildProcess.Specification(
      arguments: [path] + arguments, environment: .exactly(environment), folder: folder, timeout: limit)
    let child = try ChildProcess.start(specification) { stream, line in
      lines.withLock { $0.append((stream, line)) }
    }
    return Run(child: child, lines: lines)
  }
}
