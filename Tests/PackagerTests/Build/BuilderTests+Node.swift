import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

extension BuilderTests {
  @Test(
    "dependencies that no lock pins are refused before anything is built",
    arguments: [
      (
        ["fn/index.js": nodeHandler, "fn/package.json": #"{"dependencies": {"left": "1"}}"#],
        "fn: fn/package.json has dependencies, and no lock pins them"
      ),
      (
        ["fn/handler.py": pythonHandler, "fn/Pipfile": "[packages]\nrequests = \"*\"\n"],
        "fn: fn/Pipfile declares dependencies, and no lock pins them"
      ),
      (
        // What is left out of the package is read all the same.
        [
          "fn/handler.py": pythonHandler, "fn/Pipfile": "[packages]\nrequests = \"*\"\n",
          "fn/.lambdaignore": "Pipfile\n",
        ],
        "fn: fn/Pipfile declares dependencies, and no lock pins them"
      ),
      (
        [
          "fn/handler.py": pythonHandler,
          "fn/pyproject.toml": "[project]\ndependencies = [\n  \"requests\",\n]\n",
        ],
        "fn: fn/pyproject.toml declares dependencies, and no lock pins them"
      ),
      (
        [
          "fn/handler.py": pythonHandler,
          "fn/pyproject.toml": "[tool.poetry.dependencies]\npython = \"^3.12\"\nrequests = \"*\"\n",
        ],
        "fn: fn/pyproject.toml declares dependencies, and no lock pins them"
      ),
      (
        [
          "fn/handler.py": pythonHandler,
          "fn/pyproject.toml":
            "[project]\ndependencies = []\n[tool.poetry.dependencies]\npython = \"^3.12\"\n",
        ],
        "no error"
      ),
    ] as [([String: String], String)])
  func noLock(_ files: [String: String], _ expected: String) async throws {
    let repository = try Repository(files)
    #expect(await message { _ = try await build(repository) } == expected)
  }

  @Test("what something else has built is the package: a folder that git ignores, or what is in a zip")
  func artifact() async throws {
    let repository = try Repository([
      ".gitignore": "dist/\n",
      "lamctl.json": #"{"functions": ["fn/*"], "defaults": {"artifact": "dist/{function}"}}"#,
      "fn/a/function.json": #"{"runtime": "provided.al2023", "handler": "bootstrap"}"#,
      "dist/a/bootstrap": "#!/bin/sh\n", "dist/a/extra/x": "1",
    ])
    #expect(paths(try await build(repository).packages["a"]) == ["bootstrap", "extra/x"])
    let zip = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: [
          "python3", "-c",
          """
          import zipfile
          z = zipfile.ZipFile('b.jar', 'w', zipfile.ZIP_DEFLATED)
          z.writestr('index.js', 'exports.handler = async (event) => 1;' + ' ' * 5000)
          z.writestr('META-INF/', ''); z.writestr('META-INF/MANIFEST.MF', 'x')
          """,
        ], environment: .exactly(Self.environment), folder: repository.path + "/dist")
    ) { _, _ in }
    try #require(zip.isSuccess)
    try repository.folder.write(
      "fn/a/function.json",
      #"{"runtime": "nodejs22.x", "handler": "index.handler", "artifact": "../../dist/b.jar"}"#)
    let (packages, _, definitions) = try await build(repository)
    let package = try #require(packages["a"])
    #expect(paths(package) == ["META-INF/MANIFEST.MF", "index.js"])
    try Gate.check(package, for: try #require(definitions.first), hasBucket: false)
    try repository.folder.write(
      "fn/a/function.json",
      #"{"artifact": "../../dist/c.zip", "runtime": "nodejs22.x", "handler": "index.handler"}"#)
    #expect(
      await message { _ = try await build(repository) }
        == #"fn/a/function.json:1:14: "artifact": there is no 'dist/c.zip'; build it first, or correct the path"#
    )
  }

  @Test("events that only smoke tests name are not packaged")
  func smokeEvents() async throws {
    let repository = try Repository([
      "fn/index.js": nodeHandler, "fn/ping.json": "{}", "fn/data.json": "{}",
      "fn/function.json": #"{"smoke": [{"event": "ping.json"}]}"#,
    ])
    #expect(paths(try await build(repository).packages["fn"]) == ["data.json", "index.js"])
  }

  @Test("packages that lie in the unit itself are installed as real files")
  func localPackage() async throws {
    let repository = try Repository([
      "fn/index.js": "require('util1');\n" + nodeHandler,
      "fn/package.json": #"{"name": "fn", "version": "1.0.0", "dependencies": {"util1": "file:./util1"}}"#,
      "fn/package-lock.json": #"""
      {"name": "fn", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {
        "": {"name": "fn", "version": "1.0.0", "dependencies": {"util1": "file:./util1"}},
        "util1": {"version": "1.0.0"}, "node_modules/util1": {"resolved": "util1", "link": true}}}
      """#,
      "fn/util1/package.json": #"{"name": "util1", "version": "1.0.0", "main": "i.js"}"#,
      "fn/util1/i.js": "module.exports = 1\n",
    ])
    let (packages, _, definitions) = try await build(repository)
    let package = try #require(packages["fn"])
    #expect(paths(package).contains("node_modules/util1/i.js"))
    try Gate.check(package, for: try #require(definitions.first), hasBucket: false)
  }

  @Test("a member of a workspace gets what it needs, members as real files, from the lock at the top")
  func workspace() async throws {
    let repository = try Repository([
      "package.json": #"{"name": "all", "private": true, "workspaces": ["fns/*", "packages/*"]}"#,
      "package-lock.json": #"""
      {"name": "all", "lockfileVersion": 3, "requires": true, "packages": {
        "": {"name": "all", "workspaces": ["fns/*", "packages/*"]},
        "fns/a": {"name": "a", "version": "1.0.0", "dependencies": {"@x/util": "*"}},
        "fns/b": {"name": "b", "version": "1.0.0"},
        "packages/util": {"name": "@x/util", "version": "1.0.0", "dependencies": {"@x/deep": "*"}},
        "packages/deep": {"name": "@x/deep", "version": "1.0.0"},
        "node_modules/a": {"resolved": "fns/a", "link": true},
        "node_modules/b": {"resolved": "fns/b", "link": true},
        "node_modules/@x/util": {"resolved": "packages/util", "link": true},
        "node_modules/@x/deep": {"resolved": "packages/deep", "link": true}}}
      """#,
      "fns/a/package.json": #"{"name": "a", "version": "1.0.0", "dependencies": {"@x/util": "*"}}"#,
      "fns/a/index.js": "require('@x/util');\n" + nodeHandler,
      "fns/b/package.json": #"{"name": "b", "version": "1.0.0"}"#, "fns/b/index.js": nodeHandler,
      "packages/util/package.json":
        #"{"name": "@x/util", "version": "1.0.0", "main": "i.js", "dependencies": {"@x/deep": "*"}}"#,
      "packages/util/i.js": "module.exports = require('@x/deep')\n",
      "packages/deep/package.json": #"{"name": "@x/deep", "version": "1.0.0"}"#,
      "packages/deep/index.js": "module.exports = 1\n",
    ])
    let (packages, _, definitions) = try await build(repository)
    let package = try #require(packages["a"])
    #expect(
      paths(package) == [
        "index.js", "node_modules/@x/deep/index.js", "node_modules/@x/deep/package.json",
        "node_modules/@x/util/i.js", "node_modules/@x/util/package.json", "package.json",
      ])
    try Gate.check(package, for: try #require(definitions.first { $0.name == "a" }), hasBucket: false)
  }

  @Test(
    "another member's dependencies, and a source of the own, resolve nothing anew; an own dependency does")
  func layerKey() async throws {
    let lock = { (a: String, b: String) in
      #"""
      {"name": "all", "lockfileVersion": 3, "requires": true, "packages": {
        "": {"name": "all", "workspaces": ["fns/*", "packages/*"]},
        "fns/a": {"name": "a", "version": "1.0.0", "dependencies": {\#(a)}},
        "fns/b": {"name": "b", "version": "1.0.0", "dependencies": {\#(b)}},
        "packages/deep": {"name": "@x/deep", "version": "1.0.0"},
        "packages/util": {"name": "@x/util", "version": "1.0.0"},
        "node_modules/a": {"resolved": "fns/a", "link": true},
        "node_modules/b": {"resolved": "fns/b", "link": true},
        "node_modules/@x/deep": {"resolved": "packages/deep", "link": true},
        "node_modules/@x/util": {"resolved": "packages/util", "link": true}}}
      """#
    }
    let manifest = { (name: String, needs: String) in
      #"{"name": "\#(name)", "version": "1.0.0", "dependencies": {\#(needs)}}"#
    }
    let util = #""@x/util": "*""#
    let deep = #""@x/deep": "*""#
    let repository = try Repository([
      "package.json": #"{"name": "all", "private": true, "workspaces": ["fns/*", "packages/*"]}"#,
      "package-lock.json": lock(util, ""), "fns/a/package.json": manifest("a", util),
      "fns/a/index.js": "require('@x/util');\n" + nodeHandler, "fns/b/package.json": manifest("b", ""),
      "fns/b/index.js": nodeHandler, "packages/util/package.json": manifest("@x/util", ""),
      "packages/util/index.js": "", "packages/deep/package.json": manifest("@x/deep", ""),
      "packages/deep/index.js": "",
    ])
    #expect(try await build(repository).packages["a"]?.isFromCache == false)
    try repository.folder.write("package-lock.json", lock(util, deep))
    try repository.folder.write("fns/b/package.json", manifest("b", deep))
    try repository.folder.write("fns/a/index.js", "require('@x/util'); // edited\n" + nodeHandler)
    let edited = try await build(repository).packages
    #expect(edited["a"]?.isFromCache == true)
    #expect(edited["b"]?.isFromCache == false)
    try repository.folder.write("package-lock.json", lock(util + ", " + deep, deep))
    try repository.folder.write("fns/a/package.json", manifest("a", util + ", " + deep))
    let more = try await build(repository).packages["a"]
    #expect(more?.isFromCache == false)
    #expect(paths(more).contains("node_modules/@x/deep/index.js"))
  }

  @Test("an npm that ends without an error and with half a tree is not believed")
  func halfTree() async throws {
    let repository = try Repository([
      "fn/index.js": "require('left');\n" + nodeHandler,
      "fn/package.json": #"{"dependencies": {"left": "1.0.0", "right": "2.0.0"}}"#,
      "fn/package-lock.json": #"""
      {"lockfileVersion": 3, "packages": {"": {"dependencies": {"left": "1.0.0", "right": "2.0.0"}},
        "node_modules/left": {"version": "1.0.0"}, "node_modules/right": {"version": "2.0.0"},
        "node_modules/test": {"version": "1.0.0", "dev": true}}}
      """#,
    ])
    let tools = try StandIns([
      "npm": """
      [ "$1" = --version ] && echo 10.8.2 && exit 0
      mkdir -p node_modules/left node_modules/right
      echo '{"version": "1.0.0"}' > node_modules/left/package.json
      echo '{"version": "1.9.0"}' > node_modules/right/package.json
      echo 'npm error Exit handler never called!' >&2
      """
    ])
    #expect(
      await message { _ = try await build(repository, environment: tools.environment) }
        == "fn: npm ended without an error, but of the 2 packages that package-lock.json pins 1 are not installed in their versions: node_modules/right"
    )
  }

  @Test(
    "each package manager is called to install what its lock says for production, and nothing else",
    arguments: [
      (
        ["yarn.lock": ""], "yarn install --frozen-lockfile --production --non-interactive in fn"
      ),
      (["yarn.lock": "", ".yarnrc.yml": ""], "yarn workspaces focus --production in fn with node-modules"),
      (
        [
          "pnpm-lock.yaml":
            "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      left:\n        specifier: '1'\n        version: 1.0.0\npackages:\n  left@1.0.0:\n    resolution: {integrity: x}\nsnapshots:\n  left@1.0.0: {}\n"
        ], "pnpm install --frozen-lockfile --prod --config.node-linker=hoisted in fn"
      ),
      (
        [
          "bun.lock":
            #"{"lockfileVersion": 1, "workspaces": {"": {"name": "fn", "dependencies": {"left": "1"}}}, "packages": {"left": ["left@1.0.0", "", {}, "x"]}}"#
        ], "bun install --frozen-lockfile --production in fn"
      ),
    ] as [([String: String], String)])
  func managers(_ locks: [String: String], _ expected: String) async throws {
    var files = [
      "fn/index.js": "require('left');\n" + nodeHandler,
      "fn/package.json": #"{"name": "fn", "dependencies": {"left": "1"}}"#,
    ]
    for (name, text) in locks { files["fn/\(name)"] = text }
    let repository = try Repository(files)
    let script = """
      [ "$1" = --version ] && echo 4.5.6 && exit 0
      echo "${0##*/} $* in ${PWD##*/}${YARN_NODE_LINKER:+ with $YARN_NODE_LINKER}"
      mkdir -p node_modules/left; echo '{}' > node_modules/left/package.json; echo > node_modules/left/index.js
      """
    let tools = try StandIns(["yarn": script, "pnpm": script, "bun": script])
    let (packages, lines, _) = try await build(repository, environment: tools.environment)
    #expect(lines == [expected])
    #expect(paths(packages["fn"]).contains("node_modules/left/index.js"))
  }
}
