import Core
import Testing

@Suite struct RepositoryPathTests {
  @Test(
    "what is written becomes a path below the root, by its bytes",
    arguments: [
      ("a/b", "a/b"), ("./a//b/", "a/b"), ("a/../b", "b"), (".", ""), ("", ""), ("a/./b/..", "a"),
      ("..a/b..", "..a/b.."),
      // A joiner or a mark behind a slash makes it another character, and still a slash.
      ("a/\u{200D}b", "a/\u{200D}b"), ("x/..\u{301}", "x/..\u{301}"), ("a/b/../\u{301}c", "a/\u{301}c"),
    ])
  func reading(written: String, text: String) throws {
    let path = try #require(RepositoryPath(written))
    #expect(path.text.utf8.elementsEqual(text.utf8))
  }

  @Test(
    "what leaves the root is no path",
    arguments: [
      "..", "../a", "a/../..", "/a", "a\0b", "../../../\u{301}secret", "..//\u{200D}link", "a/../../\u{301}b",
      "../\u{200D}link", "/\u{301}etc",
    ])
  func leaving(written: String) { #expect(RepositoryPath(written) == nil) }

  @Test("two forms of one accented letter are two paths")
  func forms() {
    let composed: RepositoryPath = "a/\u{E9}.txt"
    let decomposed: RepositoryPath = "a/e\u{301}.txt"
    #expect(composed.text == decomposed.text)
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
  }

  @Test("a path knows its parts, what lies in it and how it lies to another")
  func parts() throws {
    let path: RepositoryPath = "a/\u{301}b/c.py"
    #expect(path.components.count == 3)
    #expect(path.name == "c.py")
    #expect(path.parent.text.utf8.elementsEqual("a/\u{301}b".utf8))
    #expect(("a" as RepositoryPath).contains(path))
    #expect(!("a" as RepositoryPath).contains("ab/c"))
    #expect(RepositoryPath.root.contains(path))
    #expect(path.relative(to: "a").name == "c.py")
    #expect(path.relative(to: path).isRoot)
    #expect(path.parent.parent.parent.isRoot)
    #expect(path.parent.resolving("../x") == "a/x")
    #expect(path.parent.resolving("../../../x") == nil)
    #expect(RepositoryPath.root.absolute(in: "/r") == "/r")
    #expect(path.parent.parent.absolute(in: "/r") == "/r/a")
  }

  @Test("what would not show as what it is, is written out")
  func shown() {
    #expect(("a/\u{202E}gnp.py" as RepositoryPath).description == "a/\\u{202E}gnp.py")
    #expect("\u{1B}[2J\n".escaped == "\\u{1B}[2J\\u{A}")
    #expect("größe".escaped == "größe")
  }
}
