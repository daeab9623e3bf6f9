import Core
import Glibc
import TestSupport
import Testing

@testable import lamctl

@Suite("The checkout")
struct GitCheckoutTests {
  @Test("branch and commit are those of git, from any folder of the work tree")
  func branch() async throws {
    let repository = try await Repository()
    let commit = try await repository.commit("services/orders/handler.py")
    let checkout = try #require(GitCheckout(around: repository.path + "/services/orders"))
    #expect(checkout.root == repository.path)
    #expect(checkout.commit == commit)
    #expect(checkout.branch == "main")
  }

  @Test("before the first commit there is a branch without a commit")
  func unborn() async throws {
    let repository = try await Repository()
    let checkout = try #require(GitCheckout(around: repository.path))
    #expect(checkout.commit == nil)
    #expect(checkout.branch == "main")
  }

  @Test("packed references, branches with slashes and detached heads")
  func references() async throws {
    let repository = try await Repository()
    let first = try await repository.commit("a")
    try await repository.git(["checkout", "-q", "-b", "team/fix-1"])
    let second = try await repository.commit("b")
    try await repository.git(["pack-refs", "--all"])
    #expect(GitCheckout(around: repository.path)?.commit == second)
    #expect(GitCheckout(around: repository.path)?.branch == "team/fix-1")
    try await repository.git(["checkout", "-q", "--detach", first])
    #expect(GitCheckout(around: repository.path)?.commit == first)
    #expect(GitCheckout(around: repository.path)?.branch == nil)
  }

  @Test("a linked worktree has its own head and the repository's branches")
  func worktree() async throws {
    let repository = try await Repository()
    let commit = try await repository.commit()
    let linked = repository.folder.path + "/linked"
    try await repository.git(["worktree", "add", "-q", "-b", "other", linked])
    var checkout = try #require(GitCheckout(around: linked))
    #expect(checkout.root == linked && checkout.commit == commit && checkout.branch == "other")
    try await repository.git(["pack-refs", "--all"])
    checkout = try #require(GitCheckout(around: linked))
    #expect(checkout.commit == commit)
  }

  @Test("a submodule is a checkout of its own")
  func submodule() async throws {
    let inner = try await Repository()
    let commit = try await inner.commit()
    let outer = try await Repository()
    _ = try await outer.commit()
    try await outer.git([
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path, "libs/inner",
    ])
    let checkout = try #require(GitCheckout(around: outer.path + "/libs/inner"))
    #expect(checkout.root == outer.path + "/libs/inner" && checkout.commit == commit)
  }

  @Test("a folder outside of any repository has no checkout")
  func outside() throws {
    let folder = try TemporaryFolder()
    #expect(GitCheckout(around: folder.path) == nil)
    try folder.write(".git", "nonsense")
    #expect(GitCheckout(around: folder.path) == nil)
  }

  @Test("changed, staged and new files make it dirty; what lies outside the asked folder does not")
  func dirty() async throws {
    let repository = try await Repository()
    _ = try await repository.commit("lib/a")
    let checkout = try #require(GitCheckout(around: repository.path))
    #expect(await checkout.isDirty(environment: repository.environment) == false)
    try repository.folder.write("shop/new", "x")
    #expect(await checkout.isDirty(environment: repository.environment) == true)
    #expect(
      await checkout.isDirty(below: repository.path + "/lib", environment: repository.environment) == false)
    try repository.folder.write("shop/lib/a", "changed")
    #expect(
      await checkout.isDirty(below: repository.path + "/lib", environment: repository.environment) == true)
  }

  @Test("without git nobody knows whether it is dirty")
  func unknown() async throws {
    let repository = try await Repository()
    let checkout = try #require(GitCheckout(around: repository.path))
    #expect(await checkout.isDirty(environment: ["PATH": "/nonexistent"]) == nil)
  }
}
