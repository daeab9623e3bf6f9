import Core
import Testing

@testable import Packager

@Suite("imports and where they lead")
struct ImportTests {
  private static func definition(_ files: [String: String], _ name: String = "a") async throws
    -> FunctionDefinition
  {
    let repository = try Repository(files)
    defer { withExtendedLifetime(repository) {} }
    return try #require(try await repository.functions().first { $0.name == name })
  }

  @Test(
    "the root that imports start from is proved by them",
    arguments: [
      (
        [
          "lambdas/a/pyproject.toml": "[project]\nname = \"a\"\n", "lambdas/a/src/main.py": "import helper\n",
          "lambdas/a/src/helper.py": "",
        ],
        "lambdas/a/src", "main.lambda_handler"
      ),
      (
        [
          "lambdas/a/pyproject.toml": "[project]\nname = \"a\"\n",
          "lambdas/a/src/main.py": "import src.helper\n", "lambdas/a/src/helper.py": "",
        ],
        "lambdas/a", "src/main.lambda_handler"
      ),
      (
        ["lambdas/a/requirements.txt": "x\n", "lambdas/a/src/main.py": "import os, x\n"],
        "lambdas/a", "src/main.lambda_handler"
      ),
      (
        ["shop/a/main.py": "from shop.a.store import x\n", "shop/a/store.py": "x = 1\n", "shop/b/x.py": ""],
        ".", "shop/a/main.lambda_handler"
      ),
    ])
  func importRoot(_ files: [String: String], _ root: String, _ handler: String) async throws {
    var whole = files
    for (path, text) in files where path.hasSuffix("main.py") { whole[path] = text + pythonHandler }
    let found = try await Self.definition(whole)
    #expect(found.build.root == RepositoryPath(root))
    #expect(found.handler == handler)
    #expect(found.build.sources.undeclared.isEmpty)
  }

  @Test(
    "code of the repository that would not get into the package is told with the way out",
    arguments: [
      (
        ["api/a/handler.py": "from core.util import X\n" + pythonHandler, "layer/core/util.py": "X = 1\n"],
        "api/a: 'import core.util' in api/a/handler.py:1 is code of this repository (layer/core) that the unit does not declare",
        #"add "uses": ["../../layer/core"] to api/a/function.json, or name the layer that brings it in "layers""#
      ),
      (
        ["api/a/handler.py": "import db\n" + pythonHandler, "libs/db.py": ""],
        "api/a: 'import db' in api/a/handler.py:1 is code of this repository (libs) that the unit does not declare",
        #"add "uses": ["../../libs"] to api/a/function.json and "shared": { "libs": { "into": "." } } to lamctl.json"#
      ),
      (
        [
          "services/a/package.json": "{}", "services/a/index.js": "require('@x/db');\n" + nodeHandler,
          "packages/db/package.json": #"{"name": "@x/db"}"#, "packages/db/index.js": "",
        ],
        "services/a: '@x/db' in services/a/index.js:1 is code of this repository (packages/db) that the unit does not declare",
        #"add "@x/db" to the "dependencies" of services/a/package.json"#
      ),
      (
        ["api/a/app.rb": "require_relative '../../lib/db'\ndef h(event:, context:)\nend\n", "lib/db.rb": ""],
        "api/a: 'require_relative ../../lib/db' in api/a/app.rb:1 is code of this repository (lib) that the unit does not declare",
        #"add "uses": ["../../lib"] to api/a/function.json and require it from './lib'"#
      ),
    ])
  func undeclared(_ files: [String: String], _ text: String, _ fix: String) async throws {
    let found = try await Self.definition(files).build.sources.undeclared
    #expect(found.map(\.description) == [text])
    #expect(found.first?.fix == fix)
  }

  @Test("what a declared layer brings, a workspace's declared package, and a linked folder are none of that")
  func declared() async throws {
    let layer = try await Self.definition([
      "api/a/handler.py": "import util\n" + pythonHandler, "layers/common/python/util.py": "",
      "api/a/function.json": #"{"layers": ["arn:aws:lambda:eu-west-1:123456789012:layer:common:1"]}"#,
    ])
    #expect(layer.build.sources == .unit)
    let member = try await Self.definition([
      "services/a/package.json": #"{"dependencies": {"@x/db": "*"}}"#,
      "services/a/index.js": "require('@x/db');\n" + nodeHandler,
      "packages/db/package.json": #"{"name": "@x/db"}"#, "packages/db/index.js": "",
      "packages/db/data.json": "",
      "packages/db/db.test.js": "",
    ])
    #expect(member.build.sources.undeclared.isEmpty)
    #expect(
      member.build.sources.reached == [
        "packages/db/data.json", "packages/db/index.js", "packages/db/package.json",
      ])
    let repository = try Repository([
      "libs/common/x.py": "", "fn/a/handler.py": "from common.x import y\n" + pythonHandler,
    ])
    repository.link("fn/a/common", to: "../../libs/common")
    let linked = try await repository.functions()
    withExtendedLifetime(repository) { #expect(linked.first?.build.sources == .unit) }
  }

