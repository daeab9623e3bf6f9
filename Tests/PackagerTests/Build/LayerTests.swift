import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

@Suite("layers of the repository")
struct LayerTests {
  private static let handler = "import greeting\ndef handler(event, context): return greeting.WORD\n"

  private static func files(_ layers: String = #"["layers/common"]"#, runtime: String = "python3.12")
    -> [String:
    String]
  {
    [
      "lamctl.json": #"{"project": "shop", "functions": ["fn/*"], "environments": {"prod": {}}}"#,
      "fn/a/handler.py": handler,
      "fn/a/function.json":
        #"{"handler": "handler.handler", "runtime": "\#(runtime)", "layers": \#(layers)}"#,
      "layers/common/python/greeting.py": "WORD = 'hello'\n",
    ]
  }

  private func built(
    _ repository: Repository
  ) async throws -> (definition: FunctionDefinition, digests: FunctionDigests, package: BuiltPackage) {
    let environment = BuilderTests.environment
    let workspace = try repository.open(environment)
    let definitions = try await repository.functions(environment: environment)
    let digests = try await Digester(workspace).digest(definitions)
    let results = await Builder(workspace, timeout: .seconds(60)).packages(definitions, digests: digests)
    let definition = try #require(definitions.first)
    return (
      definition, try #require(digests[definition.name]), try #require(try results[definition.name]?.get())
    )
  }

  private func faults(_ files: [String: String]) async throws -> [String] {
    let repository = try Repository(files)
    let (definition, _, package) = try await built(repository)
    // The gate reads the files, which are there as long as the repository is.
    return withExtendedLifetime(repository) {
      Gate.faults(
        definition, tree: package.tree, zipSize: package.zip.size, hasBucket: false, layers: package.layers
      ).map { "\($0)" }
    }
  }

  @Test("a folder is a layer: its files as they are, called as functions are, and no function itself")
  func plain() async throws {
    var files = Self.files()
    files["layers/common/python/tool.py"] = "def lambda_handler(event, context): return 1\n"
    files["layers/common/data/words.txt"] = "hello"
    let (definition, digests, package) = try await built(try Repository(files))
    #expect(definition.name == "a")
    #expect(definition.configuration["Layers"] == ["layers/common"])
    #expect(digests.layers.map(\.name) == ["shop-common"])
    let layer = try #require(package.layers.first)
    #expect(
      layer.tree.entries.map(\.path.text) == ["data/words.txt", "python/greeting.py", "python/tool.py"])
    #expect(layer.layer.target == nil)
    #expect(
      package.tree.entries.map(\.path.text)
        == ["handler.py"])
  }

  @Test("a change of a layer is a change of the configuration, never of the code")
  func digest() async throws {
    let before = try await built(try Repository(Self.files()))
    var files = Self.files()
    files["layers/common/python/greeting.py"] = "WORD = 'hi'\n"
    files["layers/common/python/more.py"] = ""
    let after = try await built(try Repository(files))
    #expect(before.digests.src == after.digests.src)
    #expect(before.digests.cfg != after.digests.cfg)
    #expect(before.digests.inputs != after.digests.inputs)
    #expect(before.package.pkg == after.package.pkg)
    #expect(
      DigestDifference.sentences(
        from: before.digests.items, to: after.digests.items, folders: ["layers/common"])
        == ["layers: layers/common (2 files)"])
    // The folder's place and the function's runtime are nothing to files.
    var moved = Self.files(#"["libs/deep/common"]"#, runtime: "python3.13")
    moved["libs/deep/common/python/greeting.py"] = moved.removeValue(
      forKey: "layers/common/python/greeting.py")
    #expect(
      try await built(try Repository(moved)).digests.layers.map(\.src) == before.digests.layers.map(\.src))
  }

  @Test("what a layer provides is counted from what is in it, in the order of the layers")
  func gate() async throws {
    #expect(try await faults(Self.files()) == [])
    var without = Self.files()
    without["layers/common/python/greeting.py"] = nil
    without["layers/common/python/other.py"] = ""
    let lacking = try await faults(without)
    #expect(
      lacking.first?.hasPrefix("handler.py:1 imports 'greeting', which is not there") == true, "\(lacking)")
    // Lambda looks in python/, not at the layer's top.
    var misplaced = Self.files()
    misplaced["layers/common/python/greeting.py"] = nil
    misplaced["layers/common/greeting.py"] = ""
    let elsewhere = try await faults(misplaced)
    #expect(
      elsewhere.first?.contains("of a layer the runtime looks in python/, and it lies at /opt/greeting.py")
        == true,
      "\(elsewhere)")
    // What the layer imports in turn must be there as well.
    var deeper = Self.files()
    deeper["layers/common/python/greeting.py"] = "import missing_thing\nWORD = 1\n"
    let further = try await faults(deeper)
    #expect(
      further.first?.hasPrefix("/opt/python/greeting.py:1 imports 'missing_thing'") == true, "\(further)")
    // Several layers, and the site-packages that the runtime looks in first.
    var two = Self.files(#"["layers/common", "layers/more"]"#)
    two["layers/common/python/greeting.py"] = "import extra\nWORD = 1\n"
    two["layers/more/python/lib/python3.12/site-packages/extra.py"] = ""
    #expect(try await faults(two) == [])
  }

  @Test("Ruby finds gems and files of a layer where the runtime looks for them, and nowhere else")
  func ruby() async throws {
    var files = Self.files(runtime: "ruby3.3")
    files["fn/a/handler.py"] = nil
    files["fn/a/function.json"] =
      #"{"handler": "app.run", "runtime": "ruby3.3", "layers": ["layers/common"]}"#
    files["fn/a/app.rb"] = "require 'money/rate'\nrequire 'tax'\ndef run(event:, context:)\n  1\nend\n"
    let gem = "layers/common/ruby/gems/3.3.0/gems/money-1.0/lib/money/rate.rb"
    files[gem] = "require 'missing_thing'\n"
    files["layers/common/ruby/lib/tax.rb"] = ""
    #expect(try await faults(files) == [])
    var lacking = files
    lacking["layers/common/ruby/lib/tax.rb"] = nil
    lacking["layers/common/lib/tax.rb"] = ""
    let found = try await faults(lacking)
    #expect(found.first?.hasPrefix("app.rb:2 requires 'tax', which is not there") == true, "\(found)")
    var older = files
    older[gem] = nil
    older["layers/common/ruby/gems/3.2.0/gems/money-1.0/lib/money/rate.rb"] = ""
    let other = try await faults(older)
    #expect(other.first?.hasPrefix("app.rb:1 requires 'money/rate', which is not there") == true, "\(other)")
  }

  @Test(
    "a layer counts with the package against the limit, needs a bucket when it is large, and is never empty")
  func limits() async throws {
    let repository = try Repository(Self.files())
    let (definition, _, package) = try await built(repository)
    let own = try #require(package.layers.first)
    let folder = try TemporaryFolder()
    func faults(content: Int?, zip: Int, hasBucket: Bool) throws -> [String] {
      try folder.write("python/greeting.py", "WORD = 1\n")
      if let content {
        let descriptor = open("\(folder.path)/python/large.bin", O_CREAT | O_RDWR, 0o644)
        #expect(ftruncate(descriptor, content) == 0)
        close(descriptor)
      }
      let layer = BuiltLayer(
        layer: own.layer, pkg: own.pkg, zip: ZipFile(path: own.zip.path, size: zip, sha256: own.zip.sha256),
        tree: try PackageTree(folder: folder.path))
      return Gate.faults(
        definition, tree: package.tree, zipSize: package.zip.size, hasBucket: hasBucket, layers: [layer]
      ).map { "\($0)" }
    }
    #expect(try faults(content: nil, zip: 100, hasBucket: false) == [])
    let large = try faults(content: nil, zip: 52_428_801, hasBucket: false)
    #expect(large.count == 1)
    #expect(large.first?.contains("layers/common is a layer whose zip is 52428801 bytes") == true, "\(large)")
    #expect(try faults(content: nil, zip: 52_428_801, hasBucket: true) == [])
    let both = try faults(content: 262_144_000, zip: 100, hasBucket: false)
    #expect(both.count == 1)
    #expect(both.first?.hasPrefix("the package with its layers is 2621") == true, "\(both)")
    var nothing = Self.files()
    nothing["layers/common/python/greeting.py"] = nil
    nothing["layers/common/note.swp"] = "x"
    nothing["layers/common/.lambdaignore"] = "*"
    nothing["fn/a/handler.py"] = "def handler(event, context): return 1\n"
    let empty = try await self.faults(nothing)
    #expect(empty.first?.contains("layers/common is a layer without a file") == true, "\(empty)")
  }

  @Test("a Node handler's packages may lie in a layer")
  func node() async throws {
    let files = [
      "lamctl.json": #"{"functions": ["fn/*"], "environments": {"prod": {}}}"#,
      "fn/a/index.js": "const word = require('word');\nexports.handler = async (event) => word;\n",
      "fn/a/function.json":
        #"{"handler": "index.handler", "runtime": "nodejs22.x", "layers": ["../../layers/words"]}"#,
      "layers/words/nodejs/node_modules/word/index.js": "module.exports = 1;\n",
    ]
    #expect(try await faults(files) == [])
    var without = files
    without["layers/words/nodejs/node_modules/word/index.js"] = nil
    without["layers/words/nodejs/node_modules/other/index.js"] = ""
    #expect(try await faults(without).first?.hasPrefix("index.js:1 loads 'word', which is not there") == true)
  }

  @Test(
    "requirements of a layer are installed under python/, for the function's runtime and processor",
    arguments: ["layers/common", "layers/common/python"])
  func requirements(folder: String) async throws {
    var files = Self.files()
    files["\(folder)/requirements.txt"] = "./wheels/tiny-1.0-py3-none-any.whl\n"
    let repository = try Repository(files)
    let script = """
      import sys, zipfile
      with zipfile.ZipFile(sys.argv[1], 'w') as z:
        z.writestr('tiny/__init__.py', 'x = 1\\n')
        z.writestr('tiny-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n')
        z.writestr('tiny-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
        z.writestr('tiny-1.0.dist-info/RECORD', '')
      """
    try Files.createFolder("\(repository.path)/\(folder)/wheels")
    let made = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: [
          "python3", "-c", script, "\(repository.path)/\(folder)/wheels/tiny-1.0-py3-none-any.whl",
        ], environment: .exactly(BuilderTests.environment))
    ) { _, _ in }
    try #require(made.isSuccess)
    let (_, digests, package) = try await built(repository)
    let layer = try #require(package.layers.first)
    let paths = layer.tree.entries.map(\.path.text)
    #expect(paths.contains("python/tiny/__init__.py"), "\(paths)")
    #expect(paths.contains("python/greeting.py"))
    #expect(layer.layer.target == RepositoryLayer.Target(runtime: "python3.12", architecture: "x86_64"))
    #expect(!package.tree.entries.contains { $0.path.text.contains("tiny") })
    // Content that something is installed for one runtime is another for the next.
    try repository.folder.write(
      "fn/a/function.json",
      #"{"handler": "handler.handler", "runtime": "python3.13", "layers": ["layers/common"]}"#)
    let other = try await repository.functions(environment: BuilderTests.environment)
    let next = try await Digester(try repository.open(BuilderTests.environment)).digest(other)
    #expect(next["a"]?.layers.map(\.src) != digests.layers.map(\.src))
  }

  @Test(
    "what cannot be a layer is refused with its place",
    arguments: [
      (#"["mylayer"]"#, #""layers": there is no folder 'fn/a/mylayer' with files"#),
      (#"["arn:aws:lambda:eu-west-1:123456789012:layer:x"]"#, "must be the ARN of a layer version"),
      (#"["common:3"]"#, "is neither the ARN of a layer version nor a folder of the repository"),
      (#"[{"arn": "common"}]"#, "must be the ARN of a layer version"),
      (#"["layers/common", "../../layers/common"]"#, "'layers/common' is there twice"),
      (#"["layers/common", "other/common"]"#, "would both be the layer shop-common in AWS"),
      (#"["a", "b", "c", "d", "e", "f"]"#, "5"),
    ])
  func refusals(layers: String, expected: String) async throws {
    var files = Self.files(layers)
    files["other/common/python/x.py"] = ""
    let repository = try Repository(files)
    let text = await message { _ = try await repository.functions() }
    #expect(text.contains(expected), "\(text)")
  }

  @Test("a build's artifacts hold the layers, and whoever collects them gets the same")
  func artifacts() async throws {
    let repository = try Repository(Self.files())
    let out = try TemporaryFolder()
    let store = FolderStore(path: out.path + "/dist", place: "dist")
    let definitions = try await repository.functions()
    let workspace = try repository.open()
    func digests() async throws -> [String: FunctionDigests] {
      try await Digester(workspace, tools: ToolVersions()).digest(definitions)
    }
    func build() async throws -> [BuiltArtifact] {
      let build = ArtifactBuild(
        into: store, maker: Builder(workspace), shard: .whole, commit: nil, parallel: 2)
      let built = try await build.run(definitions, digests: digests()) { (_, _) throws(PackagerError) in
      } progress: { _ in
      }
      return built.functions
    }
    func collect() async throws -> BuiltPackage {
      let artifacts = try await Artifacts(
        definitions, digests: digests(), selected: Set(definitions.map(\.name)), in: store,
        cache: PackageCache(folder: out.path + "/cache"), parallel: 2)
      let packages = await artifacts.packages(definitions, digests: artifacts.digests) { _ in }
      return try #require(try packages["a"]?.get())
    }
    #expect(try await build().map(\.origin) == [.reused])
    let first = try await collect()
    #expect(first.layers.map(\.layer.name) == ["shop-common"])
    #expect(first.layers.first?.tree.entries.map(\.path.text) == ["python/greeting.py"])
    #expect(try await build().map(\.origin) == [.earlier])
    #expect(try await collect().layers.map(\.zip.sha256) == first.layers.map(\.zip.sha256))
    // Another layer is another build, also where the function's own package is the same.
    try repository.folder.write("layers/common/python/greeting.py", "WORD = 'hi'\n")
    let text = await message { _ = try await collect() }
    #expect(text.contains("these functions differ: a"), "\(text)")
    _ = try await build()
    let second = try await collect()
    #expect(second.pkg == first.pkg)
    #expect(second.layers.map(\.pkg) != first.layers.map(\.pkg))
  }
}
