import Core
import Testing

@testable import lamctl

@Suite("Cells")
struct CellsTests {
  @Test(
    "width counts cells, not characters",
    arguments: [
      ("", 0), ("abc", 3), ("größe", 5), ("gro\u{308}ße", 5), ("漢字", 4), ("한글", 4), ("ｆｕｌｌ", 8), ("🚀", 2),
      ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("⠋", 1), ("█▏", 2), ("→", 1), ("✓", 1), ("❤️", 2), ("\u{200B}", 0),
    ])
  func width(text: String, expected: Int) {
    #expect(Cells.width(text) == expected)
  }

  @Test(
    "clipping keeps within the width and marks the cut",
    arguments: [
      ("orders", 6, "orders"), ("orders", 5, "orde…"), ("漢字漢字", 5, "漢字…"), ("漢字漢字", 4, "漢…"), ("abc", 1, "."),
      ("abc", 0, ""),
    ])
  func clipping(text: String, width: Int, expected: String) {
    let clipped = Cells.clipped(text, to: width, ellipsis: "…")
    #expect(clipped == expected)
    #expect(Cells.width(clipped) <= width)
  }

  @Test(
    "what others wrote cannot move the cursor, change colours or break the line",
    arguments: [
      ("plain", "plain"), ("\u{1B}[31mred\u{1B}[0m", "red"), ("a\rb\nc\td", "a b c d"),
      ("\u{1B}[2J\u{1B}[1;1Hx", "x"),
      ("\u{1B}", ""), ("\u{1B}[", ""), ("\u{1B}[12", ""), ("a\u{9B}31mb", "a 31mb"), ("\u{7}\u{7F}", "  "),
      ("größe 漢", "größe 漢"),
      ("\u{1B}\u{1B}[31mx", "x"),
    ])
  func printable(text: String, expected: String) {
    #expect(PlainText.line(text) == expected)
  }
}
