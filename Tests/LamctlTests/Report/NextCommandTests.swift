import Core
import Testing

@testable import lamctl

@Suite("The commands that a result names as the way on")
struct NextCommandTests {
  @Test(
    "say again where, and how the traffic moves, and mean the same to the command that they name",
    arguments: [
      ("deploy prod", "lamctl promote prod"),
      (
        "deploy prod --steps 50%:3m,pause,60%:3m --bake 1m",
        "lamctl promote prod --steps 50%:3m,pause,60%:3m --bake 1m"
      ),
      ("deploy --canary 10 --no-promote", "lamctl promote prod --canary 10%"),
      ("deploy --canary 0.5%:90s --per-function", "lamctl promote prod --canary 0.5%:1m30s"),
      ("deploy --linear 20%:5m", "lamctl promote prod --linear 20%:5m"),
      ("deploy --blue-green", "lamctl promote prod --blue-green"),
      ("deploy --all-at-once", "lamctl promote prod --all-at-once"),
      (
        "deploy --sandbox --speed 30 --on-interrupt leave --on-low-traffic hold",
        "lamctl promote prod --sandbox --speed 30 --on-interrupt leave --on-low-traffic hold"
      ),
      (
        "deploy --config c/x.json --region eu-west-1 --profile p --quiet --json --events e --parallel 4",
        "lamctl promote prod --config c/x.json --region eu-west-1 --profile p"
      ),
      (
        "deploy --endpoint-url http://127.0.0.1:4566",
        "lamctl promote prod --endpoint-url http://127.0.0.1:4566"
      ),
    ])
  func promotion(deploy: String, expected: String) throws {
    let deploy = try #require(try parse(DeployCommand.self, String(deploy.dropFirst(7))))
    let line = NextCommand(globals: deploy.globals, rollout: deploy.rollout.words).promote("prod")
    #expect(line == expected)
    let promote = try #require(
      try parse(PromoteCommand.self, String(line.dropFirst("lamctl promote ".count))))
    #expect(promote.environment == "prod")
    #expect(promote.rollout.strategy == deploy.rollout.strategy)
    #expect(promote.rollout.bake == deploy.rollout.bake)
    #expect(promote.rollout.onLowTraffic == deploy.rollout.onLowTraffic)
    #expect(promote.globals.sandbox == deploy.globals.sandbox)
    #expect(promote.globals.config == deploy.globals.config)
  }

  @Test("resume also ends before the promotion where that was asked for")
  func resumption() throws {
    let deploy = try #require(
      try parse(DeployCommand.self, "--canary 10% --no-promote --detach --on-interrupt leave"))
    let line = NextCommand(
      globals: deploy.globals, rollout: deploy.rollout.words, endsHeld: deploy.rollout.noPromote
    ).resume("prod")
    #expect(line == "lamctl resume prod --canary 10% --on-interrupt leave --no-promote")
    let resume = try #require(try parse(ResumeCommand.self, String(line.dropFirst("lamctl resume ".count))))
    #expect(resume.rollout == deploy.rollout)
  }

  @Test("functions that are known by their names stay so, and a word of several is quoted")
  func names() throws {
    var globals = GlobalOptions()
    globals.config = "my shop/it's.json"
    let abort = try #require(
      try parse(AbortCommand.self, "prod --function shop-orders --function shop-users --alias live"))
    #expect(
      NextCommand(globals: globals, direct: abort.direct).line("abort", "prod")
        == #"lamctl abort prod --function shop-orders --function shop-users --alias live --config 'my shop/it'\''s.json'"#
    )
  }
}
