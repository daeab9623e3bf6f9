import Core
import TestSupport
import Testing

@testable import lamctl

@Suite("What a CI system reads")
struct GitHubFilesTests {
  private let outputs = RunOutputs(
    outcome: "promoted", release: "20261121T054900Z-3f2a1c9", changed: ["orders", "users"],
    versions: ["users": "4", "orders": "42"])

  @Test("outputs are appended, lists and maps as JSON")
  func outputFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("out", "before=1\n")
    try GitHubFiles(environment: ["GITHUB_OUTPUT": path], hiding: Secrets()).write(outputs)
    #expect(
      try folder.read("out") == """
        before=1
        outcome=promoted
        release=20261121T054900Z-3f2a1c9
        changed=["orders","users"]
        versions={"orders":"42","users":"4"}

        """)
  }

  @Test("a value of several lines stands between delimiters that nobody can guess")
  func delimiter() throws {
    let value = "a\nEOF\nb=c"
    let lines = GitHubFiles.assignment("text", value).split(separator: "\n").map(String.init)
    let delimiter = try #require(lines.first?.split(separator: "<").last.map(String.init))
    #expect(lines == ["text<<\(delimiter)", "a", "EOF", "b=c", delimiter])
    #expect(GitHubFiles.assignment("text", value) != GitHubFiles.assignment("text", value))
    #expect(GitHubFiles.assignment("text", "a\r\nb").hasPrefix("text<<"))
  }

  @Test("a summary is appended, and cut where GitHub would drop it")
  func summary() throws {
    let folder = try TemporaryFolder()
    let files = GitHubFiles(environment: ["GITHUB_STEP_SUMMARY": "\(folder.path)/summary"], hiding: Secrets())
    try files.appendSummary("# One\n")
    try files.appendSummary("two\n")
    #expect(try folder.read("summary") == "# One\ntwo\n")
    try files.appendSummary(String(repeating: "0123456789\n", count: 200_000))
    let text = try folder.read("summary")
    #expect(text.utf8.count <= GitHubFiles.summaryLimit && text.utf8.count > GitHubFiles.summaryLimit - 100)
    #expect(text.hasSuffix("0123456789\n\n_The rest is left out: a summary may have 1 MiB._\n"))
    try files.appendSummary("more\n")
    #expect(try folder.read("summary").utf8.count <= GitHubFiles.summaryLimit)
  }

  @Test("without the variables nothing is written, and a file that cannot be opened is an error")
  func elsewhere() throws {
    let files = GitHubFiles(environment: ["GITHUB_OUTPUT": "", "GITHUB_STEP_SUMMARY": ""], hiding: Secrets())
    try files.write(outputs)
    try files.appendSummary("x")
    #expect(throws: SystemError.self) {
      try GitHubFiles(environment: ["GITHUB_OUTPUT": "/nonexistent/out"], hiding: Secrets()).write(outputs)
    }
  }

  @Test("an annotation cannot be ended or extended by its text")
  func annotations() {
    let github = LogMarkup(CISystem(environment: ["GITHUB_ACTIONS": "true"]))
    #expect(github.annotation(.warning, "plain")?.text == "::warning::plain\n")
    #expect(
      github.annotation(.error, "50% of a::b,\nc\r\nd", title: "a:b,c%\n", file: "f.py", line: 3)?.text
        == "::error title=a%3Ab%2Cc%25%0A,file=f.py,line=3::50%25 of a::b,%0Ac%0D%0Ad\n")
    #expect(LogMarkup(CISystem(environment: ["GITLAB_CI": "true"])).annotation(.error, "x") == nil)
    #expect(LogMarkup(nil).annotation(.error, "x") == nil)
  }

  @Test(
    "folds are written as each system has them",
    arguments: [
      (["GITHUB_ACTIONS": "true"], "::group::Build orders\n", "::endgroup::\n"),
      (
        ["GITLAB_CI": "true"], "\u{1B}[0Ksection_start:7:build[collapsed=true]\r\u{1B}[0KBuild orders\n",
        "\u{1B}[0Ksection_end:7:build\r\u{1B}[0K\n"
      ),
      (["BUILDKITE": "true"], "--- Build orders\n", ""), (["CI": "true"], "", ""), ([:], "", ""),
    ])
  func folds(environment: [String: String], begin: String, end: String) {
    let markup = LogMarkup(CISystem(environment: environment))
    let time = Timestamp(seconds: 7.9)
    #expect(markup.beginFold("Build\norders", id: "build", at: time).text == begin)
    #expect(markup.endFold(id: "build", at: time).text == end)
  }
}
