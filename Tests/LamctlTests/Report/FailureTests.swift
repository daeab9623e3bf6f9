import Core
import Glibc
import Release
import Testing

@testable import lamctl

@Suite("Failures")
struct FailureTests {
  @Test(
    "an error has its exit code in one place",
    arguments: [
      (UsageError(message: "m", fix: "f") as any Error, Failure(.usage, "m", fix: "f")),
      (UnitError.time("5", missingUnit: true), Failure(.usage, "'5' has no unit: write 5s, 5m or 5h")),
      (
        SystemError(operation: "read", subject: "x", code: ENOENT),
        Failure(.failed, "cannot read x: No such file or directory")
      ),
      (CancellationError(), Failure(.interrupted, "interrupted")),
      (Failure(.held, "m"), Failure(.held, "m")),
      (
        ReleaseError.notTakenBack(function: "f", alias: "prod", wanted: "41", found: "version 42"),
        Failure(
          .held, "f: the alias prod was set to give version 41 all traffic, and it reads version 42",
          fix: "look at lamctl status, and run lamctl rollback")
      ),
    ])
  func mapping(error: any Error, expected: Failure) {
    #expect(Failure(error) == expected)
  }

  @Test("a failure is a line, a fix, and details only when asked for")
  func text() {
    let failure = Failure(
      .failed, "orders: broken\nby \u{1B}[31mAWS", fix: "do\nthis", details: ["request 1-2-3"])
    #expect(failure.text(verbose: false) == "lamctl: orders: broken by AWS\n  fix: do this\n")
    #expect(
      failure.text(verbose: true) == "lamctl: orders: broken by AWS\n  fix: do this\n  request 1-2-3\n")
    #expect(Failure(.failed, "m").text(verbose: true) == "lamctl: m\n")
  }

  @Test("the document of a failure has its exit code and error")
  func document() {
    #expect(
      Failure(.config, "m").document(schema: "lamctl.plan/1") == [
        "schema": "lamctl.plan/1", "outcome": "failed", "exitCode": 65,
        "error": ["message": "m", "fix": nil],
      ])
  }
}
