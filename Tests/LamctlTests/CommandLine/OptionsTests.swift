import Core
import Testing

@testable import lamctl

@Suite("The options of each command")
struct OptionsTests {
  private struct Case<Options: Command>: Sendable, CustomTestStringConvertible {
    let arguments: String
    let change: @Sendable (inout Options) throws -> Void

    init(_ arguments: String, _ change: @escaping @Sendable (inout Options) throws -> Void) {
      self.arguments = arguments
      self.change = change
    }

    var testDescription: String { "\(Options.name) \(arguments)" }

    func check() throws {
      var expected = Options()
      try change(&expected)
      #expect(try parse(Options.self, arguments) == expected)
    }
  }

  private static let deploys: [Case<DeployCommand>] = [
    Case("") { _ in },
    Case("prod") { $0.environment = "prod" },
    Case("prod --canary 10%") {
      $0.environment = "prod"
      $0.release.rollout.strategy = .canary(try Weight(parsing: "10%"), nil)
    },
    Case("--canary=0.5%:90s prod") {
      $0.environment = "prod"
      $0.release.rollout.strategy = .canary(try Weight(parsing: "0.5%"), .seconds(90))
    },
    Case("--canary 10") { $0.release.rollout.strategy = .canary(try Weight(parsing: "10%"), nil) },
    Case("--linear 20%:5m") {
      $0.release.rollout.strategy = .linear(try Weight(parsing: "20%"), .minutes(5))
    },
    Case("--steps 1%:5m,pause,50%:10m") {
      $0.release.rollout.strategy = .steps(try StepPlan(parsing: "1%:5m,pause,50%:10m"))
    },
    Case("--blue-green") { $0.release.rollout.strategy = .blueGreen },
    Case("--all-at-once=1") { $0.release.rollout.strategy = .allAtOnce },
    Case("--blue-green=false --canary 5%") {
      $0.release.rollout.strategy = .canary(try Weight(parsing: "5%"), nil)
    },
    Case("--bake 1h30m --only orders* --only !orders-test") {
      $0.release.rollout.bake = .minutes(90)
      $0.release.only = ["orders*", "!orders-test"]
    },
    Case("--dry-run --code-only --take-over --retry --no-promote --create --force-branch --detach") {
      $0.detach = true
      $0.dryRun = true
      $0.release.codeOnly = true
      $0.release.rollout.takeOver = true
      $0.release.retry = true
      $0.release.rollout.noPromote = true
      $0.release.create = true
      $0.forceBranch = true
    },
    Case("--update-latest --refuse-drift") {
      $0.release.updateLatest = true
      $0.release.rollout.drift = .refuse
    },
    Case("--restore-drift") { $0.release.rollout.drift = .restore },
    Case("--allow-older --cut-description") {
      $0.release.allowOlder = true
      $0.release.cutDescription = true
    },
    Case("--ignore tools") { $0.release.deferral = .tools },
    Case("--wait-lock 30m") { $0.waitLock = .minutes(30) },
    Case("--dry-run --dry-run=false") { _ in },
    Case("--on-interrupt leave --on-low-traffic promote-if-smoked") {
      $0.release.rollout.onInterrupt = .leave
      $0.release.rollout.onLowTraffic = .promoteIfSmoked
    },
    Case("-- --odd") { $0.environment = "--odd" },
    Case("--region eu-west-1 --profile p --config c.json --parallel 4 --timeout 10m --events -") {
      $0.globals.region = "eu-west-1"
      $0.globals.profile = "p"
      $0.globals.config = "c.json"
      $0.globals.parallel = 4
      $0.globals.timeout = .minutes(10)
      $0.globals.events = "-"
    },
    Case("--endpoint-url http://127.0.0.1:4566 --speed 60 --verbose --no-color --json") {
      $0.globals.endpointURL = "http://127.0.0.1:4566"
      $0.globals.speed = 60
      $0.globals.verbose = true
      $0.globals.noColor = true
      $0.globals.json = true
    },
    Case("--sandbox --speed=0.5 --quiet") {
      $0.globals.sandbox = true
      $0.globals.speed = 0.5
      $0.globals.quiet = true
    },
  ]

  @Test("deploy takes each strategy, filter and switch", arguments: deploys)
  private func deploy(_ item: Case<DeployCommand>) throws { try item.check() }

  private static let rollbacks: [Case<RollbackCommand>] = [
    Case("prod") { $0.environment = "prod" },
    Case("prod --to 41 --only orders") {
      $0.environment = "prod"
      $0.target = .version("41")
      $0.only = ["orders"]
    },
    Case("--yes") { $0.yes = true },
    Case("--function shop-orders --function shop_users --alias live") {
      $0.direct.functions = [try LambdaName(argument: "shop-orders"), try LambdaName(argument: "shop_users")]
      $0.direct.alias = "live"
    },
    Case("--to 3F2A1C9") { $0.target = .commit("3f2a1c9") },
    Case("--to 1234567") { $0.target = .commit("1234567") },
    Case("--to 123456") { $0.target = .version("123456") },
    Case("--to 20261121T054900Z-3f2a1c9") { $0.target = .release("20261121T054900Z-3f2a1c9") },
  ]

