internal import Core
internal import Glibc
internal import Release

extension JudgeCommand: RunnableCommand {
  /// Judges the evidence and acts on nothing; a verdict is a result, whatever it says.
  func run(in context: Context) async throws -> ExitCode {
    let source = input ?? "-"
    let verdict = try EvidenceFile(parsing: try read(source, in: context), file: source).judged()
    guard !globals.json else {
      context.printDocument(verdict.json)
      return .done
    }
    for (_, verdict) in verdict.functions.sorted(by: { $0.key < $1.key }) {
      context.output.write(verdict.sentence + "\n")
    }
    if verdict.functions.count > 1 { context.output.write("Release: \(verdict.verdict.sentence)\n") }
    return .done
  }

  private func read(_ source: String, in context: Context) throws -> [UInt8] {
    guard source == "-" else {
      return try Files.read(source.hasPrefix("/") ? source : "\(context.folder)/\(source)", limit: 64 << 20)
    }
    return try Files.readAll(from: STDIN_FILENO, path: "standard input", limit: 64 << 20)
  }
}
