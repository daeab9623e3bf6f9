import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

@Suite("repositories with something broken")
struct BrokenRepositoryTests {
  @Test(
    "a manifest that cannot be understood is named with its line",
    arguments: [
      (
        ["a/index.js": nodeHandler, "a/package.json": "{\n  \"name\": x\n}"],
        "a/package.json:2:11: it is no JSON: 'x' begins no value"
      ),
      (
        [
          "a/pom.xml": "<project>\n<artifactId>a</artifact>\n</project>",
          "a/src/main/java/H.java": "class H implements RequestHandler<A, B> {}",
        ], "a/pom.xml:2: it is no XML: </artifact> ends what is not open"
      ),
      (
        [
          "a/Cargo.toml": "[package]\nname = \"a\"\n[dependencies]\nlambda_runtime = {\n",
          "a/src/main.rs": "use lambda_runtime::run;\nfn main() {}\n",
        ], "a/Cargo.toml:4:19: it is no TOML: a key was expected"
      ),
      (
        ["a/handler.py": pythonHandler, "a/pyproject.toml": "[project]\nname = 'a\n"],
        "a/pyproject.toml:2"
      ),
      (
        ["a/handler.py": pythonHandler, "libs/b/pyproject.toml": "[project\n", "libs/b/b/__init__.py": ""],
        "libs/b/pyproject.toml:1"
      ),
      (
        ["a/handler.py": pythonHandler, "a/Pipfile": "[packages]\nboto3 = *\n"], "a/Pipfile:2"
      ),
      (
        ["a/index.js": nodeHandler, "packages/b/package.json": "{"], "packages/b/package.json:1"
      ),
      (
        [
          "go.mod": "modul m\n",
          "a/main.go":
            "package main\nimport \"github.com/aws/aws-lambda-go/lambda\"\nfunc main() { lambda.Start(h) }\n",
        ], "go.mod:1: it is no go.mod: 'modul' begins no line of one"
      ),
      (
        [
          "go.mod": "module m\nrequire (\n\tx v1\n",
          "a/main.go":
            "package main\nimport \"github.com/aws/aws-lambda-go/lambda\"\nfunc main() { lambda.Start(h) }\n",
        ], "go.mod:2: it is no go.mod: the bracket is not closed"
      ),
      (
        [
          "A/A.csproj": "<Project>\n<ItemGroup>\n</Project>\n",
          "A/F.cs": "public class F { public string H(string a, ILambdaContext c) { return a; } }",
        ], "A/A.csproj:3: it is no XML: </Project> ends what is not open"
      ),
    ])
  func manifests(_ files: [String: String], _ expected: String) throws {
    let text = message { _ = try Repository(files).discover() }
    #expect(text.hasPrefix(expected), "\(text)")
  }

  @Test("a manifest of a test, a copy to begin with or a web page is nobody's fault")
  func others() throws {
    let repository = try Repository([
      "a/handler.py": pythonHandler, "tests/fixtures/pyproject.toml": "[", "web/package.json": "{",
      "templates/x/package.json": "{", "a/{{cookiecutter.name}}/package.json": "{ {{x}} }",
    ])
    #expect(try repository.discover().functions.map(\.name) == ["a"])
  }

  @Test("links in a circle and a source of two gigabytes cost a line in the list, and nothing else")
  func odd() throws {
    let repository = try Repository(["a/handler.py": pythonHandler])
    _ = try repository.folder.write("b/notes.txt", "")
    repository.link("b/handler.py", to: "other.py")
    repository.link("b/other.py", to: "handler.py")
    _ = try repository.folder.write("big/app.py", "")
    #expect(truncate(repository.path + "/big/app.py", 2 << 30) == 0)
    let found = try repository.discover()
    #expect(found.functions.map(\.name) == ["a"])
    #expect(
      found.passedOver.map { "\($0.path): \($0.reason)" } == [
        "b/handler.py: is not looked into: Too many levels of symbolic links",
        "b/other.py: is not looked into: Too many levels of symbolic links",
        "big/app.py: is not looked into: it is larger than 4 MiB, the most that is read",
      ])
  }

  @Test(
    "a link in a circle among the files of a package is an error that names it, before anything is built",
    arguments: [
      ("../a", "the link a/loop leads to a folder that it lies in itself; remove it"),
      ("loop", "the link a/loop leads in a circle; remove it or add its target"),
    ])
  func circles(target: String, expected: String) async throws {
    let repository = try Repository(["a/handler.py": pythonHandler])
    repository.link("a/loop", to: target)
    let definitions = try await repository.functions()
    let workspace = try repository.open()
    #expect(await message { _ = try await Digester(workspace).digest(definitions) } == expected)
  }

  @Test("a source that may not be read is an error that names it")
  func unreadable() throws {
    // Root may read everything.
    guard geteuid() != 0 else { return }
    let repository = try Repository(["a/handler.py": pythonHandler, "b/handler.py": pythonHandler])
    chmod(repository.path + "/b/handler.py", 0)
    #expect(message { _ = try repository.discover() }.contains("b/handler.py"))
  }

  @Test("a repository without functions is an error that names what was seen")
  func nothing() async throws {
    let repository = try Repository([
      "go.mod": "module m\n", "template.yaml": "Resources:\n", "x/Shop.csproj": "<Project/>",
    ])
    defer { withExtendedLifetime(repository) {} }
    let text = await message { _ = try await repository.functions() }
    #expect(text == "no function was found: seen were template.yaml, go.mod, x/Shop.csproj")
  }

  @Test("a name that AWS does not take is an error that asks for functionName, and never another name")
  func foreignNames() async throws {
    let files = ["functions/k\u{F6}ln/handler.py": pythonHandler]
    let repository = try Repository(files)
    defer { withExtendedLifetime(repository) {} }
    #expect(
      await message { _ = try await repository.functions() }
        == "functions/k\u{F6}ln/handler.py: 'k\u{F6}ln' cannot be in a function's name, which has letters, digits, hyphens and underscores: write \"functionName\" into functions/k\u{F6}ln/function.json"
    )
    _ = try repository.folder.write("functions/k\u{F6}ln/function.json", #"{"functionName": "koeln"}"#)
    #expect(try await repository.functions().map(\.functionName) == ["koeln"])
  }
}
