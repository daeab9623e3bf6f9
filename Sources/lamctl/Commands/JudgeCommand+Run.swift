internal import Core
internal import Glibc
internal import Packager
internal import Release

extension JudgeCommand: RunnableCommand {
  /// Judges and acts on nothing; a verdict is a result, whatever it says.
  func run(in context: Context) async throws -> ExitCode {
    guard let input else {
      return try await Session.with(globals, environment: environment, need: .names(direct), in: context) {
        session in
        let review = try await review(session, in: context)
        show(review, session, in: context)
        return .done
      }
    }
    let file = try EvidenceFile(parsing: try read(input, in: context), file: input)
    let began = SystemClock().now()
    let verdict = file.judged()
    let taken = SystemClock().now() - began
    if globals.verbose {
      let count = verdict.functions.count
      context.errors.write(
        "  judged \(count) function\(count == 1 ? "" : "s") in \((taken.seconds * 1000).formatted(digits: 1)) ms\n"
      )
    }
    if globals.json {
      context.printDocument(verdict.json)
    } else {
      context.show(Self.sentences(verdict))
    }
    return .done
  }

  private func read(_ source: String, in context: Context) throws -> [UInt8] {
    guard source == "-" else {
      return try Files.read(source.hasPrefix("/") ? source : "\(context.folder)/\(source)", limit: 64 << 20)
    }
    return try Files.readAll(from: STDIN_FILENO, path: "standard input", limit: 64 << 20)
  }

  private func show(_ review: Review, _ session: Session, in context: Context) {
    guard globals.json else {
      let steps = review.evidence.functions.sorted { $0.key < $1.key }.flatMap(Self.steps)
      return context.show(
        Self.sentences(review.verdict)
          + TextTable(Self.columns, rows: steps)
          .lines(style: context.outputTerminal.style, limit: context.tableLimit)
          .map { $0 + "\n" }.joined())
    }
    var document = review.verdict.json.object ?? JSONObject()
    document["environment"] = .string(session.environment.name)
    document["alias"] = .string(session.environment.alias)
    document["reviewed"] = .optional(review.release?.description)
    document["evidence"] = review.evidence.json
    context.printDocument(.object(document))
  }

  private static func sentences(_ verdict: ReleaseVerdict) -> String {
    var lines = verdict.functions.sorted { $0.key < $1.key }.map(\.value.sentence)
    if verdict.functions.count > 1 { lines.append("Release: \(verdict.verdict.sentence)") }
    return lines.map { $0 + "\n" }.joined()
  }

  static let columns: [TextTable.Column] = [
    .names("FUNCTION"), .left("FROM").dropped(3), .right("MINUTES").dropped(2), .right("WEIGHT").dropped(1),
    .left("CANARY").whole, .left("STABLE").whole,
  ]

  /// A row a step, and one for the bake.
  private static func steps(_ function: String, _ evidence: FunctionEvidence) -> [[String]] {
    func row(_ minutes: [Minute], _ weight: String, _ stable: Counts) -> [String] {
      let canary = Counts.sum(minutes.lazy.map(\.canary))
      return [
        function, minutes.first?.start?.iso8601 ?? "-", "\(minutes.count)", weight, words(canary),
        words(stable),
      ]
    }
    var rows = evidence.steps.map { step in
      row(
        step.minutes, Percent.text(step.weight),
        .sum(step.minutes.lazy.map(\.stable)))
    }
    if let bake = evidence.bake { rows.append(row(bake.minutes, "100 %", bake.baseline)) }
    return rows
  }

  private static func words(_ counts: Counts) -> String {
    "\(counts.errors) of \(counts.invocations) failed"
  }
}
