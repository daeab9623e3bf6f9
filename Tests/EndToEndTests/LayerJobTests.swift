import Core
import Glibc
import Sandbox
import TestSupport
import Testing

@Suite("Layers of the repository, with the built binary against the sandbox", .serialized)
struct LayerJobTests {
  /// Two Python functions with one layer, and a sandbox for them.
  private struct Scene {
    let folder: TemporaryFolder
    let sandbox: BuiltBinary.Run

    init() async throws {
      folder = try TemporaryFolder()
      try folder.write(
        "lamctl.json",
        """
        { "project": "shop", "functions": ["fn/*"],
          "defaults": { "runtime": "python3.13", "handler": "handler.handler", "layers": ["layers/common"],
            "role": "arn:aws:iam::000000000000:role/shop",
            "smoke": [{ "event": "ping.json", "expect": { "statusCode": 200 } }] },
          "sandbox": { "speed": 600, "traffic": { "a": "2/m" } },
          "environments": { "prod": { "endpoint": "sandbox", "region": "eu-west-1", "account": "000000000000",
            "rollout": { "steps": "10%:2m", "bake": "2m", "settle": "1m" } } } }
        """)
      for name in ["a", "b"] {
        try folder.write(
          "fn/\(name)/handler.py",
          "import greeting\n\ndef handler(event, context):\n    return {'statusCode': 200, 'word': greeting.WORD}\n"
        )
        try folder.write("fn/\(name)/ping.json", "{}")
      }
      try folder.write("layers/common/python/greeting.py", "WORD = 'hello'\n")
      sandbox = try BuiltBinary.start(
        ["sandbox"], in: folder.path, environment: CountedRepository.plainVariables(home: folder.path))
      let run = sandbox
      #expect(await eventually { run.text(.output).contains("AWS_ENDPOINT_URL") }, "\(run.text(.error))")
    }

    func run(_ arguments: String...) async throws -> BuiltBinary.Outcome {
      try await BuiltBinary.start(
        arguments, in: folder.path, environment: CountedRepository.plainVariables(home: folder.path)
      ).outcome()
    }

    /// Ends the sandbox whatever happened.
    func end() async {
      sandbox.child.terminate()
      _ = await sandbox.child.exit()
    }
  }

  private func withScene(_ body: (Scene) async throws -> Void) async throws {
    let scene = try await Scene()
    do {
      try await body(scene)
    } catch {
      await scene.end()
      throw error
    }
    await scene.end()
  }

  private func function(_ outcome: BuiltBinary.Outcome, _ name: String) throws -> JSON {
    try #require(try outcome.document()["functions"]?.array?.first { $0["function"]?.string == name })
  }

