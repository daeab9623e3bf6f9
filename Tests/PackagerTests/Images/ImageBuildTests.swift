import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

@Suite("Container images are built with the docker CLI")
struct ImageBuildTests {
  private static let repositoryName = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders"

  private func repository(_ more: [String: String] = [:]) throws -> Repository {
    try Repository(
      [
        "fn/Dockerfile": "FROM public.ecr.aws/lambda/python:3.13\nCOPY . .\nCMD [\"app.handler\"]\n",
        "fn/app.py": pythonHandler, "fn/sub/data.txt": "1", "fn/.env": "SECRET=1",
        "libs/common/money.py": "PRICE = 1\n",
        "fn/function.json":
          #"{"uses": ["../libs/common"], "image": {"repository": "${account}.dkr.ecr.${region}.amazonaws.com/{function}s"}}"#,
        "lamctl.json": #"{"project": "shop", "name": "{function}"}"#,
      ].merging(more) { $1 })
  }

  private struct Built {
    let images: [String: Result<BuiltImage, PackagerError>]
    let definitions: [FunctionDefinition]
    let lines: [String]

    func image() throws -> BuiltImage { try #require(images.values.first).get() }
  }

  private func build(
    _ repository: Repository, _ engine: EngineStandIn, _ more: [String: String] = [:]
  ) async throws -> Built {
    let environment = engine.programs.environment.merging(more) { $1 }
    let definitions = try await repository.functions(environment: environment)
    let lines = Lock<[String]>([])
    let builder = Builder(try repository.open(environment))
    let images = await builder.images(definitions) { event in
      if case .line(_, _, let text) = event { lines.withLock { $0.append(text) } }
    }
    withExtendedLifetime(repository.folder) {}
    return Built(images: images, definitions: definitions, lines: lines.withLock { $0 })
  }

