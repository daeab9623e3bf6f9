internal import Packager

/// Options of `lamctl schema`.
struct SchemaCommand: Command {
  var globals = GlobalOptions()

  static let name = "schema"
  static let summary = "Print the JSON Schema of lamctl.json"
  static let parameters: [Parameter<SchemaCommand>] = []
  static let examples = [Example("lamctl schema > lamctl.schema.json", "For editors")]
}

extension SchemaCommand: RunnableCommand {
  /// Prints the JSON Schema, generated from the table that reads the files.
  func run(in context: Context) async throws -> ExitCode {
    context.printDocument(ConfigSchema.json)
    return .done
  }
}
