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

  @Test("order, equality and parts are those of the bytes, however a path was made")
  func bytes() throws {
    let names = [
      "a", "ab", "a.b", "a-b", "a.py", ".py", "b.", "B", "\u{E9}", "e\u{301}", "\u{301}x", "z\u{200D}", "..a",
      "a name of more than fifteen bytes.tar.gz",
    ]
    var paths = [RepositoryPath.root] + names.map { RepositoryPath.root.appending($0) }
    for name in names { paths += paths.prefix(60).map { $0.appending(name) } }
    for path in paths {
      let again = try #require(RepositoryPath(path.text))
      #expect(again == path && again.hashValue == path.hashValue && !(again < path) && !(path < again))
      let parts = path.text.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
      #expect(path.components.map { Array($0.utf8) } == parts)
      #expect(Array(path.name.utf8) == parts.last ?? [])
      #expect(path.withName { Array($0) } == parts.last ?? [])
      #expect(path.parent == again.parent)
      #expect(path.parent.components.map { Array($0.utf8) } == Array(parts.dropLast()))
      #expect(path.parent.isRoot || path.parent.appending(path.name) == path)
      #expect(path.parent.contains(path) && again.parent.contains(path))
      #expect(path.relative(to: again.parent).name.utf8.elementsEqual(path.name.utf8))
      let ending = path.fileExtension
      #expect(path.isNamed(path.name) && !path.isNamed(path.name + "x"))
      #expect(ending.map { path.hasExtension($0) } ?? true)
      #expect(path.hasExtension("py") == (ending?.utf8.elementsEqual("py".utf8) ?? false))
      #expect(path.stem.utf8.elementsEqual(path.name.utf8.dropLast(ending.map { $0.utf8.count + 1 } ?? 0)))
      #expect(path.isASCII == path.text.utf8.allSatisfy { $0 < 128 })
      for other in paths {
        let (own, others) = (Array(path.text.utf8), Array(other.text.utf8))
        #expect((path < other) == own.lexicographicallyPrecedes(others))
        #expect((path == other) == (own == others))
        let isInside = path.isRoot || own == others || others.starts(with: own + [UInt8(ascii: "/")])
        #expect(path.contains(other) == isInside)
      }
    }
  }

  @Test("what would not show as what it is, is written out")
  func shown() {
    #expect(("a/\u{202E}gnp.py" as RepositoryPath).description == "a/\\u{202E}gnp.py")
    #expect("\u{1B}[2J\n".escaped == "\\u{1B}[2J\\u{A}")
    #expect("größe".escaped == "größe")
  }
}
