import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

@Suite("artifacts")
struct ArtifactsTests {
  /// A repository, and a folder that artifacts go into.
  private struct Scene {
    let repository: Repository
    let out: TemporaryFolder
    let path: String
    let definitions: [FunctionDefinition]
    let digests: [String: FunctionDigests]

    init(_ count: Int = 6, answer: Int = 0) async throws {
      var files: [String: String] = [:]
      for index in 0..<count {
        files["fn/f\(index)/handler.py"] = "ANSWER = \(answer)\nNUMBER = \(index)\n" + pythonHandler
      }
      repository = try Repository(files)
      out = try TemporaryFolder()
      path = out.path + "/dist"
      definitions = try await repository.functions()
      digests = try await Digester(try repository.open(), tools: ToolVersions()).digest(definitions)
    }

    var store: FolderStore { FolderStore(path: path, place: "dist") }

    func build(_ shard: Shard = .whole, only: Set<String>? = nil) async throws -> [BuiltArtifact] {
      let build = ArtifactBuild(
        into: store, maker: Builder(try repository.open()), shard: shard, commit: "c0ffee", parallel: 4)
      let built = try await build.run(definitions, digests: digests, only: only) {
        (_, _) throws(PackagerError) in
      } progress: { _ in
      }
      return built.functions
    }

    /// What a deploy would upload, by function, on a machine that has nothing yet.
    func collect(
      _ digests: [String: FunctionDigests]? = nil, only: Set<String>? = nil
    ) async throws -> [String: String] {
      let selected = definitions.filter { only?.contains($0.name) ?? true }
      let fresh = try TemporaryFolder()
      let digests = digests ?? self.digests
      let artifacts = try await Artifacts(
        definitions, digests: digests, selected: Set(selected.map(\.name)), in: store,
        cache: PackageCache(folder: fresh.path + "/cache"), parallel: 4)
      let packages = await artifacts.packages(selected, digests: digests) { _ in }
      return try packages.mapValues { try $0.get().zip.sha256.hex }
    }

    /// The one file of the build whose name begins with `start`.
    func file(_ start: String) throws -> String {
      let build = try #require(try Files.names(in: path + "/builds").first)
      let name = try #require(try Files.names(in: "\(path)/builds/\(build)").first { $0.hasPrefix(start) })
      return "\(path)/builds/\(build)/\(name)"
    }
  }

  @Test("three shards come to what one machine comes to, each unit built in exactly one of them")
  func shards() async throws {
    let whole = try await Scene()
    #expect(try await whole.build().count == 6)
    let parts = try await Scene()
    var built: [BuiltArtifact] = []
    for number in 1...3 { built += try await parts.build(Shard(number: number, count: 3)) }
    #expect(built.map(\.function).sorted() == whole.definitions.map(\.name).sorted())
    #expect(built.allSatisfy { $0.origin == .reused })
    let collected = try await parts.collect()
    #expect(try await whole.collect() == collected)
    #expect(collected == Dictionary(uniqueKeysWithValues: built.map { ($0.function, $0.sha256) }))
  }

  @Test("a lost shard is named, with what it was to build and how to run it")
  func lost() async throws {
    let scene = try await Scene()
    _ = try await scene.build(Shard(number: 1, count: 3))
    _ = try await scene.build(Shard(number: 3, count: 3))
    do {
      _ = try await scene.collect()
      Issue.record("a shard is missing")
    } catch let error as PackagerError {
      #expect(error.description.contains("dist: shard 2/3 is missing, which was to build fn/f"))
      #expect(error.fix == "run it: lamctl build --shard 2/3 --to dist")
    }
    _ = try await scene.build(Shard(number: 2, count: 3))
    #expect(try await scene.collect().count == 6)
  }

