internal import Core
internal import Packager

/// Options of `lamctl list`.
struct ListCommand: Command {
  var globals = GlobalOptions()
  /// The environment whose settings show; nil for the default one.
  var environment: String?
  /// Whether the rule and the file that led to each function are shown.
  var explain = false
  /// Globs over logical names; `!` excludes.
  var only: [String] = []

  static let name = "list"
  static let summary = "List the functions found in the repository"

  static var parameters: [Parameter<ListCommand>] {
    [
      .environment(\.environment),
      .only(\.only),
      .flag("explain", \.explain, "Name the rule and the file that led to each function"),
    ]
  }

  static let examples = [Example("lamctl list --explain", "Why each function was found")]
}

extension ListCommand: RunnableCommand {
  /// Lists what discovery finds; asks nothing of AWS.
  func run(in context: Context) async throws -> ExitCode {
    let workspace = try Workspace.open(
      root: context.folder, configPath: globals.config, environment: context.environment,
      secrets: context.secrets)
    if let environment { _ = try workspace.environment(named: environment) }
    let found = try workspace.discoverWithPassedOver()
    let functions = try Selection(only).select(found.functions, name: \.name)
    if let nothing = found.nothing {
      // What was passed over may be what was looked for.
      if explain, !globals.json { context.output.write(text([], passedOver: found.passedOver, in: context)) }
      throw nothing
    }
    if globals.json {
      context.printDocument(document(functions))
    } else {
      context.output.write(text(functions, passedOver: found.passedOver, in: context))
    }
    return .done
  }

  private func document(_ functions: [DiscoveredFunction]) -> JSON {
    [
      "schema": .string(Self.schema),
      "functions": .array(
        functions.map { function in
          [
            "function": .string(function.name), "unit": .string(function.unit.description),
            "runtime": .optional(function.runtime), "handler": .optional(function.handler),
            "rule": .string(function.rule.rawValue), "path": .string(function.path.description),
            "explanation": .string(function.explanation),
          ]
        }),
      "error": .null,
    ]
  }

  private func text(
    _ functions: [DiscoveredFunction], passedOver: [PassedOver], in context: Context
  ) -> String {
    var columns: [TextTable.Column] = [.left("FUNCTION"), .left("RUNTIME"), .left("HANDLER"), .left("UNIT")]
    if explain { columns += [.left("RULE"), .left("FILE"), .left("WHY")] }
    let rows = functions.map { function in
      let base = [function.name, function.runtime ?? "-", function.handler ?? "-", function.unit.description]
      return explain
        ? base + [function.rule.rawValue, function.path.description, function.explanation] : base
    }
    var lines = TextTable(columns, rows: rows).lines(style: context.outputTerminal.style)
    if explain, !passedOver.isEmpty {
      lines.append("")
      lines += TextTable(
        [.left("PASSED OVER"), .left("WHY")], rows: passedOver.map { [$0.path.description, $0.reason] }
      ).lines(style: context.outputTerminal.style)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
