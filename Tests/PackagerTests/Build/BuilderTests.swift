import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

@Suite("building")
struct BuilderTests {
  static let environment = [
    "PATH": String(cString: getenv("PATH")), "HOME": getenv("HOME").map { String(cString: $0) } ?? "/",
  ]

  /// Packages every function of the repository, and the lines that builds wrote.
  func build(
    _ repository: Repository, environment: [String: String] = [:]
  ) async throws -> (packages: [String: BuiltPackage], lines: [String], definitions: [FunctionDefinition]) {
    let environment = Self.environment.merging(environment) { $1 }
    let workspace = try repository.open(environment)
    let definitions = try await repository.functions(environment: environment)
    let digests = try await Digester(workspace).digest(definitions)
    let lines = Lock<[String]>([])
    let results = await Builder(workspace, timeout: .seconds(60)).packages(definitions, digests: digests) {
      event in
      if case .line(_, _, let text) = event { lines.withLock { $0.append(text) } }
    }
    let packages = try results.mapValues { try $0.get() }
    return (packages, lines.withLock { $0 }, definitions)
  }

  func paths(_ package: BuiltPackage?) -> [String] { package?.tree.entries.map(\.path.text) ?? [] }

  @Test("plain Python goes in with its shared code where `into` says, without a build")
  func plain() async throws {
    let repository = try Repository([
      "lamctl.json":
        #"{"functions": ["fn/*"], "shared": {"libs/py-common": {"into": "common"}, "libs/top": {"into": "."}}}"#,
      "fn/a/handler.py": "import common, tool\n" + pythonHandler, "fn/a/notes.map": "",
      "fn/a/requirements.txt": "# nothing\n\n",
      "fn/a/function.json":
        #"{"uses": ["../../libs/py-common", "libs/top"], "package": {"exclude": ["**/*.map"]}}"#,
      "libs/py-common/__init__.py": "", "libs/top/tool.py": "",
    ])
    let (packages, _, definitions) = try await build(repository)
    #expect(paths(packages["a"]) == ["common/__init__.py", "handler.py", "requirements.txt", "tool.py"])
    let package = try #require(packages["a"])
    try Gate.check(package, for: try #require(definitions.first), hasBucket: false)
    let again = try await build(repository).packages["a"]
    #expect(again?.zip.sha256 == package.zip.sha256)
    #expect(again?.pkg == package.pkg)
  }

  @Test(
    "the events of smoke tests stay out unless they are asked for; a folder of that name is code as any other"
  )
  func events() async throws {
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["fn/*"]}"#,
      "fn/a/handler.py": "import events\n" + pythonHandler, "fn/a/events/__init__.py": "",
      "fn/a/events/ping.json": "{}", "fn/a/events/data.json": "{}",
      "fn/a/function.json": #"{"smoke": [{"event": "events/ping.json"}]}"#,
      "fn/b/handler.py": pythonHandler, "fn/b/events/ping.json": "{}",
      "fn/b/function.json":
        #"{"smoke": [{"event": "events/ping.json"}], "package": {"include": ["events/ping.json"]}}"#,
    ])
    let packages = try await build(repository).packages
    #expect(paths(packages["a"]) == ["events/__init__.py", "events/data.json", "handler.py"])
    #expect(paths(packages["b"]) == ["events/ping.json", "handler.py"])
  }

  @Test("an own build sees only what is declared, runs once, and is taken from the cache afterwards")
  func ownBuild() async throws {
    let repository = try Repository([
      "fn/a/function.json": #"""
      {"runtime": "provided.al2023", "handler": "bootstrap", "build": ["sh", "build.sh"], "output": "dist",
       "inputs": ["../../schema.json"], "env": ["STAGE"], "functions": {"one": {}, "two": {}}}
      """#,
      "fn/a/build.sh": """
      echo "stage $STAGE hidden [$HIDDEN]"; test ! -e ../b || exit 3
      mkdir dist; printf '#!/bin/sh\\n' > dist/bootstrap; cp ../../schema.json dist/
      """,
      "fn/b/secret.txt": "", "schema.json": "{}",
    ])
    let environment = ["STAGE": "beta", "HIDDEN": "no"]
    let first = try await build(repository, environment: environment)
    #expect(first.lines == ["stage beta hidden []"])
    #expect(paths(first.packages["one"]) == ["bootstrap", "schema.json"])
    #expect(first.packages["one"]?.zip == first.packages["two"]?.zip)
    let second = try await build(repository, environment: environment)
    #expect(second.lines == [])
    #expect(second.packages["one"]?.isFromCache == true)
    #expect(second.packages["one"]?.zip.sha256 == first.packages["one"]?.zip.sha256)
    // A damaged entry is built again rather than used.
    let trees = repository.path + "/.lamctl/cache/trees"
    let entry = try #require(try Files.names(in: trees).first)
    try Files.writeAtomically([], to: "\(trees)/\(entry)/tree/schema.json")
    let third = try await build(repository, environment: environment)
    #expect(third.lines.count == 1)
    #expect(third.packages["one"]?.pkg == first.packages["one"]?.pkg)
  }

  @Test(
    "a build that fails says how, with its last lines and without secrets",
    arguments: [
      (
        #"["sh", "-c", "echo pw is hunter22; exit 4"]"#,
        "fn: 'sh -c echo pw is secret:#; exit 4' failed with exit code 4"
      ),
      (#"["no-such-program"]"#, "fn: 'no-such-program' cannot be run: No such file or directory"),
      (#"["true"]"#, "fn: the build made no folder 'dist', which \"output\" names"),
      (#"["mkdir", "dist"]"#, "fn: the build left 'dist' empty"),
    ])
  func failures(_ command: String, _ expected: String) async throws {
    let repository = try Repository([
      "fn/function.json": #"""
      {"runtime": "provided.al2023", "handler": "bootstrap", "output": "dist", "build": \#(command),
       "environment": {"variables": {"DB_PASSWORD": "hunter22"}}}
      """#,
      "fn/x": "",
    ])
    let told = await message { _ = try await build(repository) }
    #expect(told.replacing(/secret:[0-9a-f]{16}/, with: "secret:#") == expected)
  }

  @Test("prebuilt output is packaged although git ignores it")
  func prebuilt() async throws {
    let repository = try Repository([
      ".gitignore": "dist/\n",
      "fn/function.json": #"{"runtime": "nodejs22.x", "handler": "index.handler", "output": "dist"}"#,
      "fn/dist/index.js": nodeHandler, "fn/src/index.ts": "",
    ])
    let (packages, _, definitions) = try await build(repository)
    #expect(paths(packages["fn"]) == ["index.js"])
    try Gate.check(try #require(packages["fn"]), for: try #require(definitions.first), hasBucket: false)
  }

  @Test("npm installs what the lock names, with packages of the repository as real files")
  func npm() async throws {
    let repository = try Repository([
      "fn/index.js": "require('left');\n" + nodeHandler,
      "fn/package.json":
        #"{"name": "fn", "version": "1.0.0", "dependencies": {"left": "file:../libs/left"}}"#,
      "fn/package-lock.json": #"""
      {"name": "fn", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {
        "": {"name": "fn", "version": "1.0.0", "dependencies": {"left": "file:../libs/left"}},
        "../libs/left": {"version": "1.0.0"}, "node_modules/left": {"resolved": "../libs/left", "link": true}}}
      """#,
      "libs/left/package.json": #"{"name": "left", "version": "1.0.0"}"#,
      "libs/left/index.js": "module.exports = 1\n",
    ])
    let (packages, _, _) = try await build(repository)
    #expect(
      paths(packages["fn"]) == [
        "index.js", "node_modules/left/index.js", "node_modules/left/package.json", "package-lock.json",
        "package.json",
      ])
    #expect(try await build(repository).packages["fn"]?.isFromCache == true)
  }

  @Test("pip installs local wheels into the package, without what names this machine, and once")
  func pip() async throws {
    let repository = try Repository([
      "fn/handler.py": "import tiny\n" + pythonHandler,
      "fn/requirements.txt": "./wheels/tiny-1.0-py3-none-any.whl\n",
    ])
    let script = """
      import zipfile, sys
      z = zipfile.ZipFile(sys.argv[1], 'w')
      z.writestr('tiny/__init__.py', 'x = 1\\n')
      z.writestr('tiny-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n')
      z.writestr('tiny-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
      z.writestr('tiny-1.0.dist-info/entry_points.txt', '[console_scripts]\\ntiny = tiny:main\\n')
      z.writestr('tiny-1.0.dist-info/RECORD', '')
      """
    try Files.createFolder(repository.path + "/fn/wheels")
    let wheel = repository.path + "/fn/wheels/tiny-1.0-py3-none-any.whl"
    let made = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: ["python3", "-c", script, wheel], environment: .exactly(Self.environment))
    ) { _, _ in }
    try #require(made.isSuccess)
    let package = try await build(repository).packages["fn"]
    let found = paths(package).filter { !$0.hasPrefix("wheels/") }
    #expect(
      found == [
        "handler.py", "requirements.txt", "tiny-1.0.dist-info/METADATA", "tiny-1.0.dist-info/WHEEL",
        "tiny-1.0.dist-info/entry_points.txt", "tiny/__init__.py",
      ])
    try repository.folder.write("fn/handler.py", "import tiny  # edited\n" + pythonHandler)
    let edited = try await build(repository)
    #expect(edited.packages["fn"]?.isFromCache == true)
    #expect(edited.lines == [])
    #expect(edited.packages["fn"]?.pkg != package?.pkg)
  }

  @Test("pip is asked for the whole ladder of platforms that the runtime can run, newest first")
  func ladder() {
    let old = WheelPlatforms.tags(runtime: "python3.11", architecture: "x86_64")
    #expect(old.first == "manylinux_2_26_x86_64")
    #expect(
      old.suffix(4) == ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64"])
    let new = WheelPlatforms.tags(runtime: "python3.13", architecture: "arm64")
    #expect(new.first == "manylinux_2_34_aarch64")
    #expect(!new.contains("manylinux2010_aarch64"))
  }

  @Test("the cache drops what was used longest ago, and work that was left behind")
  func prune() async throws {
    let folder = try TemporaryFolder()
    let cache = PackageCache(folder: folder.path)
    for (index, size) in [600, 600].enumerated() {
      let work = try cache.work()
      try work.treeFolder().write([UInt8](repeating: 1, count: size + index), to: "f")
      let tree = try cache.publish(work, for: SHA256.digest(of: "\(index)"), about: "").path
      work.remove()
      var times = [timespec(tv_sec: 1_000 + index, tv_nsec: 0), timespec(tv_sec: 1_000 + index, tv_nsec: 0)]
      utimensat(AT_FDCWD, String(tree.dropLast("/tree".count)), &times, 0)
    }
    let left = try cache.work().folder.path
    var times = [timespec(tv_sec: 0, tv_nsec: 0), timespec(tv_sec: 0, tv_nsec: 0)]
    utimensat(AT_FDCWD, left, &times, 0)
    try cache.prune(limit: 1_000, now: 200_000)
    #expect(cache.tree(for: SHA256.digest(of: "0")) == nil)
    #expect(cache.tree(for: SHA256.digest(of: "1")) != nil)
    #expect(!Files.exists(left))
  }
}
