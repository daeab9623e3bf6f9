import Core
import TestSupport
import Testing

@testable import AWSClient
@testable import Release

@Suite("What must hold before a canary gets traffic")
struct PreflightRuleTests {
  private func facts(
    stable: JSONObject = JSONObject(), new: JSONObject = JSONObject(), heaviest: Double? = 0.1,
    reserved: Int? = nil, provisioned: Int? = nil, traffic: HourOfTraffic? = nil
  ) -> PreflightFacts {
    var serving = JSONObject([("Version", "41"), ("Role", "arn:role")])
    for (key, value) in stable.members { serving[key] = value }
    return PreflightFacts(
      name: FunctionName(function: "orders", functionName: "shop-orders"), alias: "prod",
      stable: FunctionConfiguration(serving),
      next: NextVersion(
        PublishedVersion(
          version: "42", codeSHA256: "", packageDigest: nil, wasThere: false,
          role: new["Role"]?.string ?? "arn:role", deadLetterTarget: new["DeadLetter"]?.string,
          usesSnapStart: new["SnapStart"] != nil, isAsleep: false)),
      heaviest: heaviest.flatMap { Weight(fraction: $0) }, reserved: reserved,
      provisioned: provisioned.map {
        ProvisionedConcurrency(requested: $0, available: $0, allocated: $0, status: "READY")
      }, traffic: traffic)
  }

  private func hour(_ invocations: Int, through: Int, most: Int = 0) -> HourOfTraffic {
    HourOfTraffic(invocations: invocations, throughAlias: through, mostConcurrent: most)
  }