  @Test("from a copy of what is declared, for the function's processor, without attestations")
  func words() async throws {
    let engine = try EngineStandIn()
    let built = try await build(
      try repository(), engine, ["DOCKER_HOST": "unix:///engine.sock", "AWS_SECRET_ACCESS_KEY": "hidden"])
    let image = try built.image()
    #expect(image.id == EngineStandIn.id)
    #expect(image.repository.description == "123456789012.dkr.ecr.eu-west-1.amazonaws.com/fns")
    let calls = try engine.calls()
    let context = try #require(calls.first?.last)
    let place = try #require(calls.first?.firstIndex(of: "--iidfile").map { calls[0][$0 + 1] })
    #expect(
      calls == [
        [
          "buildx", "build", "--load", "--platform", "linux/amd64", "--provenance=false", "--sbom=false",
          "--iidfile", place, "--file", "\(context)/Dockerfile", context,
        ],
        ["image", "inspect", "--format", "{{json .}}", EngineStandIn.id],
      ])
    #expect(built.lines == ["building from \(context)"])
    #expect(!Files.exists(context))
    // What is used lies beside the unit's own files, and what may be secret is left out.
    #expect(
      try engine.log.read("context") == """
        .
        ./Dockerfile
        ./app.py
        ./common
        ./common/money.py
        ./sub
        ./sub/data.txt

        """)
    let variables = try engine.log.read("variables")
    #expect(variables.contains("DOCKER_HOST=unix:///engine.sock\n"))
    #expect(variables.contains("SOURCE_DATE_EPOCH=315532800\n"))
    #expect(!variables.contains("hidden"))
    // Everybody may look into the folders, and times are those of all copies.
    let modes = try engine.log.read("stat").split(separator: "\n").map { $0.split(separator: " ").prefix(2) }
    #expect(modes.allSatisfy { $0.last == "315532800" && ["755", "644"].contains($0.first) }, "\(modes)")
    #expect(
      image.warnings == [
        "fn/Dockerfile builds on public.ecr.aws/lambda/python:3.13, which may be another image tomorrow: "
          + "pin it as public.ecr.aws/lambda/python:3.13@sha256:…"
      ])
  }

  @Test("declared variables are handed on by name: as secrets where their name says that they are")
  func variables() async throws {
    let engine = try EngineStandIn()
    let built = try await build(
      try repository([
        "fn/function.json":
          #"{"env": ["STAGE", "NPM_TOKEN", "UNSET"], "architectures": ["arm64"], "image": {"#
          + #""repository": "\#(Self.repositoryName)", "dockerfile": "docker/Image", "context": "..", "stage": "run"}}"#,
        "fn/docker/Image": "FROM scratch AS run\n",
      ]), engine, ["STAGE": "blue", "NPM_TOKEN": "npm_hidden"])
    _ = try built.image()
    let words = try #require(try engine.calls().first)
    let context = try #require(words.last)
    #expect(!context.hasSuffix("/fn"))
    #expect(
      Array(words.dropFirst(9)) == [
        "--file", "\(context)/fn/docker/Image", "--target", "run", "--secret", "id=NPM_TOKEN,env=NPM_TOKEN",
        "--build-arg", "STAGE", context,
      ])
    #expect(words[4] == "linux/arm64")
    #expect(try engine.log.read("variables").contains("NPM_TOKEN=npm_hidden\n"))
    #expect(try !engine.log.read("words").contains("npm_hidden"))
  }

  @Test("the digest is over what is in the image and how it runs")
  func digests() async throws {
    let pkg = { (text: String) async throws in
      try await self.build(try self.repository(), try EngineStandIn(inspected: text)).image().pkg
    }
    let first = try await pkg(EngineStandIn.inspected())
    #expect(try await pkg(EngineStandIn.inspected(size: 7)) == first)
    #expect(try await pkg(EngineStandIn.inspected(command: #"["other.handler"]"#)) != first)
    #expect(try await pkg(EngineStandIn.inspected(layers: #"["sha256:aa", "sha256:bb"]"#)) != first)
  }

  @Test("what it is built from is what its source digest is over")
  func sources() async throws {
    func digests(_ more: [String: String]) async throws -> FunctionDigests {
      let repository = try repository(more)
      let definitions = try await repository.functions()
      defer { withExtendedLifetime(repository.folder) {} }
      return try #require(
        try await Digester(try repository.open(), tools: ToolVersions()).digest(definitions)["fn"])
    }
    let first = try await digests([:]).src
    #expect(try await digests(["other/file.txt": "1"]).src == first)
    for change in [
      ["fn/Dockerfile": "FROM public.ecr.aws/lambda/python:3.12\n"], ["fn/app.py": "x = 1\n"],
      ["libs/common/money.py": "PRICE = 2\n"],
    ] {
      #expect(try await digests(change).src != first, "\(change)")
    }
  }

  @Test("a function without a repository, or without a Dockerfile, is refused before anything is built")
  func refusals() async throws {
    let engine = try EngineStandIn()
    let homeless = try await build(try repository(["fn/function.json": "{}"]), engine)
    let error = try #require(homeless.images["fn"]?.error)
    #expect(error.description.contains("nothing says which repository its container image goes to"))
    #expect(error.fix?.contains("${account}.dkr.ecr.${region}.amazonaws.com/fn") == true)
    let missing = try await build(
      try repository([
        "fn/function.json":
          #"{"packageType": "Image", "image": {"repository": "\#(Self.repositoryName)", "dockerfile": "Other"}}"#
      ]), engine)
    #expect(
      missing.images["fn"]?.error?.description
        == "fn: there is no fn/Other to build its container image from")
    #expect(!Files.exists(engine.log.path + "/words"))
  }

  @Test(
    "a repository that Lambda cannot get the image from is told before anything is built",
    arguments: [
      ("", "nothing says which repository"),
      ("localhost:5000/orders", "is a repository of this machine, and Lambda takes images from ECR alone"),
      (
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/orders",
        "is in us-east-1, and Lambda takes the images of a function in eu-west-1 from there alone"
      ),
      ("210987654321.dkr.ecr.eu-west-1.amazonaws.com/orders", nil),
    ])
  func places(text: String, said: String?) async throws {
    let file = text.isEmpty ? "{}" : #"{"image": {"repository": "\#(text)"}}"#
    let definition = try #require(try await repository(["fn/function.json": file]).functions().first)
    let fault = definition.imageFault(in: "eu-west-1")
    if let said {
      #expect(fault?.description.contains(said) == true, "\(fault?.description ?? "nothing")")
      #expect(fault?.fix?.contains("${account}.dkr.ecr.${region}.amazonaws.com/fn") == true)
    } else {
      #expect(fault == nil)
    }
    // A rehearsal looks into no repository.
    #expect((definition.imageFault(in: nil) == nil) == !text.isEmpty)
  }

  @Test("a function of a Dockerfile that is not there has no digest")
  func noDockerfile() async throws {
    let repository = try repository([
      "fn/function.json":
        #"{"packageType": "Image", "image": {"repository": "\#(Self.repositoryName)", "dockerfile": "../Other"}}"#
    ])
    let definitions = try await repository.functions()
    let workspace = try repository.open()
    let text = await message {
      _ = try await Digester(workspace, tools: ToolVersions()).digest(definitions)
    }
    #expect(text == "fn: there is no Other to build its container image from")
  }

  @Test("what is no repository of ECR, and what does not go together, is refused with its place")
  func settings() async throws {
    let foreign = try repository([
      "fn/function.json": #"{"image": {"repository": "docker.io/library/orders"}}"#
    ])
    let text = await message { _ = try await foreign.functions() }
    #expect(text.contains("fn/function.json:1:26"), "\(text)")
    #expect(
      text.contains("'docker.io/library/orders' is no repository that Lambda takes images from"), "\(text)")
    let zip = try Repository([
      "fn/handler.py": pythonHandler,
      "fn/function.json": #"{"image": {"repository": "\#(Self.repositoryName)"}}"#,
    ])
    let other = await message { _ = try await zip.functions() }
    #expect(other.contains(#""image" needs "packageType": "Image""#), "\(other)")
    let built = try repository([
      "fn/function.json": #"{"packageType": "Image", "build": ["make"]}"#
    ])
    let third = await message { _ = try await built.functions() }
    #expect(third.contains(#""build" does not go with "packageType": "Image""#), "\(third)")
  }

  @Test("without docker the refusal says what to install")
  func absent() async throws {
    let folder = try TemporaryFolder()
    let repository = try repository()
    let environment = ["PATH": folder.path]
    let definitions = try await repository.functions(environment: environment)
    let images = await Builder(try repository.open(environment)).images(definitions) { _ in }
    let text = images["fn"]?.error?.description ?? ""
    #expect(text.contains("'docker' cannot be run"), "\(text)")
    #expect(text.contains("install Docker with its buildx plugin"), "\(text)")
    withExtendedLifetime(repository.folder) {}
  }

  @Test(
    "an image that Lambda could not run is refused with what was found and the way out",
    arguments: [
      (
        EngineStandIn.inspected(processor: "arm64"),
        "fn/Dockerfile makes an image for linux/arm64; the function runs on linux/amd64"
      ),
      (
        EngineStandIn.inspected(command: "null"),
        "fn/Dockerfile makes an image that names no handler; /lambda-entrypoint.sh wants it as its first word"
      ),
      (
        EngineStandIn.inspected(entryPoint: "null", command: "[]"),
        "fn/Dockerfile makes an image that starts nothing; Lambda starts its ENTRYPOINT with its CMD"
      ),
      (
        EngineStandIn.inspected(size: 10_737_418_241),
        "fn/Dockerfile makes an image of 10737418241 bytes; Lambda takes 10737418240"
      ),
    ])
  func gate(inspected: String, sentence: String) async throws {
    let built = try await build(try repository(), try EngineStandIn(inspected: inspected))
    let definition = try #require(built.definitions.first)
    let text = message { try Gate.check(try built.image(), for: definition) }
    #expect(text == "fn: \(sentence)")
  }

  @Test("a command in the settings is a handler as well")
  func command() async throws {
    let built = try await build(
      try repository([
        "fn/function.json":
          #"{"imageConfig": {"command": ["app.handler"]}, "image": {"repository": "\#(Self.repositoryName)"}}"#
      ]), try EngineStandIn(inspected: EngineStandIn.inspected(command: "null")))
    try Gate.check(try built.image(), for: try #require(built.definitions.first))
  }
}

extension Result {
  fileprivate var error: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}
