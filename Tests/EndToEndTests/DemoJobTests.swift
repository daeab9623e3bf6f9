import Core
import Glibc
import TestSupport
import Testing

@Suite("The reference shop")
struct DemoJobTests {
  private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  private static func run(_ arguments: [String], _ variables: [String: String]) async throws -> (
    exit: ChildProcess.Exit, text: String
  ) {
    let lines = Lock<[String]>([])
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let library = getenv("LD_LIBRARY_PATH").map { String(cString: $0) }
    var all = ["PATH": path, "HOME": "/tmp", "LANG": "C.UTF-8"].merging(variables) { $1 }
    all["LD_LIBRARY_PATH"] = library
    let specification = ChildProcess.Specification(
      arguments: arguments, environment: .exactly(all), folder: root, timeout: .minutes(6))
    let exit = try await ChildProcess.run(specification) { _, line in lines.withLock { $0.append(line) } }
    return (exit, lines.withLock { $0.joined(separator: "\n") })
  }

  @Test(
    "scripts/demo: orders come out of checkouts at the API, and a bad ordering is taken back by errors from its queue"
  )
  func demo() async throws {
    let folder = try TemporaryFolder()
    let outcome = try await Self.run(
      ["scripts/demo"], ["LAMCTL": try #require(try BuiltBinary.path()), "TMPDIR": folder.path])
    #expect(outcome.exit == .code(0), "\(outcome.text)")
    #expect(!outcome.text.contains("MISSING") && outcome.text.contains("ROLLBACK ordering v2:"))
    #expect(outcome.text.contains("; checkouts: "), "plan says what the queue will let the canary see")
    #expect(try Files.names(in: folder.path) == [], "it takes everything away that it has made")
  }

  @Test(
    "the shop's own tests pass",
    arguments: [
      ["python3", "-m", "unittest", "discover", "Examples/shop/tests"],
      ["node", "--test", "Examples/shop/tests"],
    ])
  func handlers(_ arguments: [String]) async throws {
    let outcome = try await Self.run(arguments, ["PYTHONDONTWRITEBYTECODE": "1"])
    #expect(outcome.exit == .code(0), "\(outcome.text)")
  }
}
