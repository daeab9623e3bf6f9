import Core
import Glibc
import TestSupport
import Testing

@Suite("Container images, with the built binary, a stand-in for docker and the sandbox", .serialized)
struct ImageJobTests {
  /// A function of a Dockerfile, a docker that notes its calls, and a sandbox.
  private struct Scene {
    let engine: TemporaryFolder
    let repository: TemporaryFolder
    let sandbox: BuiltBinary.Run

    static let id = "sha256:" + String(repeating: "1a", count: 32)

    init() async throws {
      engine = try TemporaryFolder()
      repository = try TemporaryFolder()
      try repository.write(
        "lamctl.json",
        """
        { "project": "shop", "functions": ["fn/*"],
          "defaults": { "role": "arn:aws:iam::000000000000:role/shop", "architectures": ["x86_64"] },
          "sandbox": { "speed": 600 },
          "environments": { "prod": { "endpoint": "sandbox", "region": "eu-west-1", "account": "000000000000" } } }
        """)
      try repository.write(
        "fn/a/Dockerfile", "FROM public.ecr.aws/lambda/python:3.13\nCOPY . .\nCMD [\"app.handler\"]\n")
      try repository.write(
        "fn/a/function.json", #"{"image": {"repository": "localhost:5000/{project}/{function}"}}"#)
      try repository.write("fn/a/app.py", "def handler(event, context):\n    return {}\n")
      try engine.write(
        "docker",
        """
        #!/bin/sh
        here='\(engine.path)'
        echo "$*" >> "$here/calls"
        case "$1 $2" in
        "buildx build")
          echo "copying sources"
          while [ $# -gt 1 ]; do
            case $1 in --iidfile) printf '\(Self.id)' > "$2" ;; esac
            shift
          done ;;
        "image inspect") cat "$here/image" ;;
        push*) echo "lamctl: digest: sha256:$(cat "$here/manifest") size: 1573" ;;
        esac
        """)
      chmod("\(engine.path)/docker", 0o755)
      try Self.make(1, in: engine)
      var variables = CountedRepository.plainVariables(home: repository.path)
      variables["PATH"] = "\(engine.path):\(CountedRepository.searchPath)"
      sandbox = try BuiltBinary.start(["sandbox"], in: repository.path, environment: variables)
      let run = sandbox
      #expect(await eventually { run.text(.output).contains("AWS_ENDPOINT_URL") }, "\(run.text(.error))")
    }

    /// What the next build makes.
    static func make(_ number: Int, processor: String = "amd64", in engine: TemporaryFolder) throws {
      try engine.write(
        "image",
        #"{"Id": "\#(id)", "Os": "linux", "Architecture": "\#(processor)", "Size": 500, "#
          + #""Config": {"Entrypoint": ["/lambda-entrypoint.sh"], "Cmd": ["app.handler"]}, "#
          + #""RootFS": {"Layers": ["sha256:\#(number)"]}}"#)
      try engine.write("manifest", manifest(number))
    }

    static func manifest(_ number: Int) -> String { String(repeating: "\(number)", count: 64) }

    func run(_ arguments: String..., path: String? = nil) async throws -> BuiltBinary.Outcome {
      try await run(arguments, path: path)
    }

    func run(_ arguments: [String], path: String? = nil) async throws -> BuiltBinary.Outcome {
      var variables = CountedRepository.plainVariables(home: repository.path)
      variables["PATH"] = path ?? "\(engine.path):\(CountedRepository.searchPath)"
      return try await BuiltBinary.start(arguments, in: repository.path, environment: variables).outcome()
    }

    func calls() -> [String] {
      (try? engine.read("calls"))?.split(separator: "\n").map(String.init) ?? []
    }

    /// What the sandbox has on disk of the function.
    func stored() -> String { (try? repository.read(".lamctl/sandbox/functions/shop-a.json")) ?? "" }
  }

  private func withScene(_ body: (Scene) async throws -> Void) async throws {
    let scene = try await Scene()
    do {
      try await body(scene)
    } catch {
      scene.sandbox.child.terminate()
      _ = await scene.sandbox.child.exit()
      throw error
    }
    scene.sandbox.child.terminate()
    _ = await scene.sandbox.child.exit()
  }

  private func function(_ outcome: BuiltBinary.Outcome) throws -> JSON {
    try #require(try outcome.document()["functions"]?.array?.first)
  }

  @Test(
    "built, pushed, created by its digest, left alone when nothing changed, and moved by alias when something has"
  )
  func story() async throws {
    try await withScene { scene in
      let first = try await scene.run("deploy", "--create", "--all-at-once", "--json")
      #expect(first.exit == .code(0), "\(first.errors)")
      #expect(first.errors.contains("copying sources"), "\(first.errors)")
      #expect(first.errors.contains("which may be another image tomorrow"), "\(first.errors)")
      #expect(try function(first)["codeSha256"]?.string == Scene.manifest(1))
      #expect(scene.calls().map { $0.split(separator: " ")[0] } == ["buildx", "image", "tag", "push"])
      let name = "localhost:5000/shop/a:lamctl-1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a"
      #expect(Array(scene.calls().suffix(2)) == ["tag \(Scene.id) \(name)", "push \(name)"])
      #expect(scene.stored().contains("localhost:5000/shop/a@sha256:\(Scene.manifest(1))"))

      #expect(try await scene.run("deploy", "--json").document()["outcome"] == "unchanged")
      #expect(scene.calls().count == 4)

      // Other sources, and the same image: nothing is pushed or published.
      try scene.repository.write("fn/a/app.py", "def handler(event, context):\n    return {'n': 2}\n")
      #expect(try await scene.run("deploy", "--all-at-once", "--json").document()["outcome"] == "unchanged")
      #expect(scene.calls().count == 6)

      try Scene.make(2, in: scene.engine)
      let second = try await scene.run("deploy", "--all-at-once", "--json")
      #expect(second.exit == .code(0), "\(second.errors)")
      #expect(try function(second)["fromVersion"] == "1")
      #expect(try function(second)["toVersion"] == "2")
      #expect(scene.stored().contains("localhost:5000/shop/a@sha256:\(Scene.manifest(2))"))

      let called = try await scene.run("invoke", "a")
      #expect(called.errors.contains("cannot run container images"), "\(called.errors) \(called.output)")
      let back = try await scene.run("rollback", "--json")
      #expect(back.exit == .code(0), "\(back.errors)")
    }
  }

  @Test(
    "an image that could go nowhere is a fault of the configuration: told by plan and deploy, and nothing is done for it",
    arguments: [
      ("{}", "nothing says which repository its container image goes to"),
      (
        #"{"packageType": "Image", "image": {"repository": "localhost:5000/shop", "dockerfile": "Other"}}"#,
        "there is no fn/a/Other"
      ),
    ])
  func faults(file: String, said: String) async throws {
    try await withScene { scene in
      try scene.repository.write("fn/a/function.json", file)
      for words in [["plan"], ["deploy", "--create", "--all-at-once"]] {
        let outcome = try await scene.run(words)
        #expect(outcome.exit == .code(65), "\(words): \(outcome.errors)")
        #expect(outcome.errors.contains(said), "\(words): \(outcome.errors)")
        #expect(outcome.errors.contains("fix: "), "\(words): \(outcome.errors)")
      }
      #expect(scene.calls() == [] && scene.stored() == "")
    }
  }

  @Test(
    "artifacts have no images: the build says so, and a release from them is refused before anything is done")
  func artifacts() async throws {
    try await withScene { scene in
      try scene.repository.write("fn/b/app.py", "def handler(event, context):\n    return {}\n")
      let built = try await scene.run("build", "--to", "out", "--json")
      #expect(built.exit == .code(0), "\(built.errors)")
      #expect(try built.document()["images"] == ["a"])
      #expect(built.errors.contains("container images are not among the artifacts: a"), "\(built.errors)")
      for more in [["--dry-run"], ["--create", "--all-at-once"]] {
        let refused = try await scene.run(["deploy", "--artifacts", "out"] + more)
        #expect(refused.exit == .code(65), "\(refused.errors)")
        #expect(
          refused.errors.contains("a is a container image, and artifacts hold none"), "\(refused.errors)")
        #expect(refused.errors.contains("--only '!a'"), "\(refused.errors)")
      }
      #expect(scene.calls() == [] && scene.stored() == "")
      let planned = try await scene.run("plan", "--only", "!a")
      #expect(planned.exit == .code(0) && planned.output.contains("1 of 1 functions"), "\(planned.errors)")
      let others = try await scene.run(
        "deploy", "--create", "--all-at-once", "--artifacts", "out", "--only", "!a", "--json")
      #expect(others.exit == .code(0), "\(others.errors)")
      #expect(scene.calls() == [])
    }
  }

  @Test("what could not run, and a machine without docker, are refused before anything is written")
  func refusals() async throws {
    try await withScene { scene in
      try Scene.make(1, processor: "arm64", in: scene.engine)
      let wrong = try await scene.run("deploy", "--create", "--all-at-once")
      #expect(wrong.exit == .code(13), "\(wrong.errors)")
      #expect(wrong.errors.contains("makes an image for linux/arm64"), "\(wrong.errors)")
      #expect(!scene.calls().contains { $0.hasPrefix("push") })
      let empty = try TemporaryFolder()
      let missing = try await scene.run("deploy", "--create", "--all-at-once", path: empty.path)
      #expect(missing.exit == .code(1), "\(missing.errors)")
      #expect(missing.errors.contains("'docker' cannot be run"), "\(missing.errors)")
      #expect(missing.errors.contains("install Docker with its buildx plugin"), "\(missing.errors)")
      #expect(scene.stored() == "")
    }
  }
}
