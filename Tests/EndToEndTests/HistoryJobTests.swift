import Core
import Glibc
import TestSupport
import Testing

@Suite("Verdicts and versions of the past, with the built binary against the sandbox", .serialized)
struct HistoryJobTests {
  @Test(
    "judge says the same of a bad release from its report, from the past, and of any two versions; versions tells the rest"
  )
  func past() async throws {
    let shop = try await Shop()
    try await shop.startSandbox()
    let idle = try await shop.run("judge")
    #expect(idle.exit == .code(1))
    #expect(idle.errors.contains("no rollout is under way in prod"), "\(idle.errors)")
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.breakOrdering()
    let bad = try await shop.run("deploy", "--canary", "20%", "--json")
    #expect(bad.exit == .code(10), "\(bad.errors)")
    let live = try #require(try bad.function("ordering")["verdict"])
    let evidence = try #require(try bad.document()["evidence"])
    let minutes = evidence["functions"]?["ordering"]?["steps"]?.array?.first?["minutes"]?.array
    #expect(minutes?.isEmpty == false)

    try shop.folder.write("evidence.json", evidence.text())
    let again = try await shop.run("judge", "--input", "evidence.json", "--json")
    #expect(again.exit == .code(0), "\(again.errors)")
    #expect(try again.document()["sentence"] == live["sentence"])
    #expect(try again.document()["eValue"] == live["eValue"])

    let past = try await shop.run("judge", "--only", "ordering", "--since", "12h", "--json")
    #expect(past.exit == .code(0), "\(past.errors)")
    #expect(try past.document()["kind"] == "rollback")
    #expect(
      try past.document()["evidence"]?["functions"]?["ordering"]?["versions"] == [
        "stable": "1", "canary": "2",
      ])
    let named = try await shop.run("judge", "--only", "ordering", "--since", "12h", "--compare", "1..2")
    #expect(named.output.hasPrefix("ROLLBACK ordering v2: "), "\(named.output)")

    let silent = try await shop.run("judge", "--only", "basket", "--since", "12h", "--compare", "1..7")
    #expect(silent.exit == .code(1))
    #expect(silent.errors.contains("CloudWatch has no invocation of basket v7"), "\(silent.errors)")
    let many = try await shop.run("judge", "--since", "12h", "--compare", "1..2")
    #expect(many.exit == .code(64), "\(many.errors)")
    let old = try await shop.run("judge", "--since", "20d")
    #expect(old.exit == .code(64))
    #expect(old.errors.contains("CloudWatch keeps single minutes for 15 days"), "\(old.errors)")

    let versions = try await shop.run("versions", "--only", "ordering", "--json")
    let entries = try #require(try versions.function("ordering")["versions"]?.array)
    #expect(entries.map { $0["version"] } == ["2", "1"])
    #expect(entries[0]["uses"]?.array == [["alias": "prod", "as": "bad"]])
    #expect(entries[1]["uses"]?.array?.first == ["alias": "prod", "as": "traffic", "share": 1])
    #expect(entries[0]["release"] == (try bad.document()["release"]))
    await shop.stopSandbox()
  }

  @Test("judge of a rollout under way says what its run would, and the run goes on")
  func running() async throws {
    let shop = try await Shop()
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    // The shop's traffic of the last minutes is all that the last hour had.
    let plan = try await shop.run("plan", "--canary", "20%:20m", "--json")
    #expect(plan.exit == .code(0), "\(plan.errors)")
    let canary = try #require(try plan.function("ordering")["canary"])
    #expect(canary["steps"]?.array?.count == 1)
    #expect(canary["expectedInvocations"]?.double ?? -1 >= 0)
    let dry = try await shop.run("deploy", "--canary", "20%:20m", "--dry-run")
    #expect(dry.output.contains("ordering: by the last hour's traffic "), "\(dry.output)")
    let run = try shop.start("deploy", "--canary", "20%:20m", "--bake", "2m")
    #expect(await eventually(within: .seconds(30)) { run.text(.error).contains("gets 20%") })
    let judge = try await shop.run("judge", "--canary", "20%:20m", "--json")
    #expect(judge.exit == .code(0), "\(judge.errors)")
    #expect(["extend", "pass"].contains(try judge.document()["kind"]?.string))
    #expect(try judge.document()["reviewed"]?.string != nil)
    let other = try await shop.run("judge", "--canary", "30%:8m")
    #expect(other.exit == .code(0) && other.output.contains("20 %"), "\(other.output)\(other.errors)")
    #expect(other.errors.contains("was not begun with the steps 30%:8m: it is judged by its record"))
    #expect(await run.outcome().exit == .code(0))
    await shop.stopSandbox()
  }

  @Test(
    "prune shows what it would delete, deletes just that, and a release does so by itself where keepVersions is set"
  )
  func prune() async throws {
    let repository = try CountedRepository(functions: 1)
    // A day is four seconds.
    try repository.start(speed: 20_000)
    try await repository.deployFirst()
    for answer in 1...4 {
      try repository.write(0, answer: answer)
      try await repository.deployFirst()
    }
    let wanted: JSON = ["1", "2", "3"]
    var shown: JSON?
    let deadline = SystemClock().now() + .seconds(90)
    while shown != wanted, SystemClock().now() < deadline {
      let dry = try await repository.run("prune", "--keep", "1", "--dry-run", "--json")
      #expect(dry.exit == .code(0), "\(dry.errors)")
      shown = try dry.function("f000")["deleted"]
    }
    #expect(shown == wanted)
    #expect(repository.takeCalls()["DeleteFunction"] == nil)

    let pruned = try await repository.run("prune", "--keep", "1", "--json")
    #expect(pruned.exit == .code(0), "\(pruned.errors)")
    #expect(try pruned.function("f000")["deleted"] == wanted)
    #expect(try pruned.function("f000")["freedBytes"]?.int ?? 0 > 0)
    #expect(repository.takeCalls()["DeleteFunction"] == 3)
    let versions = try await repository.run("versions", "--json")
    #expect(try versions.function("f000")["versions"]?.array?.map { $0["version"] } == ["5", "4"])
    let again = try await repository.run("prune", "--keep", "1")
    #expect(again.output.contains("Nothing to prune: every version is new or in use."), "\(again.output)")

    // Version 4 is out of use once version 6 serves, and must be a day old by then.
    let published = try #require(
      try versions.function("f000")["versions"]?.array?.first?["published"]?.string.flatMap {
        Timestamp(iso8601: $0)
      })
    #expect(await eventually(within: .minutes(1)) { repository.now >= published + .minutes(24 * 60) })
    let text = try repository.folder.read("lamctl.json")
    try repository.folder.write(
      "lamctl.json", text.replacing(#""project""#, with: #""keepVersions": 1, "project""#))
    try repository.write(0, answer: 5)
    let tidy = try await repository.run("deploy", "--all-at-once")
    #expect(tidy.exit == .code(0), "\(tidy.errors)")
    #expect(tidy.errors.contains("deleted old versions: 4"), "\(tidy.errors)")
    await repository.stop()
  }
}
