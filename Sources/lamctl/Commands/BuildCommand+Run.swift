internal import Core
internal import Packager

extension BuildCommand: RunnableCommand {
  /// Builds what the place does not have yet. AWS is asked only for a bucket, and for values that settings refer to.
  func run(in context: Context) async throws -> ExitCode {
    try await BuildSession.with(globals, environment: environment, in: context) { session in
      let facts = await RunFacts(root: session.workspace.root, in: context)
      let definitions = try await session.functions()
      let selected = try Selection(only).select(definitions, name: \.name)
      let images = selected.filter { $0.packageType == "Image" }.map(\.name)
      if !images.isEmpty {
        context.warn(
          "container images are not among the artifacts: \(images.joined(separator: ", ")); "
            + "each is released from the machine that builds it, without --artifacts")
      }
      let digests = try await Digester(session.workspace).digest(definitions)
      let store = try await session.store(to)
      let parallel = globals.parallel ?? 8
      let builder = Builder(session.workspace, cache: try await session.cache())
      let build = ArtifactBuild(
        into: store, maker: builder, shard: shard ?? .whole,
        commit: facts.commit.map { $0 + (facts.isDirty ? "+" : "") }, parallel: parallel)
      let progress = Progress(globals, in: context)
      let names = Dictionary(definitions.map { ($0.unit, $0.name) }, uniquingKeysWith: { first, _ in first })
      let chosen = only.isEmpty ? nil : Set(selected.map(\.name))
      let artifacts = try await progress.during {
        try await build.run(definitions, digests: digests, only: chosen) {
          (package, definition) throws(PackagerError) in
          for warning in package.warnings {
            progress.event("warning: \(warning)", function: definition.name)
          }
          // Whether there is a bucket for what is large is the environment's that releases it.
          try Gate.check(package, for: definition, hasBucket: true)
        } progress: { event in
          event.tell(names: names) { progress.event($0, function: $1) }
        }
      }
      if globals.json {
        context.printDocument(document(artifacts, images: images, in: store))
      } else {
        context.show(text(artifacts, in: store, context))
      }
      return .done
    }
  }

  private func document(
    _ artifacts: BuiltArtifacts, images: [String], in store: any ArtifactStore
  ) -> JSON {
    [
      "schema": .string(Self.schema), "exitCode": 0, "to": .string(store.place),
      "shard": .string((shard ?? .whole).description),
      "functions": .array(
        artifacts.functions.map { artifact in
          [
            "function": .string(artifact.function), "unit": .string(artifact.unit.description),
            "origin": .string(artifact.origin.rawValue),
            "digests": ["src": .string(artifact.src), "pkg": .string(artifact.pkg)],
            "sha256": .string(artifact.sha256), "size": .int(artifact.size),
          ]
        }),
      "left": .array(artifacts.left.map(JSON.string)), "images": .array(images.map(JSON.string)),
      "error": .null,
    ]
  }

  static let columns: [TextTable.Column] = [
    .names("FUNCTION"), .left("UNIT"), .left("FROM").dropped(2), .right("SIZE").dropped(1),
    .left("PACKAGE").dropped(3),
  ]

  private func text(
    _ artifacts: BuiltArtifacts, in store: any ArtifactStore, _ context: Context
  ) -> String {
    let rows = artifacts.functions.map { artifact in
      [
        artifact.function, artifact.unit.isRoot ? "." : artifact.unit.description, artifact.origin.words,
        ByteCount.text(artifact.size), String(artifact.pkg.prefix(12)),
      ]
    }
    let functions = artifacts.functions
    let built = functions.count { $0.origin == .built }
    let share = shard.map { " of shard \($0)" } ?? ""
    let left = artifacts.left.prefix(5).joined(separator: ", ")
    let more = artifacts.left.count > 5 ? " and \(artifacts.left.count - 5) more" : ""
    let sentence =
      "\(functions.count) package\(functions.count == 1 ? "" : "s")\(share) in \(store.place), "
      + "\(built) of them built now." + (left.isEmpty ? "" : " It has none of \(left)\(more).")
    guard !functions.isEmpty else { return "No function\(share) has a package.\n" }
    let lines = TextTable(Self.columns, rows: rows).lines(
      style: context.outputTerminal.style, limit: context.tableLimit)
    return (lines + [sentence]).joined(separator: "\n") + "\n"
  }
}

extension BuiltArtifact.Origin {
  /// For a table.
  fileprivate var words: String {
    switch self {
    case .built: "build"
    case .reused: "files or cache"
    case .earlier: "earlier build"
    }
  }
}
