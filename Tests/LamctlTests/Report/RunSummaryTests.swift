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
    #expect(!Markdown.code("a|b").contains("\\") && Markdown.cell("a|b") == "`a\\|b`")
    #expect(!Markdown.block(["a ``` b"]).dropFirst(4).dropLast(4).contains("```"))
    #expect(Markdown.link("run", "javascript:alert(1)") == nil)
    #expect(Markdown.link("run", "https://x/(a) <b>\"") == "[run](https://x/%28a%29%20%3Cb%3E%22)")
  }

  private func summary(
    _ report: ReleaseReport, _ exitCode: ExitCode, _ failure: Failure? = nil, findings: [String] = []
  ) async throws -> String {
    let result = try await Reports.result(report, rollout: "prod --sandbox --canary 10%")
    return RunSummary(
      report: report, facts: result.facts, exitCode: exitCode, sentence: result.sentence, findings: findings,
      failure: failure, commands: result.next
    ).markdown
  }

  @Test(
    "a release that failed tells why, whose it is, what serves and what to do next; what is unchanged is folded"
  )
  func failed() async throws {
    let report = Reports.report(
      .failed,
      [
        Reports.function("basket", .unchanged, change: .none, serving: ["1": 1]),
        Reports.function("product", .failed, serving: ["17": 1]),
      ])
    let failure = Failure(.gateFailed, "product: version 18 failed the smoke test", fix: "mend the function")
    #expect(
      try await summary(report, .gateFailed, failure) == """
        ### ❌ lamctl: prod

        Failed after 61.3 s; the traffic in prod is where it was.

        release `20261121T054900Z-3f2a1c9` · commit `3f2a1c9d41b2` · by `maria` in `gh-7` · [run](https://github.com/acme/shop/actions/runs/7)

        **Failed:** `product: version 18 failed the smoke test`

        | function | change | version | outcome | serves now | why |
        | --- | --- | --- | --- | --- | --- |
        | `product` | code | 17 → 18 | failed | 17: 100 % | files: handler.py |


        **Next:** mend the function

        <details><summary>1 function is unchanged</summary>

        `basket`

        </details>


        """)
  }

  @Test("one that stands still names the commands that work, one that was taken back shows what it logged")
  func next() async throws {
    let held = Reports.report(
      .held, [Reports.function("orders", .held, serving: ["17": 0.9, "18": 0.1])])
    let text = try await summary(held, .held)
    #expect(text.hasPrefix("### ⏸️ lamctl: prod\n"))
    #expect(text.contains("| 17 → 18 | held | 17: 90 %, 18: 10 % |"))
    #expect(
      text.contains(
        "**Next:** `lamctl promote prod --sandbox --canary 10%` goes on, `lamctl abort prod --sandbox` takes it back\n"
      ))
    let back = Reports.report(.rolledBack, [Reports.function("orders", .rolledBack, serving: ["17": 1])])
    let taken = try await summary(back, .rolledBack, findings: ["  14 x KeyError: 'price list v2'"])
    #expect(taken.contains("```text\n  14 x KeyError: 'price list v2'\n```"))
    #expect(taken.contains("| rolled back | 17: 100 % |"))
    #expect(taken.contains("**Next:** read the verdict"))
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
    #expect(markup.annotation(.error, "a%\nb")?.text == "##vso[task.logissue type=error]a%AZP25%0Ab\n")
    #expect(markup.annotation(.notice, "a") == nil)
    #expect(markup.beginFold("x", id: "x", at: Timestamp(seconds: 0)).text == "##[group]x\n")
    #expect(markup.endFold(id: "x", at: Timestamp(seconds: 0)).text == "##[endgroup]\n")
  }
}
