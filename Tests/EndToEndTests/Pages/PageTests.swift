import Core
import Glibc
import TestSupport
import Testing

/// The pages that lead through a task, followed to the letter: what is in their shell blocks is run in their order.
@Suite("Pages")
struct PageTests {
  @Test("a task ends as its page says", arguments: ["first-deploy", "monorepo"])
  func followed(page: String) async throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let text = String(decoding: try Files.read("\(root)/docs/\(page).md"), as: UTF8.self)
    let commands = text.split(separator: "```sh\n", omittingEmptySubsequences: false).dropFirst().map {
      block in
      block.firstRange(of: "```").map { String(block[..<$0.lowerBound]) } ?? String(block)
    }
    try #require(commands.count > 2)
    let folder = try TemporaryFolder()
    let lines = Lock<[String]>([])
    let binary = try #require(try BuiltBinary.path())
    let child = try ChildProcess.start(
      ChildProcess.Specification(
        arguments: ["bash", "-euxo", "pipefail", "-c", commands.map(Self.checked).joined()],
        environment: .exactly([
          "PATH": "\(binary.prefix(upTo: try #require(binary.lastIndex(of: "/")))):\(Self.path)",
          "HOME": folder.path, "GIT_CONFIG_NOSYSTEM": "1",
        ]),
        folder: folder.path, timeout: .minutes(4), mergesStreams: true)
    ) { _, line in lines.withLock { $0.append(line) } }
    let exit = await child.exit()
    #expect(exit == .code(0), "\(lines.withLock { $0.suffix(40).joined(separator: "\n") })")
    withExtendedLifetime(folder) {}
  }

  private static let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"

  /// The commands of a block; one behind which the page writes an exit code must end with that.
  private static func checked(_ block: String) -> String {
    block.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let mark = line.firstRange(of: "   # exit code ") else { return String(line) }
      let code = line[mark.upperBound...]
      return "code=0; \(line[..<mark.lowerBound]) || code=$?; test $code = \(code)"
    }.joined(separator: "\n")
  }
}
