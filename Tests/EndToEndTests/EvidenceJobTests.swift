import Core
import TestSupport
import Testing

@Suite("What a release goes by besides errors, with the built binary against the sandbox", .serialized)
struct EvidenceJobTests {
  /// Lays keys over the environment of the shop's `lamctl.json`.
  private func configure(_ shop: Shop, _ members: String) throws {
    let text = try shop.folder.read("lamctl.json")
    let old = #""alias": "prod","#
    try #require(text.contains(old))
    try shop.folder.write("lamctl.json", text.replacing(old, with: "\(old) \(members),"))
  }

  @Test("hooks run in the root with what they need to know; one that fails ends the release with 13")
  func hooks() async throws {
    let shop = try await Shop()
    let script =
      #"printf '%s|%s|%s|%s' \"$LAMCTL_HOOK\" \"$LAMCTL_FUNCTIONS\" \"$LAMCTL_TO_VERSIONS\" \"$LAMCTL_ALIAS\" > $LAMCTL_HOOK.txt; "#
      + #"echo endpoint $AWS_ENDPOINT_URL"#
    try configure(
      shop,
      #""hooks": {"beforeTraffic": ["sh", "-c", "\#(script)"], "afterTraffic": ["sh", "-c", "\#(script)"]}"#)
    let first = try await shop.run("deploy")
    #expect(first.exit == .code(0), "\(first.errors)")
    for moment in ["beforeTraffic", "afterTraffic"] {
      #expect(try shop.folder.read("\(moment).txt") == "\(moment)|basket ordering product|1 1 1|prod")
      #expect(first.errors.contains("\(moment): endpoint http://127.0.0.1:"), "\(first.errors)")
    }

    let text = try shop.folder.read("lamctl.json")
    try shop.folder.write("lamctl.json", text.replacing("printf", with: "echo not today; exit 3; printf"))
    try shop.edit("ordering/index.js", "UNPAID_HOURS = 48", "UNPAID_HOURS = 72")
    let second = try await shop.run("deploy", "--canary", "10%")
    #expect(second.exit == .code(13), "\(second.errors)")
    #expect(second.errors.contains("beforeTraffic: not today"))
    #expect(second.errors.contains("the beforeTraffic hook sh failed: it ended with exit code 3"))
    #expect(try await shop.status("ordering")["weights"] == ["1": 1])
  }

  @Test("an alarm that does not exist, and a dead-man switch without a role, are errors before any traffic")
  func refused() async throws {
    for (member, says) in [
      (#""alarms": ["shop-5xx"]"#, "CloudWatch has no alarm shop-5xx"),
      (#""deadMan": {"role": "lamctl"}"#, "'lamctl' is no role: write its ARN"),
      (
        #""deadMan": {"role": "arn:aws:iam::123456789012:role/lamctl", "after": "1m"}"#,
        "\"after\" is 1m, and a living run may not be heard of for 5m"
      ),
    ] {
      let shop = try await Shop()
      let text = try shop.folder.read("lamctl.json")
      try shop.folder.write(
        "lamctl.json", text.replacing(#""bake": "10m""#, with: #""bake": "10m", \#(member)"#))
      let run = try await shop.run("deploy")
      #expect(run.exit == .code(65), "\(run.errors)")
      #expect(run.errors.contains(says), "\(run.errors)")
      try shop.folder.write("lamctl.json", text)
      #expect(try await shop.status("ordering")["state"] == "absent")
    }
  }

  @Test("a release that is taken back tells what the new version logged and cost")
  func explained() async throws {
    let shop = try await Shop()
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.breakOrdering()
    let bad = try await shop.run("deploy", "--canary", "10%", "--json")
    #expect(bad.exit == .code(10), "\(bad.errors)")
    let errors = try #require(try bad.function("ordering")["errors"]?.array)
    #expect(errors.count == 1, "\(errors)")
    #expect(errors.first?["message"] == "Error: the warehouse does not answer")
    #expect(errors.first?["count"]?.int ?? 0 >= 3)
    #expect(try bad.function("ordering")["cost"]?["canary"]?["memorySize"] == 256)
  }
}
