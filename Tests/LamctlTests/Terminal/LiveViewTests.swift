import Core
import Testing

@testable import lamctl

@Suite("The live picture")
struct LiveViewTests {
  private static let plain = Style(usesColor: false, usesUnicode: true)

  private static let view = LiveView(
    title: "prod, release 20261121T054900Z-3f2a1c9",
    rows: [
      FunctionRow(
        name: "orders", state: .active, phase: "canary", fromVersion: "41", toVersion: "42",
        weight: Weight(fraction: 0.1), canaryRate: 0.0143, stableRate: 0.0003, remaining: .seconds(250),
        note: "30 of 30 invocations"),
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
      (140, true), (100, true), (70, true), (40, true), (100, false),
    ])
  func picture(columns: Int, unicode: Bool) throws {
    let lines = Self.view.lines(
      size: Terminal.Size(columns: columns, rows: 24), style: Style(usesColor: false, usesUnicode: unicode),
      frame: 3)
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
    #expect(lines.last == "  … and 36 more")
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
      [0, 0.000_01, 0.0003, 0.0143, 0.125, 1].map(FunctionRow.percent) == [
        "0 %", "<0.01 %", "0.03 %", "1.43 %", "12.5 %", "100 %",
      ])
    #expect(
      [-3, 0, 57.2, 250, 3_600, 3_905].map { FunctionRow.short(.seconds($0)) } == [
        "0s", "0s", "58s", "4m10s", "1h00m", "1h05m",
      ])
  }
}
