import Core
import TestSupport
import Testing

@testable import AWSClient
@testable import Release

@Suite("Layers of the repository")
struct LayerTests {
  private static let folder = "layers/common"
  private static let name = "shop-layers-common"

  private static func wanted(_ code: String = "good1", layer content: String = "one") -> Wanted {
    var wanted = Wanted(code)
    wanted.settings["Layers"] = [.string(folder)]
    wanted.layers = [folder: content]
    return wanted
  }

  private static func world(_ names: [String] = ["orders"]) async throws -> World {
    try await World.running(Dictionary(names.map { ($0, wanted()) }) { first, _ in first })
  }

  /// The layers that `$LATEST` of a function has.
  private static func layers(_ world: World, of name: String = "orders") -> [String] {
    world.account.state.withLock { state in
      state.functions[name].map { FunctionConfiguration($0.latest).layers } ?? []
    }
  }

  private static func arn(_ number: Int) -> String { "arn:aws:lambda:eu-west-1:1:layer:\(name):\(number)" }

  private static func layerWrites(_ run: RunResult) -> [String] {
    run.connection.writes.filter { $0.hasPrefix("PublishLayerVersion") }
  }

  @Test("a first deploy publishes the layer before the function, which gets its version")
  func first() async throws {
    let world = try World(["orders": Self.wanted()])
    let run = await world.deploy()
    #expect(run.outcome == .promoted, "\(String(describing: run.error))")
    #expect(run.connection.writes.prefix(2) == ["PublishLayerVersion \(Self.name)", "CreateFunction orders"])
    #expect(
      Self.layers(world) == [Self.arn(1)])
  }

  @Test("where nothing has changed, layers are not even read")
  func unchanged() async throws {
    let world = try await Self.world()
    let run = await world.deploy()
    #expect(run.outcome == .unchanged)
    #expect(!(run.connection.planning + run.connection.calls).contains { $0.contains("LayerVersion") })
  }

  @Test("other content of a layer is a new version of each function that has it, without new code, by canary")
  func changed() async throws {
    let world = try await Self.world(["orders", "users"])
    for name in world.names { world.want(name) { $0.layers[Self.folder] = "two" } }
    let run = await world.deploy()
    #expect(run.outcome == .promoted, "\(String(describing: run.error))")
    #expect(Self.layerWrites(run).count == 1)
    #expect(!run.connection.writes.contains { $0.hasPrefix("UpdateFunctionCode") })
    for name in world.names {
      #expect(world.account.alias(name)?.functionVersion == "2")
      #expect(
        Self.layers(world, of: name) == [Self.arn(2)])
    }
    let plan = try await world.plan(Connection(world.account)) { _ in }
    #expect(plan.functions.allSatisfy { $0.change == .none })
  }

  @Test("a plan publishes nothing, and names the layer")
  func planned() async throws {
    let world = try await Self.world()
    world.want { $0.layers[Self.folder] = "two" }
    let connection = Connection(world.account)
    let plan = try await world.plan(connection) { _ in }
    #expect(connection.writes.isEmpty)
    let function = try #require(plan.functions.first)
    #expect(function.change == .config)
    #expect(function.reasons == ["layers: layers/common"])
  }

  @Test("content that another source comes to is neither published nor released")
  func sameContent() async throws {
    let world = try await Self.world()
    world.want { $0.layerSources[Self.folder] = "another way to one" }
    let run = await world.deploy()
    #expect(run.outcome == .unchanged, "\(String(describing: run.error))")
    #expect(run.connection.writes.isEmpty)
    // With other code only that is released.
    world.want { $0.code = "good2" }
    let next = await world.deploy()
    #expect(next.outcome == .promoted)
    #expect(Self.layerWrites(next).isEmpty)
    #expect(
      Self.layers(world) == [Self.arn(1)])
  }

  @Test(
    "whoever dies at any call after publishing a layer leaves a version that the next run finds",
    arguments: 1..<9)
  func death(after step: Int) async throws {
    let world = try await Self.world()
    world.want { $0.layers[Self.folder] = "two" }
    let whole = await world.copy().deploy("ci-0")
    let call = try #require(whole.connection.calls.firstIndex { $0.hasPrefix("PublishLayerVersion") })
    let dying = await world.deploy("ci-1", events: [.diesAfter(call + step)])
    #expect(dying.outcome != .promoted)
    world.clock.advance(by: .minutes(10))
    let run = await world.deploy("ci-2")
    #expect([.promoted, .unchanged].contains(run.outcome), "\(String(describing: run.error))")
    #expect(Self.layerWrites(run).isEmpty)
    #expect(world.account.state.withLock { $0.layers[Self.name]?.count } == 2)
    #expect(world.account.alias()?.functionVersion == "2")
  }

  @Test("a version that two runs have published twice does no harm: a function keeps the one it has")
  func doubled() async throws {
    let world = try await Self.world()
    world.account.state.withLock { state in
      guard let first = state.layers[Self.name]?.first else { return }
      state.layers[Self.name] = [
        LayerVersion(arn: Self.arn(0), version: 0, description: first.description, created: first.created),
        first,
      ]
    }
    world.want { $0.settings["Timeout"] = 9 }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(Self.layerWrites(run).isEmpty)
    #expect(
      Self.layers(world) == [Self.arn(1)])
  }

  @Test("a layer that cannot be published ends the release before any function is touched")
  func refused() async throws {
    let world = try await Self.world()
    world.want { $0.layers[Self.folder] = "two" }
    world.account.state.withLock { $0.denied = ["PublishLayerVersion"] }
    let run = await world.deploy()
    #expect(run.error != nil)
    #expect(run.connection.writes.allSatisfy { $0.hasPrefix("PublishLayerVersion") })
    #expect(world.account.alias()?.functionVersion == "1")
  }

  @Test("old versions of a layer go once no version of a function has them; the newest and others' stay")
  func prune() async throws {
    let world = try await Self.world()
    for number in 2...4 {
      world.clock.advance(by: .minutes(25 * 60))
      world.want { $0.layers[Self.folder] = "content \(number)" }
      try #require(await world.deploy().outcome == .promoted)
    }
    world.account.state.withLock { state in
      let foreign = LayerVersion(
        arn: Self.arn(9), version: 9, description: "by hand", created: state.layers[Self.name]?.first?.created
      )
      state.layers[Self.name]?.insert(foreign, at: 0)
    }
    world.clock.advance(by: .minutes(25 * 60))
    let connection = Connection(world.account)
    connection.begin {}
    let services = world.services(connection) { _ in }
    let pruner = LayerPruner(services: services, parallel: 2)
    let dry = try await Pruner(services: services, keep: 1, parallel: 2)
      .prune([FunctionName(function: "orders", functionName: "orders")], dryRun: true)
    #expect(try await pruner.prune(after: dry, dryRun: true).first?.deleted.map(\.version) == [1, 2])
    #expect(connection.writes.isEmpty)
    let results = try await Pruner(services: services, keep: 1, parallel: 2)
      .prune([FunctionName(function: "orders", functionName: "orders")])
    #expect(results.first?.deleted.map(\.version) == ["1", "2"])
    #expect(try await pruner.prune(after: results).first?.deleted.map(\.version) == [1, 2])
    #expect(world.account.state.withLock { $0.layers[Self.name]?.map(\.version) } == [9, 3, 4])
    #expect(try await pruner.prune(after: results).first?.deleted.isEmpty == true)
  }

  @Test("the line in a layer's Description is read as it was written, and nothing else is")
  func provenance() {
    let digest = String(repeating: "a1", count: 16)
    let line = LayerProvenance(source: digest, package: digest, commit: "0123456789abcdef", by: "ci 1; x")
    #expect(line.description == "lamctl/1 s=\(digest) p=\(digest) g=0123456789ab by=ci-1--x")
    #expect(LayerProvenance(line.description) == line)
    for text in [
      "", "lamctl/1", "lamctl/1 s=\(digest)", "lamctl/1 s=\(digest) p=xyz by=a",
      "lamctl/2 s=\(digest) p=\(digest)",
      "common code",
    ] {
      #expect(LayerProvenance(text) == nil, "\(text)")
    }
    #expect(LayerPruner.name(in: Self.arn(3)) == Self.name)
    #expect(LayerPruner.name(in: "arn:aws:lambda:::awslayer:AmazonLinux1803") == nil)
  }
}
