import Core
import TestSupport
import Testing

@testable import lamctl

@Suite("The order of commits")
struct GitHistoryTests {
  @Test("is git's, also for the beginnings of their ids")
  func order() async throws {
    let repository = try await Repository()
    let first = try await repository.commit("a")
    let second = try await repository.commit("b")
    let history = GitHistory(folder: repository.path, environment: repository.environment)
    #expect(await history.isAncestor(first, of: second))
    #expect(await history.isAncestor(String(first.prefix(12)), of: String(second.prefix(12))))
    #expect(await !history.isAncestor(second, of: first))
  }

  @Test("is not there between branches, in a clone that lacks the commit, and without git")
  func unknown() async throws {
    let repository = try await Repository()
    let first = try await repository.commit("a")
    let second = try await repository.commit("b")
    try await repository.git(["checkout", "-q", "-b", "side", first])
    let side = try await repository.commit("c")
    var history = GitHistory(folder: repository.path, environment: repository.environment)
    #expect(await !history.isAncestor(second, of: side))
    #expect(await !history.isAncestor(first, of: String(repeating: "0", count: 40)))
    let clone = repository.folder.path + "/clone"
    try await repository.git([
      "clone", "-q", "--depth", "1", "-b", "main", "file://" + repository.path, clone,
    ])
    history = GitHistory(folder: clone, environment: repository.environment)
    #expect(await !history.isAncestor(first, of: second))
    history = GitHistory(folder: repository.path, environment: ["PATH": "/nonexistent"])
    #expect(await !history.isAncestor(first, of: second))
  }
}
