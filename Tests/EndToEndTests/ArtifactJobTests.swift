import Core
import Glibc
import Sandbox
import TestSupport
import Testing

@Suite("Building apart from releasing, with the built binary", .serialized)
struct ArtifactJobTests {
  /// A sandbox with an empty bucket called `artifacts`.
  private func sandbox(in folder: TemporaryFolder) throws -> SandboxServer {
    var options = SandboxOptions(folder: folder.path + "/.lamctl/sandbox")
    options.region = "eu-west-1"
    options.searchPath = CountedRepository.searchPath
    options.home = folder.path
    let server = SandboxServer(options: options)
    try server.start()
    try Files.createFolder(folder.path + "/.lamctl/sandbox/s3/artifacts")
    return server
  }

  @Test(
    "three shards with one bucket build each unit once, and the deploy is that of one process, byte for byte")
  func shards() async throws {
    let home = try TemporaryFolder()
    let server = try sandbox(in: home)
    let place = "s3://artifacts/main"
    var runs: [BuiltBinary.Outcome] = []
    let machines = try (1...3).map { _ in
      try BuiltRepository(9, endpoint: server.endpoint, cache: "s3://artifacts/cache")
    }
    // At the same time: whichever is first writes the plan down.
    let started = try machines.enumerated().map { index, machine in
      try machine.begin(
        ["build", "--shard", "\(index + 1)/3", "--to", place, "--json"], environment: server.credentials)
    }
    for run in started { runs.append(await run.outcome()) }
    #expect(runs.map(\.exit) == [.code(0), .code(0), .code(0)], "\(runs.map(\.errors))")
    let names = (0..<9).map(BuiltRepository.name)
    #expect(runs.flatMap(\.builds).sorted() == names)
    #expect(runs.allSatisfy { $0.builds.count == 3 })

    let release = ["--create", "--all-at-once", "--json"]
    let collected = try await machines[0].begin(
      ["deploy", "--artifacts", place] + release, environment: server.credentials
    ).outcome()
    #expect(collected.exit == .code(0), "\(collected.errors)")
    #expect(collected.builds == [])
    let alone = try BuiltRepository(9)
    let whole = try await alone.begin(["deploy"] + release).outcome()
    #expect(whole.exit == .code(0), "\(whole.errors)")
    #expect(try Self.codes(collected) == Self.codes(whole))

    // Elsewhere nothing is left to do, and a machine that has never built takes the trees from the bucket.
    let again = try await machines[1].run(
      "deploy", "--artifacts", place, "--all-at-once", "--json", environment: server.credentials)
    #expect(try again.document()["outcome"] == "unchanged", "\(again.errors)")
    let fresh = try BuiltRepository(9, endpoint: server.endpoint, cache: "s3://artifacts/cache")
    let taken = try await fresh.run("build", environment: server.credentials)
    #expect(taken.exit == .code(0), "\(taken.errors)")
    #expect(taken.builds == [])
    await server.stop()
  }

  private static func codes(_ outcome: BuiltBinary.Outcome) throws -> [String?] {
    try (outcome.document()["functions"]?.array ?? []).map { $0["codeSha256"]?.string }
  }

