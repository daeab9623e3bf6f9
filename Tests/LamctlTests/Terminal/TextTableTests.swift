import Core
import Testing

@testable import lamctl

@Suite("Tables")
struct TextTableTests {
  @Test("columns are as wide as their widest cell, in cells, without spaces at the end")
  func alignment() {
    let table = TextTable(
      [.left("FUNCTION"), .right("WEIGHT"), .left("NOTE")],
      rows: [["orders", "10%", "ok"], ["漢字漢字漢", "0.5%", ""], ["a\nb"]])
    #expect(
      table.lines() == [
        "FUNCTION    WEIGHT  NOTE",
        "orders         10%  ok",
        "漢字漢字漢    0.5%",
        "a b",
      ])
  }

  @Test("a table without rows or columns has no lines")
  func empty() {
    #expect(TextTable([.left("A")]).lines().isEmpty)
    #expect(TextTable([], rows: [["x"]]).lines().isEmpty)
  }

  @Test("a narrow terminal costs the last columns first")
  func limit() {
    let table = TextTable(
      [.left("FUNCTION"), .left("REASON")], rows: [["orders-refund", "files: handler.py and nine more"]])
    #expect(
      table.lines(style: Style(usesColor: false, usesUnicode: true), limit: 30) == [
        "FUNCTION       REASON", "orders-refund  files: handler…",
      ])
    #expect(table.lines(limit: nil)[1] == "orders-refund  files: handler.py and nine more")
  }

  @Test("names that begin alike stay apart where they have to be cut, and others make room first")
  func names() {
    let table = TextTable(
      [.names("FUNCTION"), .left("VERSION").cut(1), .left("STATE").whole],
      rows: [
        ["customer-notification-01", "12345678", "rolled back (peer)"],
        ["customer-notification-02", "12345678", "idle"],
      ])
    let style = Style(usesColor: false, usesUnicode: true)
    #expect(
      table.lines(style: style, limit: 42) == [
        "FUNCTION                STATE",
        "customer-no…ication-01  rolled back (peer)",
        "customer-no…ication-02  idle",
      ])
    #expect(Cells.clippedInside("漢字漢字漢字", to: 7, ellipsis: "…") == "漢字…字")
    #expect(Cells.clippedInside("orders", to: 3, ellipsis: "...") == "...")
  }
}
