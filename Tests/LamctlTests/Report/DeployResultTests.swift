import AWSClient
import Core
import Testing

@testable import Release
@testable import lamctl

/// Reports as runs leave them, without a run.
enum Reports {
  static func function(
    _ name: String, from: String? = "17", to: String? = "18", _ outcome: Outcome, change: Change = .code,
    serving: [String: Double] = [:]
  ) -> FunctionReport {
    var report = FunctionReport(
      function: name, functionName: "shop-\(name)", change: change,
      reasons: outcome == .unchanged ? [] : ["files: handler.py"], fromVersion: from,
      toVersion: outcome == .unchanged ? nil : to, codeSHA256: nil, digests: nil, outcome: outcome,
      serving: serving)
    report.isHeld = outcome == .held
    return report
  }

  static func report(
    _ outcome: Outcome, _ functions: [FunctionReport], error: ReleaseError? = nil
  ) -> ReleaseReport {
    var report = ReleaseReport(environment: "prod", alias: "prod")
    report.release = ReleaseID(parsing: "20261121T054900Z-3f2a1c9")
    report.outcome = outcome
    report.functions = functions
    report.error = error
    return report
  }

  /// What a run of GitHub Actions knows of itself.
  static func facts() async -> RunFacts {
    var world = World()
    world.environment = [
      "GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "7", "GITHUB_REPOSITORY": "acme/shop",
      "GITHUB_SHA": "3f2a1c9d41b2e5f6a7b8", "GITHUB_ACTOR": "maria", "GITHUB_REF": "refs/heads/main",
    ]
    return await RunFacts(root: "/nonexistent", in: world.context([]))
  }

  static func result(
    _ report: ReleaseReport, kind: DeployResult.Kind = .deploy, rollout: String = ""
  ) async throws -> DeployResult {
    let deploy = try #require(try parse(DeployCommand.self, rollout))
    return DeployResult(
      report: report, facts: await facts(), duration: .seconds(61.25), signal: nil, kind: kind,
      next: NextCommand(globals: deploy.globals, rollout: deploy.release.rollout.words))
  }
}

@Suite("What a run came to")
struct DeployResultTests {
  @Test(
    "the outputs of a rollback are what serves after it, and that it has changed",
    arguments: [DeployResult.Kind.rollback, .abort])
  func rollback(kind: DeployResult.Kind) async throws {
    let report = Reports.report(
      .rolledBack,
      [
        Reports.function(
          "catalog", from: "18", to: "17", .rolledBack, change: .none, serving: ["17": 1]),
        Reports.function("users", .unchanged, change: .none, serving: ["3": 1]),
      ])
    let outputs = try await Reports.result(report, kind: kind).outputs
    #expect(outputs.versions == ["catalog": "17"])
    #expect(outputs.changed == ["catalog"])
    #expect(outputs.outcome == "rolledBack")
  }

  @Test("the outputs of a deploy that was taken back, or held, name what has most of the traffic")
  func deploys() async throws {
    let back = Reports.report(.rolledBack, [Reports.function("catalog", .rolledBack, serving: ["17": 1])])
    #expect(try await Reports.result(back).outputs.versions == ["catalog": "17"])
    let held = Reports.report(
      .held, [Reports.function("catalog", .held, serving: ["17": 0.9, "18": 0.1])])
    #expect(try await Reports.result(held).outputs.versions == ["catalog": "17"])
  }