  @Test("a shard that is lost is named, and nothing is released")
  func lost() async throws {
    let repository = try BuiltRepository(4)
    for shard in ["1/3", "3/3"] {
      let run = try await repository.run("build", "--shard", shard, "--to", "dist")
      #expect(run.exit == .code(0), "\(run.errors)")
    }
    let refused = try await repository.run("deploy", "--artifacts", "dist", "--create", "--all-at-once")
    #expect(refused.exit == .code(65))
    #expect(
      refused.errors.contains("dist: shard 2/3 is missing, which was to build fn/f"), "\(refused.errors)")
    #expect(
      refused.errors.contains("fix: run it: lamctl build prod --shard 2/3 --to dist"), "\(refused.errors)")
  }

  @Test("a build of some functions is released in part; what it lacks is named, and nothing is released")
  func some() async throws {
    let repository = try BuiltRepository(3)
    let build = try await repository.run("build", "--only", "f00[01]", "--to", "dist")
    #expect(build.exit == .code(0), "\(build.errors)")
    #expect(build.builds.sorted() == ["f000", "f001"])
    #expect(build.output.contains("2 packages in dist, 2 of them built now. It has none of f002."))
    let release = ["deploy", "--artifacts", "dist", "--create", "--all-at-once"]
    let refused = try await repository.begin(release).outcome()
    #expect(refused.exit == .code(65))
    #expect(
      refused.errors.contains("dist: the build has no package of f002: it was made of some functions"),
      "\(refused.errors)")
    let part = try await repository.begin(release + ["--only", "f000", "--json"]).outcome()
    #expect(part.exit == .code(0), "\(part.errors)")
    #expect(try part.document()["functions"]?.array?.map { $0["function"] } == ["f000"])
    let none = try await repository.run("build", "--only", "f9", "--to", "dist")
    #expect(none.exit == .code(64), "\(none.errors)")
  }

  @Test("of 200 functions one changed: one build; of none, none")
  func oneOfMany() async throws {
    let repository = try BuiltRepository(200)
    let first = try await repository.run("build")
    #expect(first.exit == .code(0), "\(first.errors)")
    #expect(first.builds.count == 200)
    try repository.write(123, answer: 1)
    #expect(try await repository.run("build").builds == [BuiltRepository.name(123)])
    #expect(try await repository.run("build", "--to", "elsewhere").builds == [])
  }

  @Test("killed at any moment: the next run finds no half artefact and no stale lock")
  func killed() async throws {
    // Three builds one after the other on two processors: what a kill finds under way.
    let repository = try BuiltRepository(6, pause: 0.1)
    let cache = repository.folder.path + "/.lamctl/cache"
    for round in 0..<12 {
      for index in 0..<6 { try repository.write(index, answer: round) }
      let run = try repository.begin(["build", "--to", "dist"])
      // Moments of a run, one after the other: from its start to where it would have ended.
      try await SystemClock().sleep(for: .seconds(0.04 * Double(round)))
      run.child.kill()
      _ = await run.child.exit()
      guard round % 4 == 3 else { continue }
      let next = try await repository.run("build", "--to", "dist", "--json")
      #expect(next.exit == .code(0), "\(next.errors)")
      #expect(try next.document()["functions"]?.array?.count == 6)
      for part in ["tmp", "locks"] { #expect(try Files.names(in: "\(cache)/\(part)").isEmpty, "\(part)") }
      #expect(try Files.names(in: "\(cache)/zips").allSatisfy { $0.hasSuffix(".zip") })
      let verified = try await repository.run("cache", "verify")
      #expect(verified.output == "Every entry is whole.\n", "\(verified.output)")
    }
    let reference = try BuiltRepository(6, pause: 0.1)
    for index in 0..<6 { try reference.write(index, answer: 11) }
    let clean = try await reference.run("build", "--json")
    let last = try await repository.run("build", "--to", "dist", "--json")
    let digests = { (outcome: BuiltBinary.Outcome) throws in
      try (outcome.document()["functions"]?.array ?? []).map { $0["sha256"]?.string }
    }
    #expect(try digests(last) == digests(clean))
  }

  @Test(
    "the package of a function is the same in any time zone, language and folder, and its files are listed")
  func package() async throws {
    var codes: Set<String> = []
    for variables in [["TZ": "Asia/Kathmandu", "LC_ALL": "C"], ["TZ": "America/Lima", "LC_ALL": "C.UTF-8"]] {
      let repository = try CountedRepository(functions: 2)
      let run = try await repository.run(
        "package", "prod", "f001", "--list", "--json", environment: variables)
      let document = try run.document()
      codes.insert(document["codeSha256"]?.string ?? "")
      #expect(document["files"]?.array?.map { $0["path"] } == ["handler.py"])
      #expect(document["files"]?.array?.map { $0["mode"] } == ["100644"])
    }
    #expect(codes.count == 1)
    let repository = try CountedRepository(functions: 2)
    let table = try await repository.run("package", "f000", "--list")
    let isListed = table.output.split(separator: "\n").contains { line in
      line.contains("100644") && line.contains("handler.py") && line.hasSuffix("in the unit")
    }
    #expect(isListed, "\(table.output)\(table.errors)")
    let missing = try await repository.run("package", "f00")
    #expect(missing.exit == .code(64))
    #expect(missing.errors.contains("did you mean 'f000'?"))
  }
}
