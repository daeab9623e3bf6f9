import Core
import Glibc
import TestSupport
import Testing

/// A copy of the example shop in a folder of its own, to release from and to break.
final class Shop: Sendable {
  let folder: TemporaryFolder
  private let sandbox = Lock<BuiltBinary.Run?>(nil)

  /// Copies `Examples/shop` and the repository's `lamctl.json`, without its triggers: what is about them brings its own.
  init() async throws {
    folder = try TemporaryFolder()
    let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    for name in ["lamctl.json", "Examples"] {
      let copy = ChildProcess.Specification(
        arguments: ["cp", "-R", "\(root)/\(name)", folder.path],
        environment: .exactly(["PATH": "/usr/bin:/bin"]))
      try #require(try await ChildProcess.run(copy) { _, _ in } == .code(0))
    }
    for name in ["basket", "ordering", "product"] {
      let file = "Examples/shop/\(name)/function.json"
      var settings = try #require(try JSON(parsing: try folder.read(file)).object)
      settings["triggers"] = nil
      try folder.write(file, JSON.object(settings).text())
    }
  }

  /// What `lamctl` gets to see: nothing of the developer's AWS.
  var environment: [String: String] {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let library = getenv("LD_LIBRARY_PATH").map { String(cString: $0) }
    var variables = ["PATH": path, "HOME": folder.path, "USER": "tester", "LANG": "C.UTF-8"]
    variables["LD_LIBRARY_PATH"] = library
    return variables
  }

  /// Starts `lamctl`.
  func start(_ arguments: String..., environment extra: [String: String] = [:]) throws -> BuiltBinary.Run {
    try start(arguments, environment: extra)
  }

  private func start(_ arguments: [String], environment extra: [String: String]) throws -> BuiltBinary.Run {
    try BuiltBinary.start(
      arguments, in: folder.path, environment: environment.merging(extra) { $1 })
  }

  /// Runs `lamctl` to its end.
  func run(
    _ arguments: String..., environment extra: [String: String] = [:]
  ) async throws -> BuiltBinary.Outcome {
    try await start(arguments, environment: extra).outcome()
  }

  /// Starts the sandbox as a process of its own, which other commands then find.
  ///
  /// - Parameter faults: as `--fault` takes them.
  func startSandbox(faults: String...) async throws {
    let run = try start(["sandbox"] + faults.flatMap { ["--fault", $0] }, environment: [:])
    let isUp = await eventually { run.text(.output).contains("AWS_ENDPOINT_URL") }
    try #require(isUp, "\(run.text(.error))")
    sandbox.withLock { $0 = run }
  }

  /// Ends the sandbox.
  func stopSandbox() async {
    guard let run = sandbox.withLock({ $0 }) else { return }
    run.child.terminate()
    _ = await run.child.exit()
  }

  /// Replaces text in a file of the shop.
  func edit(_ file: String, _ old: String, _ new: String) throws {
    let text = try folder.read("Examples/shop/\(file)")
    try #require(text.contains(old))
    try folder.write("Examples/shop/\(file)", text.replacing(old, with: new))
  }

  /// Makes two orders of three fail: so many that one minute tells.
  func breakOrdering() throws {
    try edit(
      "ordering/index.js", "exports.handler = async (event) => {",
      """
      let seen = 0;
      exports.handler = async (event) => {
        seen += 1;
        if (seen % 3 !== 1) throw new Error('the warehouse does not answer');
      """)
  }

  /// How one function stands, as `status --json` tells it.
  func status(_ function: String) async throws -> JSON {
    let document = try await run("status", "--json").document()
    return try #require(document["functions"]?.array?.first { $0["function"]?.string == function })
  }
}

extension BuiltBinary.Outcome {
  /// One function of the document.
  func function(_ name: String) throws -> JSON {
    let functions = try #require(try document()["functions"]?.array)
    return try #require(functions.first { $0["function"]?.string == name })
  }
}
