import Core
import Release
import TestSupport
import Testing

@testable import lamctl

@Suite("What a plan and a run say in Markdown, and in the notations of CI systems")
struct RunSummaryTests {
  @Test(
    "what comes from outside is text in Markdown: no markup, no link, nobody is called",
    arguments: [
      "<script>", "@everyone", "[x](https://evil)", "`code`", "a|b", "#12", "*b* _i_ ~s~",
      "line\nbreak\u{1B}[31m",
    ])
  func hostile(text: String) {
    let escaped = Markdown.escaped(text)
    for character in "<>@#\n" { #expect(!escaped.contains(character) || escaped.contains("&#")) }
    #expect(!escaped.contains("@") && !escaped.contains("<"))
    for mark in ["[x](", " `", " |", "*b*"] { #expect(!escaped.contains(mark), "\(mark)") }
    let code = Markdown.code(text)
    #expect(code.filter { $0 == "`" }.count == 2 && !code.contains("\n"))
    #expect(!Markdown.block(["a ``` b"]).dropFirst(4).dropLast(4).contains("```"))
    #expect(Markdown.link("run", "javascript:alert(1)") == nil)
    #expect(Markdown.link("run", "https://x/(a) <b>\"") == "[run](https://x/ab)")
  }

  @Test("outputs for a shell hold nothing that means something to it")
  func plainOutputs() {
    let outputs = RunOutputs(
      outcome: "promoted", release: "20261121T054900Z-3f2a1c9", changed: ["orders", "a b;$(x)`y`"],
      versions: ["orders": "42", "refunds": "7"])
    let values = Dictionary(outputs.plain.map { ($0.name, $0.value) }) { first, _ in first }
    #expect(values["versions"] == "orders:42,refunds:7")
    #expect(values["release"] == "20261121T054900Z-3f2a1c9")
    #expect(values["changed"] == "orders,abxy")
  }

  @Test("Azure Pipelines gets issues and groups in its own notation, on one line each")
  func azure() {
    let markup = LogMarkup(CISystem(environment: ["TF_BUILD": "True"]))
    #expect(markup.annotation(.error, "a%\nb") == "##vso[task.logissue type=error]a%AZP25%0Ab\n")
    #expect(markup.annotation(.notice, "a") == nil)
    #expect(markup.beginFold("x", id: "x", at: Timestamp(seconds: 0)) == "##[group]x\n")
    #expect(markup.endFold(id: "x", at: Timestamp(seconds: 0)) == "##[endgroup]\n")
  }
}
