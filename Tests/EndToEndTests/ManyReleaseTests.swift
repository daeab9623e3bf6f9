import Core
import Glibc
import TestSupport
import Testing

@Suite("Releases of many functions, with the built binary against the sandbox", .serialized)
struct ManyReleaseTests {
  @Test("a run that is killed between two promotions has decided: the next run goes forward")
  func killedBetweenPromotions() async throws {
    let repository = try await CountedRepository.changed(4, traffic: 10)
    let held = try await repository.run("deploy", "--canary", "10%:2m", "--no-promote")
    #expect(held.exit == .code(11), "\(held.errors)")
    let run = try repository.begin(
      ["promote", "--canary", "10%:2m", "--parallel", "1"])
    let process = run.child.processID
    repository.watch { call in
      // The leader's promotion is on the sandbox's disk before its answer is on the wire.
      guard call.operation == "UpdateAlias", repository.stored(0).contains("st=commit") else { return }
      kill(process, SIGKILL)
    }
    #expect(await run.child.exit() == .signal(9))
    repository.watch(nil)
    let half = try await repository.weights()
    #expect(half["f000"] == ["2": 1])
    #expect(half["f003"] == ["1": .double(0.9), "2": .double(0.1)])

    let next = try await repository.run("deploy", "--canary", "10%:2m", "--bake", "2m", "--json")
    #expect(next.exit == .code(0), "\(next.errors)")
    #expect(try next.document()["outcome"] == "promoted")
    #expect(try await repository.weights().values.allSatisfy { $0 == ["2": 1] })
    await repository.stop()
  }

  @Test(
    "with --per-function the good ones are promoted, the bad one is taken back: 14, and what serves is told")
  func perFunction() async throws {
    let repository = try await CountedRepository.changed(3, traffic: 15)
    try repository.breakFunction(1)
    let outcome = try await repository.run(
      "deploy", "--canary", "20%:8m", "--bake", "2m", "--per-function", "--json")
    #expect(outcome.exit == .code(14), "\(outcome.errors)")
    #expect(try outcome.function("f000")["outcome"] == "promoted")
    #expect(try outcome.function("f000")["weights"] == ["2": 1])
    #expect(try outcome.function("f001")["outcome"] == "rolledBack")
    #expect(try outcome.function("f001")["weights"] == ["1": 1])
    #expect(try outcome.function("f001")["verdict"]?["kind"] == "rollback")
    #expect(
      try await repository.weights() == ["f000": ["2": 1], "f001": ["1": 1], "f002": ["2": 1]])
    await repository.stop()
  }

  @Test("of two runs of one release the one that waits ends as the other does")
  func attached() async throws {
    let repository = try await CountedRepository.changed(2, traffic: 10)
    let first = try repository.begin(["deploy", "--canary", "10%:3m", "--bake", "2m", "--json"])
    #expect(await eventually(within: .seconds(60)) { first.text(.error).contains("gets 10%") })
    let second = try repository.begin(
      ["deploy", "--canary", "10%:3m", "--bake", "2m", "--wait-lock", "60m", "--json"])
    let outcomes = [await first.outcome(), await second.outcome()]
    #expect(outcomes.map(\.exit) == [.code(0), .code(0)], "\(outcomes.map(\.errors))")
    #expect(
      outcomes[1].errors.contains("the very same release"), "\(outcomes[1].errors)")
    #expect(try outcomes[1].document()["release"] == outcomes[0].document()["release"])
    #expect(try outcomes[1].function("f001")["outcome"] == "promoted")
    await repository.stop()
  }

  @Test("--supersede ends a living run's canary; that run ends with 12, the newer code serves")
  func superseded() async throws {
    let repository = try await CountedRepository.changed(2, traffic: 10)
    let first = try repository.begin(["deploy", "--canary", "10%:30m", "--json"])
    #expect(await eventually(within: .seconds(60)) { first.text(.error).contains("gets 10%") })
    for index in 0..<2 { try repository.write(index, answer: 2) }
    let second = try await repository.run(
      "deploy", "--canary", "10%:2m", "--bake", "2m", "--supersede", "--json")
    #expect(second.exit == .code(0), "\(second.errors)")
    let other = await first.outcome()
    #expect(other.exit == .code(12), "\(other.errors)")
    #expect(try await repository.weights().values.allSatisfy { $0 == ["3": 1] })
    await repository.stop()
  }
}
