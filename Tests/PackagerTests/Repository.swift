import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

/// A repository in a temporary folder, written file by file.
struct Repository {
  let folder: TemporaryFolder

  init(_ files: [String: String]) throws {
    folder = try TemporaryFolder()
    try Files.createFolder(folder.path + "/.git")
    for (path, text) in files { try folder.write(path, text) }
  }

  var path: String { folder.path }

  /// Makes a link at `path`, whose folder exists.
  func link(_ path: String, to target: String) {
    #expect(symlink(target, "\(self.path)/\(path)") == 0)
  }

  func open(_ environment: [String: String] = [:], secrets: Secrets = Secrets()) throws -> Workspace {
    try Workspace.open(root: path, environment: environment, secrets: secrets)
  }

  /// What discovery finds. The folder lives at least as long as the look at it.
  func discover() throws -> (functions: [DiscoveredFunction], passedOver: [PassedOver]) {
    let found = try withExtendedLifetime(folder) { try open().discoverWithPassedOver() }
    return (found.functions, found.passedOver)
  }

  /// The definitions of environment `name` with values as the cloud would give them.
  func functions(
    _ name: String = "prod", environment: [String: String] = [:], parameters: [String: String] = [:],
    overrides: JSONObject = JSONObject(), secrets: Secrets = Secrets()
  ) async throws -> [FunctionDefinition] {
    let workspace = try open(environment, secrets: secrets)
    defer { withExtendedLifetime(folder) {} }
    return try await workspace.functions(
      in: workspace.environment(named: name),
      values: InterpolationValues(
        region: "eu-west-1", account: { "123456789012" }, parameters: { _ in parameters },
        overrides: overrides))
  }
}

/// The text of the error that `body` throws, or "no error".
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

func message(_ body: () async throws -> Void) async -> String {
  do {
    try await body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

let pythonHandler = "def lambda_handler(event, context):\n    return {}\n"
let nodeHandler = "exports.handler = async (event) => ({ statusCode: 200 });\n"
