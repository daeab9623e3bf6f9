internal import Core

/// One function's package among the artifacts.
struct ArtifactEntry: Hashable, Sendable {
  let function: String
  let unit: RepositoryPath
  /// What the function is made of, and what came of it.
  let content: ArtifactContent
  /// What the function is made of, in 64 hexadecimal digits each: without the handler, and without what belongs to the
  /// machine that builds.
  let build: String
  let inputs: String
  /// Versions of the tools, and variables, of the machine that built it.
  let tools: DigestItems
  let env: DigestItems
  /// Seconds that its unit takes to build.
  let cost: Double?

  /// The entry for a package that has just been made.
  ///
  /// - Parameter known: what the last build of the unit took, where that is known.
  init(
    _ definition: FunctionDefinition, digests: FunctionDigests, package: BuiltPackage, cost known: Double?
  ) {
    function = definition.name
    unit = definition.unit
    content = ArtifactContent(src: digests.src.hex, pkg: package.pkg, zip: package.zip)
    build = digests.build.hex
    inputs = digests.inputs.hex
    tools = digests.items[.tools] ?? [:]
    env = digests.items[.env] ?? [:]
    // What came out of a cache says nothing of what it costs to make.
    cost = package.isFromCache ? max(known ?? 0, package.cost.seconds) : package.cost.seconds
  }

  init?(_ json: JSON) {
    guard let function = json["function"]?.string,
      let unit = json["unit"]?.string.flatMap({ RepositoryPath($0) }),
      let content = ArtifactContent(json), let build = ArtifactContent.digest(json["build"]),
      let inputs = ArtifactContent.digest(json["inputs"]), let tools = Self.items(json["tools"]),
      let env = Self.items(json["env"])
    else { return nil }
    self.function = function
    self.unit = unit
    self.content = content
    self.build = build
    self.inputs = inputs
    self.tools = tools
    self.env = env
    cost = json["cost"]?.double
  }

  private static func items(_ json: JSON?) -> DigestItems? {
    guard let members = json?.object?.members else { return nil }
    var items: DigestItems = [:]
    for (name, value) in members {
      guard let text = value.string else { return nil }
      items[name] = text
    }
    return items
  }

  var json: JSON {
    let object = { (items: DigestItems) -> JSON in
      .object(JSONObject(items.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }
    return .object(
      JSONObject(
        [("function", .string(function)), ("unit", .string(unit.text))] + content.members + [
          ("build", .string(build)), ("inputs", .string(inputs)), ("tools", object(tools)),
          ("env", object(env)),
          ("cost", cost.map { .double(($0 * 1000).rounded() / 1000) } ?? .null),
        ]))
  }
}

/// What one machine has built.
struct ArtifactIndex: Hashable, Sendable {
  /// The most entries that are read.
  private static let most = 20_000

  let shard: Shard
  /// Digest of the plan that it kept to, in 64 hexadecimal digits.
  let plan: String
  /// Where the sources come from; nil without git.
  let commit: String?
  let entries: [ArtifactEntry]
  /// The layers of the functions, each once.
  let layers: [ArtifactLayer]
  /// Logical names of the functions of this share that were left out.
  let left: [String]

  init(
    shard: Shard, plan: String, commit: String?, entries: [ArtifactEntry], layers: [ArtifactLayer] = [],
    left: [String] = []
  ) {
    self.shard = shard
    self.plan = plan
    self.commit = commit
    self.entries = entries
    self.layers = layers
    self.left = left
  }

  /// Reads what ``json`` has written; nil for anything else.
  init?(_ bytes: [UInt8]) {
    guard let json = try? JSON(parsing: bytes), json["schema"] == "lamctl.artifacts/1",
      let shard = json["shard"]?.string.flatMap({ Shard(parsing: $0) }), let plan = json["plan"]?.string,
      let list = json["functions"]?.array, list.count <= Self.most
    else { return nil }
    var entries: [ArtifactEntry] = []
    for element in list {
      guard let entry = ArtifactEntry(element) else { return nil }
      entries.append(entry)
    }
    guard Set(entries.map(\.function)).count == entries.count else { return nil }
    var layers: [ArtifactLayer] = []
    for element in json["layers"]?.array ?? [] {
      guard let layer = ArtifactLayer(element), layers.count < Self.most else { return nil }
      layers.append(layer)
    }
    self.init(
      shard: shard, plan: plan, commit: json["commit"]?.string, entries: entries, layers: layers,
      left: (json["left"]?.array ?? []).compactMap(\.string))
  }

  var json: JSON {
    [
      "schema": "lamctl.artifacts/1", "shard": .string(shard.description), "plan": .string(plan),
      "commit": .optional(commit), "functions": .array(entries.map(\.json)),
      "layers": .array(layers.map(\.json)), "left": .array(left.map(JSON.string)),
    ]
  }
}