  @Test("a build of some functions says what it lacks, keeps what was there, and becomes whole by the others")
  func some() async throws {
    let scene = try await Scene()
    #expect(try await scene.build(only: ["f1", "f4"]).map(\.function) == ["f1", "f4"])
    do {
      _ = try await scene.collect()
      Issue.record("packages are missing")
    } catch let error as PackagerError {
      #expect(
        error.description
          == "dist: the build has no package of f0, f2, f3, f5: it was made of some functions with --only")
      #expect(
        error.fix
          == "build the others into it: lamctl build --only f0 --only f2 --only f3 --only f5 --to dist; or release what it has with --only"
      )
    }
    #expect(try await scene.collect(only: ["f1", "f4"]).keys.sorted() == ["f1", "f4"])
    // What was there stays, in whichever order.
    #expect(try await scene.build(only: ["f0", "f1"]).map(\.origin) == [.reused, .earlier])
    #expect(try await scene.collect(only: ["f0", "f1", "f4"]).count == 3)
    _ = try await scene.build()
    _ = try await scene.build(only: ["f2"])
    let whole = try await Scene()
    _ = try await whole.build()
    #expect(try await scene.collect() == whole.collect())
  }

  @Test("shards may be built in part, and each says what it lacks")
  func someOfShards() async throws {
    let scene = try await Scene()
    for number in 1...3 { _ = try await scene.build(Shard(number: number, count: 3), only: ["f0", "f3"]) }
    #expect(try await scene.collect(only: ["f0", "f3"]).count == 2)
    #expect(await message { _ = try await scene.collect() }.contains("no package of f1, f2, f4, f5"))
    for number in 1...3 { _ = try await scene.build(Shard(number: number, count: 3)) }
    #expect(try await scene.collect().count == 6)
  }

  @Test("what an earlier build has made of the same inputs is not built again")
  func earlier() async throws {
    let scene = try await Scene()
    _ = try await scene.build()
    try Files.remove(scene.repository.path + "/.lamctl")
    let again = try await scene.build()
    #expect(again.allSatisfy { $0.origin == .earlier })
    // A package that is gone is made anew.
    try Files.remove("\(scene.path)/blobs/\(again[2].sha256).zip")
    #expect(
      try await scene.build().map(\.origin.rawValue).sorted() == Array(repeating: "earlier", count: 5) + [
        "reused"
      ])
  }

  @Test("other sources than those that were built are refused, and those that differ are named")
  func otherSources() async throws {
    let scene = try await Scene()
    _ = try await scene.build()
    try scene.repository.folder.write("fn/f3/handler.py", "ANSWER = 9\n" + pythonHandler)
    let digests = try await Digester(try scene.repository.open(), tools: ToolVersions()).digest(
      scene.definitions)
    let text = await message { _ = try await scene.collect(digests) }
    #expect(
      text
        == "dist: there is no build of these sources; the last is of commit c0ffee, and these functions differ: f3"
    )
    let empty = try await Scene()
    #expect(await message { _ = try await empty.collect() } == "dist: there is no build of these sources")
  }

  @Test(
    "what is in the folder is foreign: nothing of it is used that is not what it says",
    arguments: [
      ("1-of-2", "\"src\": \"", "\"src\": \"0"), ("1-of-2", "\"sha256\": \"", "\"sha256\": \"../../"),
      ("1-of-2", "\"shard\": \"1/2\"", "\"shard\": \"2/2\""), ("1-of-2", "\"plan\": \"", "\"plan\": \"0"),
      ("1-of-2", "{", "["), ("2-of-2", "\"pkg\"", "\"pig\""),
      ("1-of-2", "\"tools\": {", "\"tools\": { \"go\": \"1\""),
      ("plan-of-2", "lamctl.shards/1", "x"), ("plan-of-2", "\"cost\"", "\"coast\""),
      ("shards", "2", "300"), ("shards", "2", "1"),
    ])
  func foreign(_ name: String, _ old: String, _ new: String) async throws {
    let scene = try await Scene(4)
    for number in 1...2 { _ = try await scene.build(Shard(number: number, count: 2)) }
    let file = try scene.file(name)
    let text = String(decoding: try Files.read(file), as: UTF8.self)
    #expect(text.contains(old))
    try Files.writeAtomically(Array(text.replacing(old, with: new).utf8), to: file)
    let told = await message { _ = try await scene.collect() }
    #expect(told.hasPrefix("dist: "), "\(told)")
  }

  @Test("a package that is damaged, another's, too long or missing is refused by its digest")
  func blobs() async throws {
    let scene = try await Scene(2)
    let built = try await scene.build()
    let other = try await Scene(2, answer: 5)
    let foreign = try Files.read("\(other.path)/blobs/\(try await other.build()[0].sha256).zip")
    let file = "\(scene.path)/blobs/\(built[0].sha256).zip"
    let bytes = try Files.read(file)
    for content in [bytes.dropLast() + [1], foreign, bytes + [0], Array(bytes.dropLast())] {
      try Files.writeAtomically(Array(content), to: file)
      let told = await message { _ = try await scene.collect() }
      #expect(told.hasPrefix("dist: "), "\(told)")
    }
    try Files.remove(file)
    #expect(
      await message { _ = try await scene.collect() } == "dist: blobs/\(built[0].sha256).zip is missing")
    symlink("/etc/hostname", file)
    #expect(await message { _ = try await scene.collect() }.hasPrefix("dist: "))
  }
}
