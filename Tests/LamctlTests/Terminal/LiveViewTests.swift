import Core
import Testing

@testable import lamctl

@Suite("The live picture")
struct LiveViewTests {
  private static let plain = Style(usesColor: false, usesUnicode: true)

  private static let view = LiveView(
    title: "prod: 10%:10m,50%:10m",
    origin: ["release 20261121T054900Z-3f2a1c9", "commit 3f2a1c9", "by gh-123456"],
    began: Timestamp(seconds: 1_000),
    rows: [
      FunctionRow(
        name: "orders", state: .active, phase: "canary", fromVersion: "41", toVersion: "42",
        weight: Weight(fraction: 0.1), canaryRate: 0.0143, stableRate: 0.0003,
        canaryCounts: RowCounts(invocations: 70, errors: 1),
        stableCounts: RowCounts(invocations: 3333, errors: 1),
        verdict: "watching", step: "1/2", remaining: .seconds(250), note: "30 of 30 invocations"),
      FunctionRow(
        name: "payments-refund", state: .active, phase: "uploading", fromVersion: "7", note: "12 of 40 MB"),
      FunctionRow(name: "users", state: .done, phase: "unchanged", fromVersion: "3"),
      FunctionRow(name: "new", state: .waiting),
      FunctionRow(name: "bad", state: .failed, phase: "failed", note: "handler.py: no such function"),
      FunctionRow(
        name: "wait", state: .held, phase: "held", fromVersion: "1", toVersion: "2",
        weight: Weight(fraction: 0.005)),
    ])

  @Test(
    "a wide terminal has all of it, a narrow one what matters most",
    arguments: [
      (200, true), (140, true), (100, true), (80, true), (70, true), (40, true), (100, false),
    ])
  func picture(columns: Int, unicode: Bool) throws {
    let lines = Self.view.lines(
      size: Terminal.Size(columns: columns, rows: 24), style: Style(usesColor: false, usesUnicode: unicode),
      frame: 3, now: Timestamp(seconds: 1_250))
    #expect(lines.allSatisfy { Cells.width($0) < columns })
    if !unicode { #expect(lines.allSatisfy { $0.utf8.allSatisfy { (32...126).contains($0) } }) }
    try Golden.expect(
      lines.joined(separator: "\n") + "\n", matches: "live-\(columns)\(unicode ? "" : "-ascii").txt")
  }

  @Test("no width and no number of rows makes a line too long or the picture too high")
  func alwaysFits() {
    for columns in 11...130 {
      for rows in [3, 4, 6, 10] {
        for unicode in [true, false] {
          let lines = Self.view.lines(
            size: Terminal.Size(columns: columns, rows: rows),
            style: Style(usesColor: false, usesUnicode: unicode),
            frame: columns)
          #expect(lines.allSatisfy { Cells.width($0) < columns }, "\(columns) columns")
          #expect(lines.count < rows, "\(rows) rows")
        }
      }
    }
  }

  @Test("functions at work are shown before those that are done or wait")
  func precedence() {
    var view = LiveView()
    view.rows = (0..<40).map { FunctionRow(name: "f\($0)", state: .done, phase: "promoted") }
    view.rows[17].state = .active
    view.rows[30].state = .failed
    let lines = view.lines(size: Terminal.Size(columns: 80, rows: 6), style: Self.plain, frame: 0)
    #expect(lines.count == 5)
    #expect(lines.contains { $0.contains("f17") } && lines.contains { $0.contains("f30") })
    #expect(lines.last == "  … and 37 more: 37 promoted" || lines.last == "  … and 36 more: 36 promoted")
  }

  @Test("the worst comes first, whatever its name, and what is quiet is counted")
  func worstFirst() {
    var view = LiveView(title: "prod")
    view.rows = (0..<40).map {
      FunctionRow(name: "fn-\($0)", state: .active, phase: "canary", canaryRate: 0, stableRate: 0.01)
    }
    view.rows[39].canaryRate = 0.2
    view.rows[39].canaryCounts = RowCounts(invocations: 50, errors: 10)
    view.rows[20].state = .failed
    view.rows[20].phase = "rolled back"
    let lines = view.lines(size: Terminal.Size(columns: 80, rows: 12), style: Self.plain, frame: 0)
    #expect(lines[1].contains("fn-20") && lines[2].contains("fn-39") && lines[2].contains("10/50"))
    #expect(lines.last?.hasSuffix(" canary") == true && lines.last?.contains(" more: ") == true)
  }

  @Test("an extension says how long it may last at most")
  func extended() {
    let row = FunctionRow(
      name: "orders", state: .active, phase: "canary", verdict: "extend", isExtended: true,
      remaining: .seconds(600))
    let lines = LiveView(rows: [row]).lines(
      size: Terminal.Size(columns: 80, rows: 9), style: Self.plain, frame: 0)
    #expect(lines == ["⠋ orders canary extend extended, 10m00s at most"])
  }

  @Test("colours add nothing but colours")
  func colors() {
    let size = Terminal.Size(columns: 100, rows: 24)
    let colored = Self.view.lines(size: size, style: Style(usesColor: true, usesUnicode: true), frame: 0)
    #expect(colored.contains { $0.contains("\u{1B}[") })
    #expect(colored.map { PlainText.line($0) } == Self.view.lines(size: size, style: Self.plain, frame: 0))
  }

  @Test(
    "a bar is full only at 100 % and empty only at 0 %",
    arguments: [
      (0, "▕    ▏", "[....]"), (0.001, "▕▏   ▏", "[#...]"), (0.5, "▕██  ▏", "[##..]"),
      (1, "▕████▏", "[####]"),
      (7, "▕████▏", "[####]"), (-1, "▕    ▏", "[....]"),
    ])
  func bar(fraction: Double, unicode: String, ascii: String) {
    #expect(Style(usesColor: false, usesUnicode: true).bar(fraction, width: 4) == unicode)
    #expect(Style.plain.bar(fraction, width: 4) == ascii)
  }

  @Test("rates and times are short and never round an error away")
  func figures() {
    #expect(
      [0, 0.000_01, 0.0003, 0.0143, 0.125, 1].map(Percent.text) == [
        "0 %", "<0.01 %", "0.03 %", "1.43 %", "12.5 %", "100 %",
      ])
    #expect(
      [-3, 0, 57.2, 250, 3_600, 3_905].map { FunctionRow.short(.seconds($0)) } == [
        "0s", "0s", "58s", "4m10s", "1h00m", "1h05m",
      ])
  }
}
