import Core
import Testing

@testable import Release
@testable import lamctl

@Suite("Hooks as programs")
struct HookProcessTests {
  @Test("one that hangs is ended at its limit, and the failure says what gives it more time")
  func limit() async {
    let hook = HookProcess(
      folder: "/", environment: ["PATH": "/usr/bin:/bin"], declared: [:], secrets: Secrets(),
      limit: .seconds(1)
    ) { _ in }
    let call = HookCall(
      moment: .beforeTraffic, arguments: ["sleep", "600"], environment: "prod", alias: "prod", release: "r",
      subjects: [
        HookCall.Subject(function: "orders", functionName: "orders", fromVersion: "1", toVersion: "2")
      ])
    await #expect(throws: HookFailure(reason: "it took longer than 1s; --timeout gives it more time")) {
      try await hook.run(call)
    }
  }
}
