import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

/// Packages that real tools make, and what runs in them.
enum MadePackages {
  static let environment = [
    "PATH": String(cString: getenv("PATH")), "HOME": getenv("HOME").map { String(cString: $0) } ?? "/",
  ]

  /// Whether each of `programs` is on `PATH`.
  static func areThere(_ programs: String...) -> Bool {
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    return programs.allSatisfy { program in folders.contains { Files.exists("\($0)/\(program)") } }
  }

  /// Builds the one function of a repository and holds it against its runtime.
  static func package(_ repository: Repository) async throws -> BuiltPackage {
    let workspace = try repository.open(environment)
    let definitions = try await repository.functions(environment: environment)
    let digests = try await Digester(workspace).digest(definitions)
    let definition = try #require(definitions.first)
    let package = try await Builder(workspace, timeout: .minutes(3)).package(
      definition, digests: try #require(digests[definition.name]))
    try Gate.check(package, for: definition, hasBucket: false)
    return package
  }

  /// Runs a program to its end, which has to be a good one: the lines that it writes.
  @discardableResult
  static func run(
    _ command: [String], in folder: String, _ variables: [String: String] = [:]
  ) async throws -> [String] {
    let lines = Lock<[String]>([])
    let exit = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: command, environment: .exactly(environment.merging(variables) { $1 }), folder: folder,
        timeout: .minutes(2), mergesStreams: true)
    ) { _, line in lines.withLock { $0.append(line) } }
    try #require(exit.isSuccess, "\(lines.withLock { $0 })")
    return lines.withLock { $0 }
  }

  /// Unpacks a package as Lambda does.
  static func unpack(_ package: BuiltPackage) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try await run(["python3", "-m", "zipfile", "-e", package.zip.path, folder.path], in: folder.path)
    return folder
  }
}