  /// One thing that is wrong, and the words of the only finding.
  struct Trouble: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let stable: JSONObject
    let new: JSONObject
    var provisioned: Int?
    let words: String
  }

  private static let troubles = [
    Trouble(
      testDescription: "$LATEST", stable: JSONObject([("Version", "$LATEST")]), new: JSONObject(),
      words: "names $LATEST"),
    Trouble(
      testDescription: "roles", stable: JSONObject(), new: JSONObject([("Role", "arn:other")]),
      words: "different execution roles"),
    Trouble(
      testDescription: "dead letters", stable: JSONObject(), new: JSONObject([("DeadLetter", "arn:queue")]),
      words: "different dead-letter targets"),
    Trouble(
      testDescription: "provisioned", stable: JSONObject(), new: JSONObject(), provisioned: 5,
      words: "has provisioned concurrency (5)"),
  ]

  @Test(
    "what Lambda does not weigh is refused in steps, and none of it matters all at once", arguments: troubles)
  func weights(trouble: Trouble) throws {
    let stepped = Preflight.findings(
      facts(stable: trouble.stable, new: trouble.new, provisioned: trouble.provisioned))
    #expect(stepped.map(\.severity) == [.refusal])
    let finding = try #require(stepped.first)
    #expect(finding.rule.contains(trouble.words), "\(finding)")
    #expect(finding.fix.contains("--all-at-once"), "\(finding)")
    let atOnce = facts(
      stable: trouble.stable, new: trouble.new, heaviest: nil, provisioned: trouble.provisioned)
    #expect(Preflight.findings(atOnce) == [])
  }

  @Test(
    "SnapStart beside provisioned concurrency is refused however the traffic moves", arguments: [0.1, nil])
  func snapStart(heaviest: Double?) {
    let findings = Preflight.findings(
      facts(new: JSONObject([("SnapStart", true)]), heaviest: heaviest, provisioned: 2))
    #expect(findings.map(\.severity) == [.refusal])
    #expect(findings.first?.rule.contains("uses SnapStart") == true)
  }

  @Test(
    "traffic past the alias is told of from 10 invocations and 5 % on",
    arguments: [
      (1000, 1000, nil), (1000, 951, nil), (1000, 950, nil), (1000, 900, "10 % of the invocations"),
      (20, 11, nil), (20, 10, "50 % of the invocations"), (29, 0, "100 % of the invocations"),
      (30, 0, "none of the 30 invocations"), (0, 0, nil), (10, 12, nil),
    ] as [(Int, Int, String?)])
  func bypass(all: Int, through: Int, words: String?) {
    let finding = Preflight.findings(facts(traffic: hour(all, through: through))).first
    #expect((finding == nil) == (words == nil), "\(String(describing: finding))")
    guard let finding, let words else { return }
    #expect(finding.severity == .warning)
    #expect(finding.rule.contains(words), "\(finding)")
    #expect(finding.fix.contains("prod"))
  }

  @Test(
    "the concurrency that is reserved must take both versions: the hour's most, and the canary's share on top"
  )
  func reserved() {
    let traffic = hour(0, through: 0, most: 100)
    #expect(Preflight.findings(facts(heaviest: 0.1, reserved: 110, traffic: traffic)) == [])
    let finding = Preflight.findings(facts(heaviest: 0.11, reserved: 110, traffic: traffic)).first
    #expect(finding?.severity == .warning)
    #expect(finding?.rule.contains("111 concurrent executions") == true)
    #expect(finding?.rule.contains("110 are reserved") == true)
  }

  @Test("a function that is switched off is told of, whatever its traffic")
  func switchedOff() {
    let finding = Preflight.findings(facts(reserved: 0)).first
    #expect(finding?.severity == .warning)
    #expect(finding?.rule.contains("reserved concurrency is 0") == true)
  }

  @Test("functions without a reservation share the account's concurrency")
  func unreserved() {
    let sharing = facts(heaviest: 0.5, traffic: hour(0, through: 0, most: 40))
    let apart = facts(heaviest: 0.5, reserved: 500, traffic: hour(0, through: 0, most: 300))
    #expect(Preflight.unreservedConcurrency([sharing, sharing, apart], unreserved: 120) == nil)
    let finding = Preflight.unreservedConcurrency([sharing, sharing, apart], unreserved: 119)
    #expect(finding?.severity == .warning)
    #expect(finding?.rule.contains("need 120 concurrent executions") == true)
    #expect(finding?.rule.contains("(80 in the last hour)") == true)
  }

  @Test("weights beside provisioned concurrency are Lambda's own", arguments: ["IN_PROGRESS", "FAILED", nil])
  func movingConcurrency(status: String?) throws {
    let alias = AliasConfiguration(
      name: "prod", aliasARN: "", functionVersion: "42", weights: ["41": 0.4], description: "", revisionID: ""
    )
    let provisioned = status.map {
      ProvisionedConcurrency(
        requested: 1, available: 0, allocated: 0, status: $0, statusReason: "init failed")
    }
    let finding = try #require(
      Preflight.foreignWeights(alias, provisioned: provisioned, function: "orders"))
    #expect(finding.severity == .refusal)
    switch status {
    case nil: #expect(finding.rule.contains("weights that lamctl did not set (version 41 at 40 %)"))
    case "FAILED": #expect(finding.rule.contains("init failed"))
    default: #expect(finding.rule.contains("still moving"))
    }
  }

  @Test("a version that had failed before is not taken for this run's failure")
  func broken() {
    let failed = FunctionConfiguration(
      JSONObject([("Version", "42"), ("State", "Failed"), ("StateReason", "no such subnet")]))
    let finding = Preflight.broken(failed, wasThere: true, function: "orders")
    #expect(finding?.rule.contains("no such subnet") == true)
    #expect(finding?.fix.contains("delete version 42") == true)
    #expect(Preflight.broken(failed, wasThere: false, function: "orders") == nil)
  }

  @Test(
    "a function that is made has a role, which only a rehearsal may infer",
    arguments: [
      (#"{"Role": "arn:a"}"#, "{}", [], []), ("{}", "{}", ["which execution role it is to have"], []),
      ("{}", #"{"Role": "arn:a"}"#, [], ["AWS would refuse it"]),
      (#"{"Role": "arn:a"}"#, #"{"Role": "arn:b"}"#, [], []),
    ] as [(String, String, [String], [String])])
  func role(stated: String, inferred: String, refusals: [String], warnings: [String]) throws {
    let input = FunctionInput(
      function: "orders", functionName: "shop-orders", sourceDigest: "", configurationDigest: "",
      configuration: FunctionSettings(
        try #require(try JSON(parsing: stated).object),
        inferred: try #require(try JSON(parsing: inferred).object)),
      mayCreate: true)
    let plan = FunctionPlan(input: input, deployed: .missing, change: .create, reasons: [], drift: .none)
    let refused = [Preflight.creation(plan)].compactMap { $0 }
    #expect(refused.count == refusals.count)
    for (finding, words) in zip(refused, refusals) { #expect(finding.rule.contains(words), "\(finding)") }
    let told = Preflight.inferences(plan)
    #expect(told.map(\.severity) == warnings.map { _ in .warning })
    for (finding, words) in zip(told, warnings) { #expect(finding.rule.contains(words), "\(finding)") }
  }
}
