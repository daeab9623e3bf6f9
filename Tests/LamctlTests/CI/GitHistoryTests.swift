import Core
import Release
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
    #expect(await history.order(of: first, to: second) == .older)
    #expect(await history.order(of: String(first.prefix(12)), to: String(second.prefix(12))) == .older)
    #expect(await history.order(of: second, to: first) == .notOlder)
  }

  @Test("is not there between branches, for a commit that a whole clone lacks, and without git")
  func none() async throws {
    let repository = try await Repository()
    let first = try await repository.commit("a")
    let second = try await repository.commit("b")
    try await repository.git(["checkout", "-q", "-b", "side", first])
    let side = try await repository.commit("c")
    var history = GitHistory(folder: repository.path, environment: repository.environment)
    #expect(await history.order(of: second, to: side) == .notOlder)
    #expect(await history.order(of: first, to: String(repeating: "0", count: 40)) == .notOlder)
    history = GitHistory(folder: repository.path, environment: ["PATH": "/nonexistent"])
    #expect(await history.order(of: first, to: second) == .notOlder)
  }

  @Test("is unknown in a shallow clone as long as the history that is there does not show it")
  func shallow() async throws {
    let repository = try await Repository()
    var commits: [String] = []
    for name in ["a", "b", "c", "d"] { commits.append(try await repository.commit(name)) }
    let clone = repository.folder.path + "/clone"
    try await repository.git([
      "clone", "-q", "--depth", "2", "-b", "main", "file://" + repository.path, clone,
    ])
    let history = GitHistory(folder: clone, environment: repository.environment)
    let unknown = CommitOrder.unknown(fetch: "git fetch --unshallow")
    #expect(await history.order(of: commits[3], to: commits[0]) == unknown)
    #expect(await history.order(of: commits[0], to: commits[3]) == unknown)
    #expect(await history.order(of: commits[3], to: commits[2]) == .notOlder)
    #expect(await history.order(of: commits[2], to: commits[3]) == .older)
    let blind = GitHistory(folder: clone, environment: ["PATH": "/nonexistent"])
    #expect(await blind.order(of: commits[2], to: commits[3]) == unknown)
  }
}
