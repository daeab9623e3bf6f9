internal import Core
internal import Packager

/// Options of `lamctl schema`.
struct SchemaCommand: Command {
  var globals = GlobalOptions()

  static let name = "schema"
  static let summary = "Print the JSON Schema of lamctl.json"
  static func operations(_: PolicyNeeds) -> [Operation] { [] }

  static let parameters: [Parameter<SchemaCommand>] = []
  static let examples = [Example("lamctl schema > lamctl.schema.json", "For editors")]
}

extension SchemaCommand: RunnableCommand {
  /// Prints the JSON Schema, generated from the table that reads the files; with `--json` as a member of a document.
  func run(in context: Context) async throws -> ExitCode {
    guard globals.json else {
      context.output.write(ConfigSchema.json.text(.pretty) + "\n", as: .document)
      return .done
    }
    context.printDocument(["schema": .string(Self.schema), "jsonSchema": ConfigSchema.json])
    return .done
  }
}
