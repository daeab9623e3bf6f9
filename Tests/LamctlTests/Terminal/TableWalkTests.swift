import Core
import Testing

@testable import lamctl

/// Every table of the tool on every width: what is looked for in it is there, and no line is broken by the terminal.
@Suite("Tables on narrow and wide terminals")
struct TableWalkTests {
  /// A table, filled as on a bad day, and what of it nobody may miss.
  struct Sample: Sendable, CustomTestStringConvertible {
    let file: String
    let columns: [TextTable.Column]
    let row: [String]
    /// Cells that are told whole.
    let whole: [String]

    var testDescription: String { file }
  }

  private static let name = "customer-notification-dispatcher-eu-01"
  private static let weights = "41: 90 %, 42: 10 %"
  private static let release = "20261128T052754Z-ec0a9aa"
  private static let reason = "files: services/orders/handler.py and 14 more; settings: memorySize"

  static let samples: [Sample] = [
    Sample(
      file: "StatusCommand+Run", columns: StatusCommand.columns,
      row: [name, "41", "ec0a9aa", "2h10m", weights, "rolled back (errors)", "41: 0.03 % of 90000"],
      whole: [weights, "rolled back (errors)", "41: 0.03 % of 90000"]),
    Sample(
      file: "VersionsCommand+Run", columns: VersionsCommand.columns,
      row: [name, "42", "2h10m", "ec0a9aa", release, "gh-123456789", "prod 90 %, bad in staging"],
      whole: ["42", "prod 90 %, bad in staging"]),
    Sample(
      file: "AliasCommand+Run", columns: AliasOutcome.columns,
      row: [name, "debug", "42", "2026-11-28T05:27:54Z", "gh-123456789", "would be deleted"],
      whole: ["debug", "42", "would be deleted"]),
    Sample(
      file: "PreviewCommand+Run", columns: PreviewOutcome.columns(.delete),
      row: ["pr-1234", name, "42", "2026-11-28T05:27:54Z", "gh-123456789", "would be deleted"],
      whole: ["pr-1234", "42", "would be deleted"]),
    Sample(
      file: "PruneCommand+Run", columns: PruneOutcome.columns(true),
      row: [name, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12", "123.4 MB", "10 among the newest, 3 in a record"],
      whole: []),
    Sample(
      file: "PlanCommand+Run", columns: PlanCommand.columns, row: [name, "code+config", "41", reason],
      whole: ["code+config", "41"]),
    Sample(
      file: "JudgeCommand+Run", columns: JudgeCommand.columns,
      row: [name, "2026-11-28T05:27:54Z", "10", "10 %", "12 of 2400 failed", "16 of 21600 failed"],
      whole: ["12 of 2400 failed", "16 of 21600 failed"]),
    Sample(
      file: "DeployResult", columns: DeployResult.columns(tellsServing: true),
      row: [name, "code+config", "41→42", "rolled back", weights, reason],
      whole: ["41→42", "rolled back", weights]),
    Sample(
      file: "AbandonedRun", columns: AbandonedRun.columns, row: [name, weights], whole: [weights]),
    Sample(
      file: "BuildCommand+Run", columns: BuildCommand.columns,
      row: [name, "services/customer/notification", "files or cache", "12.3 MB", "ec0a9aa01234"], whole: []),
    Sample(
      file: "CacheCommand", columns: CacheCommand.columns,
      row: ["package", "ec0a9aa01234", "12.3 MB", "2026-11-28T05:27:54Z", "services/customer/notification"],
      whole: ["package", "ec0a9aa01234"]),
    Sample(
      file: "PackageCommand", columns: PackageCommand.columns,
      row: ["1234567", "100644", "node_modules/@aws-sdk/client-dynamodb/dist-cjs/index.js", "in the unit"],
      whole: ["1234567"]),
    Sample(
      file: "ListCommand", columns: ListCommand(explain: true, digests: true).columns,
      row: [
        name, "python3.13", "app.handlers.notification.main", "services/customer", "ec0a9aa01234",
        "function.json", "services/customer/function.json", "the file names a handler, and nothing else does",
      ], whole: ["ec0a9aa01234", "the file names"]),
    Sample(
      file: "ListCommand", columns: ListCommand.passedOverColumns,
      row: ["services/customer/legacy/handler.py", "its folder is among those that are passed over"],
      whole: ["its folder is among"]),
    Sample(
      file: "ListCommand", columns: ListCommand.lockColumns,
      row: ["services/customer/package-lock.json", "services/customer", "it names no tree of packages"],
      whole: ["it names no tree"]),
  ]

  @Test("no line is wider than the terminal, and what nobody may miss is there", arguments: samples)
  func walk(sample: Sample) {
    let table = TextTable(sample.columns, rows: [sample.row, ["orders"] + sample.row.dropFirst()])
    for columns in [40, 80, 200] {
      let lines = table.lines(style: Style(usesColor: false, usesUnicode: true), limit: columns)
      #expect(lines.allSatisfy { Cells.width($0) <= columns }, "\(columns): \(lines)")
      let text = lines.joined(separator: "\n").replacing("\n    ", with: " ")
      for cell in sample.whole { #expect(text.contains(cell), "\(columns): \(cell) in \(lines)") }
    }
    let pipe = table.lines(limit: nil)[1]
    #expect(sample.row.allSatisfy(pipe.contains), "a pipe gets all of it")
  }

  @Test("a release's id or a time is there as a whole or not at all")
  func undivided() {
    let table = TextTable(VersionsCommand.columns, rows: [Self.samples[1].row])
    for columns in 40...140 {
      let text = table.lines(style: .plain, limit: columns).joined(separator: "\n")
      #expect(text.contains(Self.release) || !text.contains("2026"), "\(columns): \(text)")
    }
  }

  @Test("every table that is printed is walked, and knows how wide it may be")
  func complete() throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/Sources/lamctl"
    var printing: Set<String> = []
    for folder in try Files.names(in: root) where folder != "Terminal" && !folder.hasSuffix(".swift") {
      for file in try Files.names(in: "\(root)/\(folder)") {
        let text = String(decoding: try Files.read("\(root)/\(folder)/\(file)"), as: UTF8.self)
        guard text.contains("TextTable(") else { continue }
        printing.insert(String(file.dropLast(".swift".count)))
        var rest = text[...]
        while let call = rest.firstRange(of: ".lines(") {
          rest = rest[call.upperBound...]
          let arguments = rest.prefix { $0 != ")" }
          if arguments.contains("style:") {
            #expect(arguments.contains("limit:"), "\(folder)/\(file): \(arguments)")
          }
        }
      }
    }
    #expect(printing == Set(Self.samples.map(\.file)))
  }
}