  @Test("a rollout that stands still names the commands that go on and end it, as they have to be typed")
  func held() async throws {
    let report = Reports.report(
      .held, [Reports.function("orders", .held, serving: ["17": 0.9, "18": 0.1])])
    let text = try await Reports.result(
      report, rollout: "prod --sandbox --steps 50%:3m,pause,60%:3m --bake 1m"
    ).text(style: .plain, limit: nil)
    #expect(
      text.hasSuffix(
        """
        orders    code    17->18   held     17: 90 %, 18: 10 %  files: handler.py
        Held 1 function in prod: the weights stay as they are.
        To go on: lamctl promote prod --sandbox --steps 50%:3m,pause,60%:3m --bake 1m
        To end it: lamctl abort prod --sandbox

        """))
    let left = Reports.report(
      .detached, [Reports.function("orders", .detached, serving: ["17": 0.9, "18": 0.1])])
    #expect(
      try await Reports.result(left, rollout: "--canary 10% --detach").text(style: .plain, limit: nil)
        .hasSuffix("To go on: lamctl resume prod --canary 10%\nTo end it: lamctl abort prod\n"))
    let done = Reports.report(.promoted, [Reports.function("orders", .promoted, serving: ["18": 1])])
    #expect(
      try await Reports.result(done).text(style: .plain, limit: nil)
        .hasSuffix("Promoted 1 function in prod after 61.3 s.\n"))
  }

  @Test("what could not be taken back in the middle of a step is gone on with by resume, not by promote")
  func stuck() async throws {
    var function = Reports.function("orders", .held, serving: ["17": 0.9, "18": 0.1])
    function.isHeld = false
    let text = try await Reports.result(Reports.report(.held, [function])).text(style: .plain, limit: nil)
    #expect(text.hasSuffix("To go on: lamctl resume prod\nTo end it: lamctl abort prod\n"))
  }

  @Test("a rollout that another run drives is left to it, and no command is advised")
  func driven() async throws {
    var function = Reports.function("orders", .unchanged, change: .none, serving: ["17": 0.9, "18": 0.1])
    function.driver = "ci-1"
    let result = try await Reports.result(Reports.report(.unchanged, [function]), kind: .takeover)
    #expect(result.sentence == "Another run drives the rollout in prod, and was left to it: ci-1.")
    #expect(result.exitCode == .done)
    #expect(!result.text(style: .plain, limit: nil).contains("To go on"))
  }

  @Test("what stays split after a rollback that failed is said where the traffic is")
  func stillSplit() async throws {
    let function = Reports.function(
      "orders", from: "18", to: "17", .failed, change: .none, serving: ["17": 0.9, "18": 0.1])
    let result = try await Reports.result(Reports.report(.failed, [function]), kind: .rollback)
    #expect(
      result.sentence
        == "Failed after 61.3 s; the traffic in prod is where it was, and more than one version serves: orders gives 17: 90 %, 18: 10 %."
    )
  }

  @Test("where somebody has moved an alias, a deploy that changes nothing does not call it as wanted")
  func moved() async throws {
    let record = RolloutRecord(
      release: try #require(ReleaseID(parsing: "20261121T054900Z-3f2a1c9")), state: .idle)
    var serving = record
    serving.stable = "17"
    let alias = AliasConfiguration(
      name: "prod", aliasARN: "", functionVersion: "17", weights: ["16": 0.3],
      description: serving.encoded().text, revisionID: "r")
    var function = Reports.function("orders", .unchanged, change: .none, serving: ["17": 0.7, "16": 0.3])
    function.moved = AliasSnapshot(alias).strayWeights
    let result = try await Reports.result(Reports.report(.unchanged, [function]))
    #expect(
      result.sentence
        == "Nothing changed in prod, and orders serves otherwise than lamctl has left it: somebody has moved the alias prod."
    )
    #expect(result.exitCode == .done)
    #expect(result.text(style: .plain, limit: nil).contains("17: 70 %, 16: 30 %"))
  }

  @Test("80 columns cut the reasons and never the outcome or what serves")
  func narrow() async throws {
    var long = Reports.function(
      "payments-refund-worker", .failed, serving: ["17": 0.9, "18": 0.1])
    long.reasons = ["files: handler.py, requirements.txt, lib/money.py and 12 more"]
    let lines = try await Reports.result(Reports.report(.failed, [long]))
      .text(style: .plain, limit: 80).split(separator: "\n")
    #expect(lines[1].count <= 80 && lines[1].contains("failed"))
  }

  @Test("a function that another one's failure has ended says whose")
  func bystander() async throws {
    var orders = Reports.function("orders", .failed)
    orders.failure = .quarantined(function: "orders", version: "18")
    let report = Reports.report(
      .failed, [Reports.function("create", from: nil, to: nil, .failed, change: .create), orders],
      error: orders.failure)
    let lines = try await Reports.result(report).text(style: .plain, limit: nil).split(separator: "\n")
    #expect(lines[1].hasSuffix("ended because of orders; files: handler.py"), "\(lines[1])")
    #expect(lines[2].hasSuffix(" files: handler.py") && !lines[2].contains("because"), "\(lines[2])")
  }

  @Test("a preview that failed its test is told to show what was published, beside its address")
  func failedPreview() async throws {
    var orders = Reports.function("orders", .failed)
    orders.url = "http://127.0.0.1:1/"
    var report = Reports.report(.failed, [orders])
    report.preview = PreviewPlace(name: "pr-1", until: Timestamp(seconds: 0), isScheduled: false)
    #expect(
      try await Reports.result(report, kind: .preview).sentence
        == "Failed after 61.3 s; what was published shows in the preview pr-1, and the traffic in prod is where it was."
    )
  }
}