  @Test("rollback goes to a version, a commit or a release", arguments: rollbacks)
  private func rollback(_ item: Case<RollbackCommand>) throws { try item.check() }

  private static let sandboxes: [Case<SandboxCommand>] = [
    Case("") { _ in },
    Case("--port 4566 --strict --speed 10") {
      $0.port = 4566
      $0.strict = true
      $0.globals.speed = 10
    },
    Case("--traffic orders=20/s --traffic users=30/m --fault GetAlias=error:0.1 --fault Invoke=slow:2s") {
      $0.traffic = [
        TrafficRate(function: "orders", perSecond: 20), TrafficRate(function: "users", perSecond: 0.5),
      ]
      $0.faults = ["GetAlias=error:0.1", "Invoke=slow:2s"]
    },
  ]

  @Test("sandbox takes traffic and faults several times", arguments: sandboxes)
  private func sandbox(_ item: Case<SandboxCommand>) throws { try item.check() }

  @Test("what goes on with a rollout takes the options of the deploy that began it")
  func rollouts() throws {
    var options = RolloutOptions()
    options.strategy = .canary(try Weight(parsing: "10%"), nil)
    options.bake = .minutes(5)
    options.takeOver = true
    options.onLowTraffic = .hold
    let words = "--canary 10% --bake 5m --take-over --on-low-traffic hold"
    #expect(try parse(PromoteCommand.self, words)?.rollout == options)
    #expect(try parse(TickCommand.self, words)?.rollout == options)
    options.onInterrupt = .leave
    options.noPromote = true
    let resume = try parse(ResumeCommand.self, "prod --only a \(words) --on-interrupt leave --no-promote")
    #expect(resume?.rollout == options)
    #expect(resume?.environment == "prod")
    #expect(resume?.only == ["a"])
    #expect(usageError(PromoteCommand.self, "--no-promote") != nil)
    #expect(usageError(AbortCommand.self, "--canary 10%") != nil)
    #expect(try parse(AbortCommand.self, "prod --only a")?.only == ["a"])
  }

  @Test("the small commands take what is theirs")
  func smallCommands() throws {
    var plan = PlanCommand()
    plan.environment = "prod"
    plan.detailedExitCode = true
    plan.release.only = ["a"]
    #expect(try parse(PlanCommand.self, "prod --detailed-exitcode --only a") == plan)
    var list = ListCommand()
    list.explain = true
    #expect(try parse(ListCommand.self, "--explain") == list)
    var status = StatusCommand()
    status.only = ["a", "!b"]
    #expect(try parse(StatusCommand.self, "--only a --only=!b") == status)
    var judge = JudgeCommand()
    judge.input = "-"
    #expect(try parse(JudgeCommand.self, "--input -") == judge)
    judge = JudgeCommand()
    judge.environment = "prod"
    judge.since = .at(Timestamp(seconds: 1795240140))
    judge.until = .ago(.minutes(90))
    judge.compare = try VersionPair(argument: "41..42")
    #expect(
      try parse(
        JudgeCommand.self, "prod --since 2026-11-21T05:49:00Z --until 1h30m --compare 41..42") == judge)
    var prune = PruneCommand()
    prune.keep = 5
    prune.dryRun = true
    #expect(try parse(PruneCommand.self, "--keep 5 --dry-run") == prune)
    var versions = VersionsCommand()
    versions.last = 3
    #expect(try parse(VersionsCommand.self, "--last 3") == versions)
  }

  @Test(
    "the steps of a strategy",
    arguments: [
      ("--canary 10%", "10%:10m"), ("--canary 10%:1m", "10%:1m"), ("--linear 25%:5m", "25%:5m,50%:5m,75%:5m"),
      ("--linear 30%:1m", "30%:1m,60%:1m,90%:1m"), ("--linear 60%:1m", "60%:1m"), ("--blue-green", "100%"),
      ("--linear 33.4%:1m", "33.4%:1m,66.8%:1m"), ("--linear 50%:1m", "50%:1m"),
      ("--linear 33.333%:1m", "33.33%:1m,66.66%:1m,99.99%:1m"),
      ("--steps 1%:5m,50%:1m", "1%:5m,50%:1m"),
    ])
  func plans(arguments: String, steps: String) throws {
    let deploy = try #require(try parse(DeployCommand.self, arguments))
    #expect(try deploy.release.rollout.strategy?.plan(defaultTime: .minutes(10)).description == steps)
  }
}
