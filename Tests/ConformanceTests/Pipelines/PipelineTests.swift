import Core
import Testing

/// The files for CI systems on the pages and in the repository, against what others know of them.
@Suite("Pipelines", .enabled(if: Python.isInstalled, Python.missing))
struct PipelineTests {
  @Test("fit the public schemas of their systems, and their shell has no fault that shellcheck knows")
  func schemas() async throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let answer = try await Python.run(file: "check_pipelines.py", input: ["root": .string(root)])
    let faults = try #require(answer["faults"]?.array).compactMap(\.string)
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
    let checked = try #require(answer["checked"]?.array).compactMap(\.string)
    for system in ["azure", "bitbucket", "buildkite", "circleci", "codebuild", "github", "gitlab"] {
      #expect(checked.contains { $0.hasPrefix("docs/ci/\(system).md:") }, "\(system)")
    }
    #expect(checked.contains("scripts/test"))
  }
}
