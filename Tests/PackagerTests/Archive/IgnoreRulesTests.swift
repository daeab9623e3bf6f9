import Core
import Testing

@testable import Packager

@Suite("ignore rules")
struct IgnoreRulesTests {
  @Test(
    "a pattern decides as the gitignore specification says",
    arguments: [
      // pattern file, path (a folder ends with /), ignored
      ("*.log", "a.log", true), ("*.log", "x/y/a.log", true), ("*.log", "a.log.txt", false),
      ("# c\n\n  \na", "a", true), ("\\#a", "#a", true), ("\\!a", "!a", true), ("a ", "a", true),
      ("a\\ ", "a ", true),
      ("a\\ ", "a", false), ("a\r\n", "a", true),
      ("/a", "a", true), ("/a", "x/a", false), ("a/b", "a/b", true), ("a/b", "x/a/b", false),
      ("a/", "a", false),
      ("a/", "a/", true), ("a/", "x/a/", true), ("a/b/", "a/b/", true), ("a/b/", "x/a/b/", false),
      ("*", "a/b", true), ("a*", "abc", true), ("a*/b", "ax/b", true), ("a*/b", "a/x/b", false),
      ("a?c", "abc", true),
      ("a?c", "a/c", false), ("?", "ab", false),
      ("**/a", "a", true), ("**/a", "x/y/a", true), ("**/a/b", "x/a/b", true), ("a/**", "a/b/c", true),
      ("a/**", "a/", false), ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true), ("a/**/b", "ab", false),
      ("a**b", "axxb", true), ("a**/b", "ax/b", true), ("a**/b", "a/x/b", false), ("foo**", "foobar", true),
      ("[ab].c", "a.c", true), ("[!ab].c", "a.c", false), ("[^ab].c", "z.c", true), ("[a-c]x", "bx", true),
      ("[a-c]x", "dx", false), ("[]]x", "]x", true), ("[[:digit:]]x", "7x", true),
      ("[[:digit:]]x", "ax", false),
      ("[a-]", "-", true), ("[\\]]", "]", true), ("[a", "[a", false), ("a[/]b", "a/b", false),
      ("\\*", "*", true), ("\\*", "a", false), ("a\\", "a\\", false),
      ("*.a\n!k.a", "k.a", false), ("*.a\n!k.a", "x/k.a", false), ("!k.a\n*.a", "k.a", true),
      ("*\n!*/\n!*.py", "x.py", false), ("*\n!*/\n!*.py", "x.js", true), ("é?", "éa", true),
      ("!a", "a", false),
    ])
  func decision(_ text: String, _ path: String, _ ignored: Bool) throws {
    let rules = try IgnoreRules(text: Array(text.utf8), file: ".gitignore", base: .inside(.root), isGit: true)
    let rule = rules.match(try #require(RepositoryPath(path)), isFolder: path.hasSuffix("/"))
    #expect((rule.map { !$0.isNegated } ?? false) == ignored)
  }

  @Test(
    "a walk honours nested files, never re-includes below an ignored folder, and leaves out what always is")
  func walk() throws {
    let repository = try Repository([
      ".gitignore": "*.log\n/out/\ncache/\n", "out/a.py": "", "a/out/a.py": "", "a/x.log": "",
      "a/.gitignore": "!keep.log\n",
      "a/keep.log": "", "keep.log": "", "cache/.gitignore": "!*\n", "cache/k.py": "",
      "a/__pycache__/m.pyc": "",
      "a/.env": "", "a/.env.prod": "", "a/b~": "", "a/env/x.py": "", "a/dist/y.so": "", "a/v/pyvenv.cfg": "",
      "a/v/lib/z.py": "", "a/node_modules/.bin/t": "", "a/node_modules/m/index.js": "",
      "a/function.json": "{}",
      ".lambdaignore": "a/dist/\n",
    ])
    let files = try TreeWalk(root: repository.path, git: GitView(root: repository.path)).files(below: "").map(
      \.path)
    #expect(files == ["a/env/x.py", "a/keep.log", "a/node_modules/m/index.js", "a/out/a.py"])
  }

  @Test("package.include takes back single files of an ignored folder")
  func include() throws {
    let repository = try Repository([
      ".gitignore": "data/\n", "u/data/a.bin": "", "u/data/b.txt": "", "u/h.py": "",
    ])
    var walk = TreeWalk(root: repository.path, git: GitView(root: repository.path))
    walk.include = IgnoreRules(patterns: ["data/*.bin"], file: "package.include", folder: "u")
    #expect(try walk.files(below: "u").map(\.path) == ["u/data/a.bin", "u/h.py"])
    #expect(try walk.explanation(for: "u/data/b.txt") == ".gitignore:1: data/")
    #expect(try walk.explanation(for: "u/data/a.bin") == nil)
  }
}
