import Core
import Testing

@testable import lamctl

@Suite("Prose on a terminal")
struct ParagraphTests {
  @Test("sentences break between words, and go on deeper than they began")
  func words() {
    let text = "  one two three four\nshort\nfive six seven eight nine"
    #expect(
      Paragraph.wrapped(text, columns: 14)
        == "  one two\n    three four\nshort\nfive six seven\n  eight nine")
    #expect(Paragraph.wrapped(text, columns: nil) == text)
  }

  @Test("a table that fits stays as it is, colours do not count, and blanks within a line stay")
  func untouched() {
    let heading = "\u{1B}[1mFUNCTION  STATE\u{1B}[0m"
    #expect(Paragraph.wrapped(heading, columns: 15) == heading)
    #expect(Paragraph.lines("a  b  cccc", columns: 7) == ["a  b", "  cccc"])
  }

  @Test(
    "a command is never broken, nor is anything that is said to it",
    arguments: [
      "lamctl rollback prod --only orders --to 3", "lamctl promote prod --sandbox --steps 50%:3m,pause",
      "aws lambda delete-function --function-name shop-orders --region eu-west-1",
      "lamctl adopt prod --undo 'a b c'", "lamctl plan --config=x.json",
    ])
  func commands(command: String) {
    for columns in 12...100 {
      let lines = Paragraph.lines(
        "the traffic is elsewhere: \(command); see there what to do", columns: columns)
      #expect(lines.contains { $0.contains(command) }, "\(columns): \(lines)")
      let others = lines.filter { !$0.contains(command) }
      #expect(others.allSatisfy { $0.count <= columns || !$0.contains(" ") }, "\(columns): \(lines)")
    }
  }

  @Test("what follows a command that is quoted or ends breaks again")
  func behind() {
    let lines = Paragraph.lines(
      "'lamctl list' names all of them, and lamctl status, in turn, what serves", columns: 24)
    #expect(lines.allSatisfy { $0.count <= 24 }, "\(lines)")
  }
}
