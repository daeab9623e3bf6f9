import Core
import Glibc
import TestSupport
import Testing

/// The interpreter that has moto and boto3; `scripts/test` installs them and names it.
enum Python {
  static let path = getenv("LAMCTL_TEST_PYTHON").map { String(cString: $0) }

  static var isInstalled: Bool { path != nil }

  static let missing: Comment = "LAMCTL_TEST_PYTHON names no interpreter with moto; run scripts/test"

  /// Whether the interpreter can import `module`.
  static func has(_ module: String) async throws -> Bool {
    guard isInstalled else { return false }
    let program = """
      import importlib.util, json
      print(json.dumps({"there": importlib.util.find_spec("\(module)") is not None}))
      """
    return try await run(program, environment: [:])["there"] == true
  }

  /// Starts the interpreter.
  static func start(
    arguments: [String], environment: [String: String],
    onLine: @escaping @Sendable (ChildProcess.Stream, String) -> Void
  ) throws -> ChildProcess {
    var environment = environment
    environment["PATH"] = "/usr/bin:/bin"
    return try ChildProcess.start(
      ChildProcess.Specification(
        arguments: [try #require(path)] + arguments, environment: .exactly(environment), timeout: .minutes(5)),
      onLine: onLine)
  }

  /// Starts a program.
  static func start(
    _ program: String, environment: [String: String],
    onLine: @escaping @Sendable (ChildProcess.Stream, String) -> Void
  ) throws -> ChildProcess {
    try start(arguments: ["-c", program], environment: environment, onLine: onLine)
  }

  /// Runs a program to its end and returns the JSON that it prints.
  static func run(_ program: String, environment: [String: String]) async throws -> JSON {
    try await run(arguments: ["-c", program], environment: environment)
  }

  /// The path of a program of the folder `Programs`.
  static func program(_ name: String) -> String {
    "/\(#filePath.split(separator: "/").dropLast().joined(separator: "/"))/Programs/\(name)"
  }

  /// Runs a program of the folder `Programs` on `input` and returns the JSON that it prints.
  static func run(
    file name: String, input: JSON, environment: [String: String] = [:]
  ) async throws -> JSON {
    let folder = try TemporaryFolder()
    let path = try folder.write("input.json", input.text())
    let output = try await run(arguments: [program(name), path], environment: environment)
    withExtendedLifetime(folder) {}
    return output
  }

  /// Runs the interpreter to its end and returns the JSON that it prints.
  static func run(arguments: [String], environment: [String: String]) async throws -> JSON {
    let lines = Lock<(output: [String], errors: [String])>(([], []))
    let child = try start(arguments: arguments, environment: environment) { stream, line in
      lines.withLock { lines in
        if stream == .output { lines.output.append(line) } else { lines.errors.append(line) }
      }
    }
    let exit = await child.exit()
    let (output, errors) = lines.withLock { $0 }
    try #require(exit == .code(0), "\(errors.suffix(20).joined(separator: "\n"))")
    return try JSON(parsing: output.joined(separator: "\n"))
  }
}
