import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

extension BuilderTests {
  @Test(
    "TypeScript is bundled by esbuild, each handler at its place, with what is named to lie beside it")
  func typeScript() async throws {
    let repository = try Repository([
      "fns/a/package.json": #"{"name": "a"}"#, "fns/a/tsconfig.json": "{}", "fns/a/page.html": "<p>",
      "fns/a/function.json":
        #"{"uses": ["../../libs/db"], "package": {"include": ["*.html"]}, "functions": {"a": {"handler": "src/index.handler"}}}"#,
      "fns/a/src/index.ts":
        "import { name } from '../../../libs/db/name';\nexport const handler = async (event: {}) => name;\n",
      "libs/db/name.ts": "export const name: string = 'db';\n",
    ])
    let (packages, _, definitions) = try await build(repository)
    let package = try #require(packages["a"])
    #expect(paths(package) == ["page.html", "src/index.js"])
    try Gate.check(package, for: try #require(definitions.first), hasBucket: false)
    #expect(try await build(repository).packages["a"]?.isFromCache == true)
  }

  @Test(
    "TypeScript with what only ES modules have is bundled as one, in which CommonJS finds its own; all else is CommonJS",
    arguments: [
      ("export const conf = await Promise.resolve('read');\n", "index.mjs"),
      ("try {\n  await import('node:fs');\n} catch {}\nexport const conf = 'read';\n", "index.mjs"),
      ("export const conf = import.meta.url.length > 0 ? 'read' : '';\n", "index.mjs"),
      (
        "const f = async () => await 1;\nclass A { async b() { await f(); } }\nexport const conf = 'read';\n",
        "index.js"
      ),
    ])
  func module(_ source: String, _ file: String) async throws {
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["fn"], "defaults": {"runtime": "nodejs22.x"}}"#,
      "fn/index.ts":
        "import { conf } from './conf.js';\nimport old from './old.cjs';\nexport const handler = async (event: {}) => [conf, old];\n",
      "fn/conf.ts": source,
      "fn/old.cjs": "module.exports = [typeof __dirname, typeof require(['o', 's'].join('')).EOL];\n",
    ])
    let (packages, _, definitions) = try await build(repository)
    let package = try #require(packages["fn"])
    #expect(paths(package) == [file])
    try Gate.check(package, for: try #require(definitions.first), hasBucket: false)
    let unpacked = try await MadePackages.unpack(package)
    let lines = Lock<[String]>([])
    let script =
      "import('\(unpacked.path)/\(file)').then(async m => console.log((await m.handler({})).join()))"
    _ = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: ["node", "-e", script], environment: .exactly(Self.environment))
    ) { _, line in lines.withLock { $0.append(line) } }
    #expect(lines.withLock { $0 } == ["read,string,string"])
  }

  @Test("what a build writes to its two streams comes in the order in which it was written")
  func order() async throws {
    let repository = try Repository([
      "fn/function.json":
        #"{"runtime": "provided.al2023", "handler": "bootstrap", "build": ["sh", "build.sh"]}"#,
      "fn/build.sh":
        "for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo error $i >&2; done; echo '#!' > bootstrap\n",
    ])
    let lines = try await build(repository).lines
    #expect(lines == (1...9).flatMap { ["out \($0)", "error \($0)"] })
  }

  @Test("an own build sees what is installed for Node, but no code of the repository that is linked there")
  func installed() async throws {
    let repository = try Repository([
      ".gitignore": "node_modules\n", "node_modules/tool/index.js": "module.exports = 'tool'\n",
      "libs/secret/index.js": "", "fn/node_modules/own/index.js": "module.exports = 'own'\n",
      "fn/function.json":
        #"{"runtime": "nodejs22.x", "handler": "index.handler", "build": ["node", "build.js"]}"#,
      "fn/index.js": nodeHandler,
      "fn/build.js":
        "console.log(require('tool'), require('own')); try { require('secret') } catch (e) { console.log(e.code) }\n",
    ])
    symlink("../libs/secret", repository.path + "/node_modules/secret")
    let (packages, lines, _) = try await build(repository)
    #expect(lines == ["tool own", "MODULE_NOT_FOUND"])
    #expect(paths(packages["fn"]) == ["build.js", "index.js"])
  }

  @Test("a build finds nothing above its copy of the unit, and leaves no folder behind")
  func outside() async throws {
    let repository = try Repository([
      "package.json": "{}", "node_modules/hidden/index.js": "",
      "fn/function.json":
        #"{"runtime": "provided.al2023", "handler": "bootstrap", "build": ["sh", "build.sh"]}"#,
      "fn/build.sh": "pwd; ls ..; ls ../..; echo '#!' > bootstrap\n",
    ])
    let scratch = try TemporaryFolder()
    let lines = try await build(repository).lines
    let folder = try #require(lines.first)
    #expect(!folder.hasPrefix(repository.path))
    #expect(lines.dropFirst().contains("fn") && !lines.contains("package.json"))
    #expect(!Files.exists(folder))
    withExtendedLifetime(scratch) {}
  }
}
