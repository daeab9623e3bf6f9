internal import Core
internal import Packager

/// Options of `lamctl list`.
struct ListCommand: Command {
  var globals = GlobalOptions()
  /// The environment whose settings show; nil for the default one.
  var environment: String?
  /// Whether the rule and the file that led to each function are shown.
  var explain = false
  /// Whether the digest of what each function is built from is shown.
  var digests = false
  /// Globs over logical names; `!` excludes.
  var only: [String] = []

  static let name = "list"
  static let summary = "List the functions found in the repository"

  static func operations(_ needs: PolicyNeeds) -> [Operation] { Operation.parameters(needs) }

  static var parameters: [Parameter<ListCommand>] {
    [
      .environment(\.environment),
      .only(\.only),
      .flag("explain", \.explain, "Name the rule and the file that led to each function"),
      .flag("digests", \.digests, "Show the digest of everything that each function is built from"),
    ]
  }

  static let examples = [
    Example("lamctl list --explain", "Why each function was found"),
    Example("lamctl list --digests --json", "What to compare between two commits, without AWS"),
  ]
}

extension ListCommand: RunnableCommand {
  /// Lists what discovery finds; asks nothing of AWS.
  func run(in context: Context) async throws -> ExitCode {
    let workspace = try Workspace.open(
      root: context.folder, configPath: globals.config, environment: context.environment,
      secrets: context.secrets)
    if let environment { _ = try workspace.environment(named: environment) }
    let found = try workspace.discoverWithPassedOver(isDigested: digests, isExplained: explain)
    let functions = try Selection(only).select(found.functions, name: \.name)
    if let nothing = found.nothing {
      // What was passed over may be what was looked for.
      if explain, !globals.json {
        context.show(text([], [:], passedOver: found.passedOver, [], in: context))
      }
      throw nothing
    }
    await tellNames(of: functions, workspace, in: context)
    let sources = digests ? try await sources(of: functions, in: workspace) : [:]
    let locks = explain ? try workspace.wholeLocks(of: functions) : []
    if globals.json {
      context.printDocument(document(functions, sources, locks))
    } else {
      context.show(text(functions, sources, passedOver: found.passedOver, locks, in: context))
    }
    return .done
  }

  /// Tells of functions whose names AWS would not take: what is listed under another spelling is not deployed under it.
  private func tellNames(
    of functions: [DiscoveredFunction], _ workspace: Workspace, in context: Context
  ) async {
    let chosen = environment ?? workspace.config.environmentNames.first ?? "prod"
    let listed = Set(functions.map(\.name))
    guard let environment = try? workspace.environment(named: chosen),
      let listing = try? await workspace.names(in: environment, region: nil, account: { "000000000000" })
    else { return }
    for fault in listing.faults where fault.functionName == nil {
      if let function = fault.function, listed.contains(function) { context.warn("\(fault.error)") }
    }
  }

  /// The short digests of the functions' sources by name. What only AWS knows is in none of them.
  private func sources(
    of functions: [DiscoveredFunction], in workspace: Workspace
  ) async throws -> [String: String] {
    let names = Set(functions.map(\.name))
    let values = InterpolationValues(
      region: nil, account: { "000000000000" },
      parameters: { paths in Dictionary(paths.map { ($0, "") }) { first, _ in first } })
    // Where none is configured all have the same settings, and none needs to be named.
    let chosen = environment ?? (workspace.config.environmentNames.isEmpty ? "prod" : nil)
    let definitions = try await workspace.functions(
      in: workspace.environment(named: chosen), values: values)
    let digests = try await Digester(workspace).digest(definitions.filter { names.contains($0.name) })
    return digests.mapValues { FunctionDigests.short($0.src) }
  }

  private func document(
    _ functions: [DiscoveredFunction], _ sources: [String: String], _ locks: [WholeLock]
  ) -> JSON {
    [
      "schema": .string(Self.schema),
      "functions": .array(
        functions.map { function in
          [
            "function": .string(function.name), "unit": .string(function.unit.description),
            "runtime": .optional(function.runtime), "handler": .optional(function.handler),
            "rule": .string(function.rule.rawValue), "path": .string(function.path.description),
            "explanation": .string(function.explanation), "src": .optional(sources[function.name]),
          ]
        }),
      "wholeLocks": .array(
        locks.map {
          [
            "path": .string($0.path.description), "unit": .string($0.unit.description),
            "reason": .string($0.reason),
          ]
        }),
      "error": .null,
    ]
  }

  /// What explains would explain nothing with its end cut off.
  var columns: [TextTable.Column] {
    [.names("FUNCTION"), .left("RUNTIME").cut(1), .left("HANDLER").cut(3), .left("UNIT").cut(2)]
      + (digests ? [.left("DIGEST").whole] : [])
      + (explain ? [.left("RULE").dropped(4), .names("FILE").cut(1), .sentences("WHY")] : [])
  }

  static let passedOverColumns: [TextTable.Column] = [.names("PASSED OVER"), .sentences("WHY")]
  static let lockColumns: [TextTable.Column] = [
    .names("LOCK THAT COUNTS WHOLE"), .left("UNIT").cut(1), .sentences("WHY"),
  ]

  private func text(
    _ functions: [DiscoveredFunction], _ sources: [String: String], passedOver: [PassedOver],
    _ locks: [WholeLock], in context: Context
  ) -> String {
    let rows = functions.map { function in
      var base = [function.name, function.runtime ?? "-", function.handler ?? "-", function.unit.description]
      if digests { base.append(sources[function.name] ?? "-") }
      return explain
        ? base + [function.rule.rawValue, function.path.description, function.explanation] : base
    }
    let (style, limit) = (context.outputTerminal.style, context.tableLimit)
    var lines = TextTable(columns, rows: rows).lines(style: style, limit: limit)
    if explain, !passedOver.isEmpty {
      lines.append("")
      lines += TextTable(
        Self.passedOverColumns, rows: passedOver.map { [$0.path.description, $0.reason] }
      ).lines(style: style, limit: limit)
    }
    if !locks.isEmpty {
      lines.append("")
      lines += TextTable(
        Self.lockColumns, rows: locks.map { [$0.path.description, $0.unit.description, $0.reason] }
      ).lines(style: style, limit: limit)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