  @Test("a unit that is the repository keeps to what its handlers reach")
  func narrow() async throws {
    let files = [
      "requirements.txt": "requests==2.32.0\n", "handler.py": "from shop import store\n" + pythonHandler,
      "shop/store.py": "x = 1\n", "shop/schema.json": "{}", "shop/templates/mail.html": "",
      "shop/README.md": "",
      "other/x.py": "", "README.md": "", "terraform/main.tf": "", "tests/test_x.py": "",
    ]
    let repository = try Repository(files)
    defer { withExtendedLifetime(repository) {} }
    let build = try #require(try await repository.functions().first).build
    #expect(
      build.sources.own == ["handler.py", "shop/schema.json", "shop/store.py", "shop/templates/mail.html"])
    let collector = InputCollector(workspace: try repository.open())
    let inputs = try collector.inputs(of: build)
    #expect(inputs.own.map(\.path) == build.sources.own)
    #expect(inputs.locks.map(\.path) == ["requirements.txt"])
  }

  @Test("TypeScript's paths, a package's exports and its inner imports are followed")
  func resolution() async throws {
    let found = try await Self.definition([
      "tsconfig.base.json":
        "{ \"compilerOptions\": { \"baseUrl\": \".\", \"paths\": { \"@db/*\": [\"libs/db/src/*\"], /* all */ }, }, }",
      "services/a/tsconfig.json": "{ \"extends\": \"../../tsconfig.base.json\" }",
      "services/a/package.json": ##"{"name": "a", "imports": {"#log": "./src/log.ts"}}"##,
      "services/a/src/index.ts":
        "import { q } from '@db/query';\nimport '#log';\nimport m from '@x/mail/send';\nimport data from './data.json';\nexport const handler = async () => 1;\n",
      "services/a/src/log.ts": "", "services/a/src/data.json": "{}", "services/a/src/unused.ts": "",
      "libs/db/src/query.ts": "export * from './pool.js';\n", "libs/db/src/pool.ts": "",
      "libs/db/src/unused.ts": "",
      "packages/mail/package.json":
        #"{"name": "@x/mail", "exports": {"./*": {"types": "./dist/types/*.d.ts", "default": "./dist/*.js"}}}"#,
      "packages/mail/src/send.ts": "", "packages/mail/src/index.ts": "",
    ])
    #expect(
      found.build.sources.own == [
        "services/a/package.json", "services/a/src/data.json", "services/a/src/index.ts",
        "services/a/src/log.ts",
        "services/a/tsconfig.json",
      ])
    #expect(
      found.build.sources.reached == [
        "libs/db/src/pool.ts", "libs/db/src/query.ts", "packages/mail/package.json",
        "packages/mail/src/send.ts",
        "tsconfig.base.json",
      ])
  }

  @Test("a Go program is made of its packages, what they embed, and modules that are replaced")
  func go() async throws {
    let found = try await Self.definition([
      "go.mod": "module example.com/m\n\nreplace (\n\texample.com/log => ./mods/log\n)\n", "go.sum": "x\n",
      "mods/log/go.mod": "module example.com/log\n", "mods/log/log.go": "package log\n",
      "cmd/a/main.go":
        "package main\nimport (\n\t\"fmt\"\n\t\"example.com/log\"\n\t\"example.com/m/web\"\n\t\"github.com/aws/aws-lambda-go/lambda\"\n)\nfunc main() { lambda.Start(1) }\n",
      "cmd/a/rest.go": "package main\n", "cmd/b/main.go": "package main\n",
      "web/web.go": "package web\n//go:embed pages/*.html\nvar p string\n",
      "web/pages/x.html": "", "web/pages/x.css": "", "web/web_test.go": "package web\n",
    ])
    #expect(found.build.target == "./cmd/a" && found.build.project == .root)
    #expect(found.build.sources.own == ["cmd/a/main.go", "cmd/a/rest.go"])
    #expect(
      found.build.sources.reached == [
        "go.mod", "mods/log/go.mod", "mods/log/log.go", "web/pages/x.html", "web/web.go",
      ])
    #expect(found.build.sources.locks == ["go.sum"])
  }
}
