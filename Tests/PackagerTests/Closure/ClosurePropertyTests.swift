import Core
import TestSupport
import Testing

@testable import Packager

@Suite("what a change reaches")
struct ClosurePropertyTests {
  private static func digests(_ repository: Repository) async throws -> [String: FunctionDigests] {
    let definitions = try await repository.functions()
    let tools = ToolVersions(known: [["python3", "-m", "pip", "--version"]: "24.0"])
    return try await Digester(repository.open(), tools: tools, workers: 2).digest(definitions)
  }

  @Test(
    "in random graphs of imports a change reaches exactly the functions that depend on it",
    arguments: GraphKind.all)
  func property(_ kind: GraphKind) async throws {
    for seed in 1...3 {
      let graph = RandomGraph(seed: UInt64(seed))
      let files = kind.files(graph)
      let repository = try Repository(files)
      defer { withExtendedLifetime(repository) {} }
      let before = try await Self.digests(repository)
      #expect(before.keys.sorted() == (0..<graph.functions).map { "f\($0)" }, "seed \(seed)")
      var edits: [(path: String, reached: Set<Int>)] = []
      // One library of each layer, each function, and what belongs to none.
      edits += [0, 4, 8].map { (path: kind.library($0), reached: graph.dependents(of: $0)) }
      edits.append((path: kind.function(seed % graph.functions), reached: [seed % graph.functions]))
      for path in kind.harmless { edits.append((path: path, reached: [])) }
      for (path, reached) in edits {
        let text = try #require(files[path])
        try repository.folder.write(path, text + kind.edit)
        let after = try await Self.digests(repository)
        let changed = before.keys.filter { before[$0]?.src != after[$0]?.src }.sorted()
        #expect(changed == reached.sorted().map { "f\($0)" }, "\(path), seed \(seed)")
        try repository.folder.write(path, text)
      }
    }
  }
}
