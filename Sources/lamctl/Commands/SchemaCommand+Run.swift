internal import Packager

extension SchemaCommand: RunnableCommand {
  /// Prints the JSON Schema, generated from the table that reads the files.
  func run(in context: Context) async throws -> ExitCode {
    context.printDocument(ConfigSchema.json)
    return .done
  }
}
