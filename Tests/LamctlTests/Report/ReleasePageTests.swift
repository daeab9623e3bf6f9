import Core
import Testing

@testable import lamctl

@Suite("The page of a release")
struct ReleasePageTests {
  private static func document(hostile text: String = "orders") -> JSON {
    let minutes = (0..<12).map { index -> JSON in
      [
        "start": .string("2026-11-21T05:\(49 + index % 10):00Z"),
        "canary": ["invocations": .int(30), "errors": .int(index > 8 ? 3 : 0)],
        "stable": ["invocations": .int(270), "errors": .int(1)],
      ]
    }
    return [
      "schema": "lamctl.deploy/1", "environment": .string(text), "alias": .string(text),
      "release": .string(text),
      "outcome": "rolledBack", "exitCode": 10, "commit": .string(text), "owner": .string(text),
      "link": .string(text), "durationSeconds": 720, "warnings": .array([.string(text)]),
      "functions": .array([
        [
          "function": .string(text), "functionName": .string(text), "change": "code", "fromVersion": "41",
          "toVersion": .string(text), "outcome": "rolledBack", "weights": ["41": 1],
          "reasons": .array([.string(text)]),
          "verdict": [
            "kind": "rollback", "sentence": .string(text), "canary": ["invocations": 360, "errors": 9],
            "stable": ["invocations": 3240, "errors": 12],
          ],
          "errors": .array([["message": .string(text), "count": 14]]), "error": ["message": .string(text)],
        ]
      ]),
      "evidence": [
        "schema": "lamctl.evidence/1",
        "functions": .object(
          JSONObject([
            (text, ["steps": .array([["weight": .double(0.1), "ended": true, "minutes": .array(minutes)]])])
          ])),
      ],
      "error": ["message": .string(text), "fix": .string(text)],
    ]
  }

  @Test("it tells outcome, versions, verdict, errors and each minute, and draws weights and rates")
  func content() {
    let page = ReleasePage(Self.document()).html
    for text in [
      "rolled back", "41", "14", "9 of 360 failed (2.5 %)", "3 of 30 failed (10 %)", "class=\"weight\"",
      "class=\"canary\"", "class=\"stable\"", "prefers-color-scheme: dark", "@media print",
      "width=device-width", "Minute by minute (12)",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(page.components(of: "class=\"dot\"") == 6, "in either picture")
  }

  @Test(
    "one that was taken back says when, and an afterthought of what is judged anew and read off the traffic")
  func back() throws {
    let run = ReleasePage(Self.document()).html
    #expect(run.contains("On this the run took all traffic back"))
    #expect(run.contains("<td data-label=\"Weight of the new version\">10 %</td>"))
    #expect(!run.contains("judged anew") && !run.contains("A rehearsal"))
    var later = try #require(Self.document().object)
    later["schema"] = "lamctl.release/1"
    later["rehearsal"] = true
    let page = ReleasePage(.object(later)).html
    #expect(page.contains("judged anew") && page.contains(">share of the traffic of the new version<"))
    #expect(
      page.contains("The traffic went back: the new version had its last in the minute of 2026-11-21T05:5"))
    #expect(page.contains("<td data-label=\"Share of the new version\">10 %</td>"))
    #expect(page.contains("<td data-label=\"Share of the new version\">0 %</td>"))
    #expect(page.contains("A rehearsal on one machine: nothing of this happened in AWS."))
  }

  @Test(
    "what comes from outside is text, whatever it holds",
    arguments: [
      "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "'--><b>",
      "&lt;b&gt;",
      "</style><style>*{display:none}", "\u{202E}evil\u{1B}[31m\u{0}", "]]>", "</title><svg onload=alert(1)>",
    ])
  func hostile(text: String) throws {
    let page = ReleasePage(Self.document(hostile: text)).html
    let usual = ReleasePage(Self.document()).html
    // The same elements as with a plain word: nothing of the text has become one.
    #expect(Self.tags(page) == Self.tags(usual))
    #expect(!page.contains("href=\"javascript"))
    #expect(!page.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0.value == 0x202E })
  }

  @Test("it loads nothing and runs nothing")
  func selfContained() {
    let page = ReleasePage(Self.document(hostile: "https://example.com/run")).html
    for word in ["<script", "<link", "<img", "@import", "url(", "src=", "<iframe"] {
      #expect(!page.contains(word))
    }
    #expect(page.contains("default-src 'none'"))
    #expect(page.contains("<a href=\"https://example.com/run\""))
  }

  @Test("documents that lack everything, or have nonsense in them, still make a page")
  func nonsense() {
    let step: JSON = ["weight": .double(1e300), "minutes": [["canary": ["invocations": -5]]]]
    let documents: [JSON] = [
      ["schema": "lamctl.deploy/1", "functions": []], ["functions": ["a": 1]], [:],
      ["functions": .array([1, "x", ["function": 3, "weights": ["1": "x"], "errors": [1]]])],
      ["functions": [["function": "a"]], "evidence": ["functions": ["a": ["steps": [step]]]]],
    ]
    for document in documents {
      let page = ReleasePage(document).html
      #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
      #expect(!page.contains("nan") && !page.contains("inf "))
    }
  }

  /// The names of all elements, in their order.
  private static func tags(_ page: String) -> [String] {
    page.split(separator: "<").dropFirst().map { String($0.prefix { !" >\n".contains($0) }) }
      .filter { $0 != "a" && $0 != "/a" }
  }
}

extension String {
  fileprivate func components(of part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
