import Core
import TestSupport
import Testing

@testable import Packager

@Suite("A walk of a tree")
struct TreeWalkTests {
  @Test("gives every file and empty folder once, in the order of the paths' bytes", arguments: 0..<20)
  func order(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let folder = try TemporaryFolder()
    let names = ["a", "a.b", "a-b", "ab", "A", "b", "é", "e\u{301}", "z0", "!"]
    var expected: [RepositoryPath] = []
    func fill(_ path: RepositoryPath, depth: Int) throws {
      let chosen = names.shuffled(using: &random).prefix(Int.random(in: 0...6, using: &random))
      if chosen.isEmpty, !path.isRoot { expected.append(path) }
      for name in chosen {
        let inner = path.appending(name)
        if depth < 3, Bool.random(using: &random) {
          try Files.createFolder(inner.absolute(in: folder.path))
          try fill(inner, depth: depth + 1)
        } else {
          try folder.write(inner.text, "x")
          expected.append(inner)
        }
      }
    }
    try fill(.root, depth: 0)
    let found = try TreeWalk(root: folder.path, ignoreFiles: []).files(below: .root)
    let bytes = expected.map { Array($0.text.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    #expect(found.map { Array($0.path.text.utf8) } == bytes)
  }
}
