import Core
import TestSupport
import Testing

@testable import lamctl

@Suite("Foreign text in the log of a CI system")
struct LogGuardTests {
  @Test(
    "what a system would read as a command is broken, and nothing else",
    arguments: [
      ("##vso[task.setvariable variable=X]1", "# #vso[task.setvariable variable=X]1"),
      ("a ##[set-output name=x]y", "a # #[set-output name=x]y"), ("###[x]", "## #[x]"),
      ("##VSO[x]", "# #VSO[x]"), ("::add-mask::x", ": :add-mask::x"),
      ("a\n  ::error::x\nb", "a\n  : :error::x\nb"), ("a\r::error::x", "a\r: :error::x"),
      ("a\r\n\t::error::x", "a\r\n\t: :error::x"), (":::x", ": ::x"), ("\u{A0}::x", "\u{A0}: :x"),
      ("## Heading [x] a::b", "## Heading [x] a::b"), ("arn:aws:lambda:::f", "arn:aws:lambda:::f"),
    ])
  func prose(text: String, expected: String) {
    #expect(LogGuard().prose(text) == expected)
  }

  @Test("a document says the same without holding a command")
  func document() throws {
    let document: JSON = ["a": "##vso[x]1 ##[y]", "b": "\\##[z", "##[key]": "::a"]
    let text = LogGuard().document(document.text(.pretty))
    #expect(!text.contains("##[") && !text.contains("##vso["))
    #expect(try JSON(parsing: text) == document)
  }

  @Test(
    "under the systems that read their log nothing but their own commands leaves the process whole",
    arguments: [["GITHUB_ACTIONS": "true"], ["TF_BUILD": "True"], ["GITLAB_CI": "true"], [:]])
  func written(environment: [String: String]) throws {
    let system = CISystem(environment: environment)
    let collected = Collected()
    let output = collected.output(guard: system?.logGuard)
    output.write("x ##vso[a]b\n")
    output.write("{\"x\": \"##[a]\"}", as: .document)
    let reads = system?.kind == .githubActions || system?.kind == .azurePipelines
    #expect(collected.text.contains("##") != reads, "\(collected.text)")
    let markup = LogMarkup(system)
    if let issue = markup.annotation(.error, "ends\n::x ##vso[evil]") {
      output.write(issue)
      #expect(collected.text.hasSuffix(issue.text), "a command stays one")
      #expect(!issue.text.dropFirst(2).contains("##"), "and holds no other: \(issue.text)")
    }
  }

  @Test("commands are made in one place")
  func made() throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/Sources/lamctl"
    for folder in try Files.names(in: root) where !folder.hasSuffix(".swift") {
      for name in try Files.names(in: "\(root)/\(folder)") where name != "LogMarkup.swift" {
        let text = String(decoding: try Files.read("\(root)/\(folder)/\(name)"), as: UTF8.self)
        #expect(!text.contains("LogCommand("), "\(folder)/\(name)")
      }
    }
  }
}
