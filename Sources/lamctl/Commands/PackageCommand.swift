internal import Core
internal import Packager

/// Options of `lamctl package`.
struct PackageCommand: Command {
  var globals = GlobalOptions()
  /// The first word: the environment where a second follows, else the function.
  var first: String?
  var second: String?
  /// Whether the files are told.
  var list = false

  static let name = "package"
  static let summary = "Build the package of one function and tell what is in it"

  static func operations(_ needs: PolicyNeeds) -> [Operation] { Operation.building(needs) }

  static var parameters: [Parameter<PackageCommand>] {
    [
      .positional(
        "ENVIRONMENT", \.first,
        "Which environment (default: defaultEnvironment of lamctl.json, or the only one); may be left out"),
      .positional("FUNCTION", \.second, "Whose package"),
      .flag("list", \.list, "List the files: size, mode, and the rule that took each"),
    ]
  }

  static let examples = [
    Example("lamctl package orders --list", "What goes up for orders, and why"),
    Example("lamctl package prod orders", "The zip of orders as prod is to have it"),
  ]

  func validate() throws(UsageError) {
    guard first == nil else { return }
    throw UsageError(message: "no function is named", fix: "write for example: lamctl package orders --list")
  }
}

extension PackageCommand: RunnableCommand {
  /// Builds one unit. AWS is asked only for values that settings refer to.
  func run(in context: Context) async throws -> ExitCode {
    let (environment, function) = second.map { (first, $0) } ?? (nil, first ?? "")
    return try await BuildSession.with(globals, environment: environment, in: context) { session in
      let all = try await session.functions()
      guard let definition = all.first(where: { $0.name == function }) else {
        let nearest = Suggestion.nearest(to: function, in: all.map(\.name))
        throw Failure(
          .usage, "there is no function '\(function)'",
          fix: nearest.map { "did you mean '\($0)'?" } ?? "'lamctl list' names them")
      }
      let digests = try await Digester(session.workspace).digest([definition])
      let builder = Builder(session.workspace, cache: try await session.cache())
      let progress = Progress(globals, in: context)
      let built = await progress.during {
        await builder.packages([definition], digests: digests) { event in
          event.tell(names: [definition.unit: function]) { progress.event($0, function: $1) }
        }
      }
      guard let package = try built[function]?.get() else {
        throw Failure(.failed, "\(function): no package was made")
      }
      for warning in package.warnings { context.warn("\(function): \(warning)") }
      if globals.json {
        context.printDocument(document(definition, package))
      } else {
        context.show(text(definition, package, in: context))
      }
      return .done
    }
  }

  private func document(_ definition: FunctionDefinition, _ package: BuiltPackage) -> JSON {
    [
      "schema": .string(Self.schema), "exitCode": 0, "function": .string(definition.name),
      "unit": .string(definition.unit.description), "path": .string(package.zip.path),
      "size": .int(package.zip.size), "unzippedSize": .int(package.unzippedSize),
      "pkg": .string(package.pkg.hex), "codeSha256": .string(package.zip.sha256.base64),
      "files": list ? .array(package.tree.entries.map(Self.file)) : .null, "error": .null,
    ]
  }

  private static func file(_ entry: PackageEntry) -> JSON {
    [
      "path": .string(entry.path.text), "size": .int(entry.size), "mode": .string(mode(entry)),
      "rule": .string(entry.rule ?? unruled),
    ]
  }

  /// Why a file is in the package that no rule has taken.
  private static let unruled = "in the unit"

  /// Type and permissions in six octal digits.
  private static func mode(_ entry: PackageEntry) -> String {
    let digits = String(entry.mode, radix: 8)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  static let columns: [TextTable.Column] = [
    .right("SIZE").whole, .left("MODE").dropped(2), .names("FILE"), .left("TAKEN BY").cut(1),
  ]

  private func text(
    _ definition: FunctionDefinition, _ package: BuiltPackage, in context: Context
  ) -> String {
    let entries = package.tree.entries
    let sentence =
      "\(definition.name): \(entries.count) file\(entries.count == 1 ? "" : "s"), \(package.unzippedSize) bytes, "
      + "\(package.zip.size) zipped: \(package.zip.path.escaped)"
    guard list else { return sentence + "\n" }
    let rows = entries.map { entry -> [String] in
      var name = entry.path.description
      if case .link(let target) = entry.content { name += " -> \(target.escaped)" }
      return [String(entry.size), Self.mode(entry), name, entry.rule ?? Self.unruled]
    }
    let lines = TextTable(Self.columns, rows: rows).lines(
      style: context.outputTerminal.style, limit: context.tableLimit)
    return (lines + [sentence]).joined(separator: "\n") + "\n"
  }
}
