import Core
import Glibc
import TestSupport
import Testing

@Suite("Rollouts that several runs carry on, with the built binary against the sandbox", .serialized)
struct LifeCycleTests {
  /// A shop that serves, with a change that is not released yet, and the sandbox as a process of its own.
  private func changedShop() async throws -> Shop {
    let shop = try await Shop()
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    return shop
  }

  @Test("a pause ends with 11; promote goes on from there; a second promote finds nothing")
  func promote() async throws {
    let shop = try await changedShop()
    let steps = "10%:5m,pause,50%:5m"
    let held = try await shop.run("deploy", "--steps", steps, "--json")
    #expect(held.exit == .code(11), "\(held.errors)")
    #expect(try await shop.status("ordering")["state"] == "hold")

    let other = try await shop.run("promote", "--steps", "10%:5m,50%:5m", "--json")
    #expect(other.exit == .code(64), "\(other.errors)")
    #expect(try await shop.status("ordering")["weights"] == ["1": .double(0.9), "2": .double(0.1)])

    let run = try await shop.run("promote", "--steps", steps, "--bake", "5m", "--json")
    #expect(run.exit == .code(0), "\(run.errors)")
    let document = try run.document()
    #expect(document["schema"] == "lamctl.promote/1")
    #expect(document["outcome"] == "promoted")
    // In the rehearsal's time: a step and a bake of five minutes each.
    #expect((document["durationSeconds"]?.double ?? 0) >= 600)
    #expect(document["functions"]?.array?.count == 1)
    #expect(try run.function("ordering")["toVersion"] == "2")
    #expect(run.errors.contains("gets 50%"), "\(run.errors)")
    #expect(try await shop.status("ordering")["weights"] == ["2": 1])

    let again = try await shop.run("promote", "--json")
    #expect(again.exit == .code(1))
    #expect(try again.document()["outcome"] == "failed")
    await shop.stopSandbox()
  }

  @Test("a detached deploy is carried on by ticks to its end")
  func ticks() async throws {
    let shop = try await changedShop()
    let detached = try await shop.run("deploy", "--canary", "10%:5m", "--detach", "--json")
    #expect(detached.exit == .code(0), "\(detached.errors)")
    #expect(try detached.document()["outcome"] == "detached")
    #expect(try await shop.status("ordering")["leaseEnd"] == .null)

    var outcome: JSON?
    let deadline = SystemClock().now() + .seconds(90)
    repeat {
      let tick = try await shop.run("tick", "--canary", "10%:5m", "--bake", "5m", "--json")
      #expect(tick.exit == .code(0), "\(tick.errors)")
      outcome = try tick.document()["outcome"]
    } while outcome == "detached" && SystemClock().now() < deadline
    #expect(outcome == "promoted")
    #expect(try await shop.status("ordering")["weights"] == ["2": 1])
    let idle = try await shop.run("tick", "--json")
    #expect(idle.exit == .code(0))
    #expect(try idle.document()["outcome"] == "unchanged")
    await shop.stopSandbox()
  }

  @Test("resume ends a killed rollout; abort ends a living one, whose run then ends with 10")
  func resumeAndAbort() async throws {
    let shop = try await changedShop()
    let killed = try shop.start("deploy", "--canary", "10%")
    #expect(await eventually(within: .seconds(30)) { killed.text(.error).contains("gets 10%") })
    killed.child.kill()
    #expect(await killed.child.exit() == .signal(9))
    let resumed = try await shop.run("resume", "--take-over", "--json")
    #expect(resumed.exit == .code(0), "\(resumed.errors)")
    #expect(try resumed.document()["outcome"] == "promoted")
    #expect(try await shop.status("ordering")["weights"] == ["2": 1])

    try shop.edit("ordering/index.js", "UNPAID_HOURS = 72", "UNPAID_HOURS = 96")
    let living = try shop.start("deploy", "--canary", "10%")
    #expect(await eventually(within: .seconds(30)) { living.text(.error).contains("gets 10%") })
    let abort = try await shop.run("abort", "--json")
    #expect(abort.exit == .code(0), "\(abort.errors)")
    #expect(try abort.document()["outcome"] == "rolledBack")
    #expect(await living.outcome().exit == .code(10))
    let status = try await shop.status("ordering")
    #expect(status["weights"] == ["2": 1])
    #expect(status["bad"] == "3")
    #expect(try await shop.run("abort").output.contains("No rollout is under way"))
    await shop.stopSandbox()
  }

  @Test(
    "status --watch tells each change of a rollout that another run drives, until Ctrl-C ends it with 130")
  func watched() async throws {
    let shop = try await changedShop()
    let watch = try shop.start("status", "--watch", "--only", "ordering", "--json")
    #expect(await eventually(within: .seconds(30)) { watch.text(.output).contains(#""state":"idle""#) })
    let deploy = try shop.start("deploy", "--canary", "10%:30m")
    #expect(
      await eventually(within: .seconds(60)) { watch.text(.output).contains(#""state":"canary""#) },
      "\(watch.text(.output)) \(watch.text(.error))")
    let lines = watch.text(.output).split(separator: "\n")
    #expect(lines.count >= 2 && lines.count <= 4, "\(lines)")
    for line in lines { #expect(try JSON(parsing: String(line))["schema"] == "lamctl.status/1") }
    kill(watch.child.processID, SIGINT)
    #expect(await watch.outcome().exit == .code(130))
    kill(deploy.child.processID, SIGTERM)
    #expect(await deploy.outcome().exit == .code(143))
    await shop.stopSandbox()
  }
}