  @Test(
    "created with its layer, changed by canary when only the layer changes, promoted, found by content afterwards"
  )
  func story() async throws {
    try await withScene { scene in
      let first = try await scene.run("deploy", "--json")
      #expect(first.exit == .code(0), "\(first.errors)")
      #expect(first.errors.contains("layers/common is version 1 of the layer shop-common"), "\(first.errors)")
      #expect(try await scene.run("deploy", "--json").document()["outcome"] == "unchanged")

      try scene.folder.write("layers/common/python/greeting.py", "import more\nWORD = more.WORD\n")
      try scene.folder.write("layers/common/python/more.py", "WORD = 'hi'\n")
      let plan = try await scene.run("plan", "--json")
      #expect(try function(plan, "a")["change"] == "config")
      #expect(try function(plan, "a")["reasons"] == ["layers: layers/common (2 files)"])
      let second = try await scene.run("deploy", "--json")
      #expect(second.exit == .code(0), "\(second.errors)")
      #expect(
        second.errors.contains("layers/common is version 2 of the layer shop-common"), "\(second.errors)")
      for name in ["a", "b"] {
        #expect(try function(second, name)["outcome"] == "promoted")
        #expect(try function(second, name)["toVersion"] == "2")
      }
      // A clone elsewhere has no record of it, and publishes nothing anew.
      _ = try await ChildProcess.run(
        ChildProcess.Specification(
          arguments: [
            "rm", "-rf", "\(scene.folder.path)/.lamctl/cache", "\(scene.folder.path)/.lamctl/digests.json",
          ],
          environment: .exactly(["PATH": "/usr/bin:/bin"]))
      ) { _, _ in }
      #expect(try await scene.run("deploy", "--json").document()["outcome"] == "unchanged")

      // Back to what it was: the first version of the layer is what is wanted, and there already.
      try scene.folder.write("layers/common/python/greeting.py", "WORD = 'hello'\n")
      _ = unlink("\(scene.folder.path)/layers/common/python/more.py")
      let third = try await scene.run("deploy", "--json", "--all-at-once")
      #expect(third.exit == .code(0), "\(third.errors)")
      #expect(!third.errors.contains("of the layer"), "\(third.errors)")
      #expect(try function(third, "a")["toVersion"] == "3")
    }
  }

  @Test("what the new layer lacks is refused before anything is written, for every function that has it")
  func refused() async throws {
    try await withScene { scene in
      let first = try await scene.run("deploy", "--json")
      #expect(first.exit == .code(0), "\(first.errors)")
      try scene.folder.write("layers/common/python/other.py", "WORD = 'hi'\n")
      _ = unlink("\(scene.folder.path)/layers/common/python/greeting.py")
      let second = try await scene.run("deploy", "--json")
      #expect(second.exit == .code(13), "\(second.errors)")
      #expect(
        second.errors.contains("handler.py:1 imports 'greeting', which is not there"), "\(second.errors)")
      #expect(!second.errors.contains("of the layer"), "\(second.errors)")
      #expect(try await scene.run("status", "--json").document()["functions"]?.array?.count == 2)
    }
  }

  @Test(
    "a layer that is missing or has the name of another is a fault of the configuration, and one that is too large fails the gate"
  )
  func codes() async throws {
    try await withScene { scene in
      let text = try scene.folder.read("lamctl.json")
      try scene.folder.write(
        "lamctl.json", text.replacing("layers/common", with: "layers/gone"))
      let missing = try await scene.run("deploy", "--json")
      #expect(missing.exit == .code(65), "\(missing.errors)")
      #expect(missing.errors.contains("layers/gone"), "\(missing.errors)")

      try scene.folder.write("more/common/python/other.py", "")
      try scene.folder.write(
        "lamctl.json",
        text.replacing(#"["layers/common"]"#, with: #"["layers/common", "more/common"]"#))
      let clash = try await scene.run("deploy", "--json")
      #expect(clash.exit == .code(65), "\(clash.errors)")
      #expect(clash.errors.contains("more/common"), "\(clash.errors)")

      try scene.folder.write("lamctl.json", text)
      let large = try scene.folder.write("layers/common/python/large.bin", "")
      #expect(truncate(large, 262_144_000) == 0)
      let refused = try await scene.run("deploy", "--json")
      #expect(refused.exit == .code(13), "\(refused.errors)")
      #expect(refused.errors.contains("bytes unzipped; Lambda takes 262144000"), "\(refused.errors)")
    }
  }

  @Test("layers are built once and released from artifacts")
  func artifacts() async throws {
    try await withScene { scene in
      let built = try await scene.run("build", "--to", "dist", "--json")
      #expect(built.exit == .code(0), "\(built.errors)")
      let first = try await scene.run("deploy", "--artifacts", "dist", "--json", "--all-at-once")
      #expect(first.exit == .code(0), "\(first.errors)")
      try scene.folder.write("layers/common/python/greeting.py", "WORD = 'hi'\n")
      let stale = try await scene.run("deploy", "--artifacts", "dist", "--json", "--all-at-once")
      #expect(stale.exit == .code(65), "\(stale.errors)")
      #expect(try await scene.run("build", "--to", "dist").exit == .code(0))
      let second = try await scene.run("deploy", "--artifacts", "dist", "--json", "--all-at-once")
      #expect(second.exit == .code(0), "\(second.errors)")
      #expect(try function(second, "b")["toVersion"] == "2")
    }
  }
}
