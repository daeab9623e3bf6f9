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
    let line = NextCommand(globals: deploy.globals, rollout: deploy.release.rollout.words).promote("prod")
    #expect(line == expected)
    let promote = try #require(
      try parse(PromoteCommand.self, String(line.dropFirst("lamctl promote ".count))))
    #expect(promote.environment == "prod")
    #expect(promote.rollout.strategy == deploy.release.rollout.strategy)
    #expect(promote.rollout.bake == deploy.release.rollout.bake)
    #expect(promote.rollout.onLowTraffic == deploy.release.rollout.onLowTraffic)
    #expect(promote.globals.sandbox == deploy.globals.sandbox)
    #expect(promote.globals.config == deploy.globals.config)
  }

  @Test("resume also ends before the promotion where that was asked for")
  func resumption() throws {
    let deploy = try #require(
      try parse(DeployCommand.self, "--canary 10% --no-promote --detach --on-interrupt leave"))
    let line = NextCommand(
      globals: deploy.globals, rollout: deploy.release.rollout.words,
      endsHeld: deploy.release.rollout.noPromote
    ).resume("prod")
    #expect(line == "lamctl resume prod --canary 10% --on-interrupt leave --no-promote")
    let resume = try #require(try parse(ResumeCommand.self, String(line.dropFirst("lamctl resume ".count))))
    #expect(resume.rollout == deploy.release.rollout)
  }

  @Test("functions that are known by their names stay so, and a word of several is quoted")
  func names() throws {
    var globals = GlobalOptions()
    globals.config = "my shop/it's.json"
    let abort = try #require(
      try parse(AbortCommand.self, "prod --function shop-orders --function shop-users --alias live"))
    #expect(
      NextCommand(globals: globals, environment: "prod", direct: abort.direct.words).line("abort", "prod")
        == #"lamctl abort prod --function shop-orders --function shop-users --alias live --config 'my shop/it'\''s.json'"#
    )
  }

  @Test(
    "a command in a sentence is told what the run was told, behind its name and its bare words",
    arguments: [
      (
        "look at lamctl status, and run lamctl rollback",
        "look at lamctl status prod --config c.json --sandbox, and run lamctl rollback prod --config c.json --sandbox"
      ),
      ("lamctl plan prod says it", "lamctl plan prod --config c.json --sandbox says it"),
      (
        "move it with lamctl rollback --to",
        "move it with lamctl rollback prod --config c.json --sandbox --to"
      ),
      ("'lamctl list' names them", "'lamctl list prod --config c.json' names them"),
      (
        "lamctl alias delete debug deletes it",
        "lamctl alias delete debug prod --config c.json --sandbox deletes it"
      ),
      ("lamctl preview list names them", "lamctl preview list --config c.json --sandbox names them"),
      ("lamctl invoke FUNCTION", "lamctl invoke prod FUNCTION --config c.json --sandbox"),
      ("lamctl report --input FILE", "lamctl report --config c.json --sandbox --input FILE"),
      ("lamctl sandbox --upstream URL", "lamctl sandbox --config c.json --upstream URL"),
      ("'lamctl help' lists the commands", "'lamctl help' lists the commands"),
      ("lamctl resume goes on", "lamctl resume prod --config c.json --sandbox --canary 5% goes on"),
      // No command to type.
      ("lamctl did not set it; a later lamctl wrote it", "lamctl did not set it; a later lamctl wrote it"),
      ("lamctl deploy: progress", "lamctl deploy: progress"),
      ("./lamctl-tool and my-lamctl status", "./lamctl-tool and my-lamctl status"),
      ("lamctl planned it", "lamctl planned it"),
      ("lamctl rollback --function NAME --alias ALIAS", "lamctl rollback prod --function NAME --alias ALIAS"),
    ])
  func prose(prose: String, expected: String) throws {
    var next = NextCommand(environment: "prod", rollout: ["--canary", "5%"])
    next.globals.config = "c.json"
    next.globals.sandbox = true
    #expect(next.spelled(prose, in: Lamctl.table) == expected)
    #expect(next.spelled(expected, in: Lamctl.table) == expected, "a second time changes nothing")
  }

  @Test("what is made here is whole in a sentence, also in Markdown")
  func whole() {
    var next = NextCommand(environment: "my_prod", rollout: ["--steps", "1%:5m,pause"], endsHeld: true)
    next.globals.config = "a_b.json"
    for line in [next.line("status", "my_prod"), next.promote("my_prod"), next.resume("my_prod")] {
      #expect(next.spelled("run \(line).", in: Lamctl.table) == "run \(line).")
      let code = Markdown.code(line)
      #expect(next.spelled(code, in: Lamctl.table) { Markdown.escaped($0) } == code)
    }
    #expect(
      next.spelled("lamctl status shows it", in: Lamctl.table) { Markdown.escaped($0) }
        == #"lamctl status my\_prod --config a\_b.json shows it"#)
  }

  @Test("functions that are named go with the commands that take them, and need no environment then")
  func direct() {
    let next = NextCommand(direct: ["--function", "f", "--alias", "live"])
    #expect(
      next.spelled("lamctl status or lamctl plan", in: Lamctl.table)
        == "lamctl status --function f --alias live or lamctl plan")
    #expect(next.line("abort", "live") == "lamctl abort --function f --alias live")
  }

  @Test("documents are told so in what they advise, and in nothing that a function has said")
  func documents() {
    let document: JSON = [
      "error": ["message": "m", "fix": "lamctl status"], "payload": ["error": "lamctl status"],
      "log": ["lamctl status"], "functions": [["error": ["message": "lamctl plan", "fix": .null]]],
    ]
    let spelled = document.spelling { $0.replacing("lamctl", with: "L") }
    #expect(
      spelled == [
        "error": ["message": "m", "fix": "L status"], "payload": ["error": "lamctl status"],
        "log": ["lamctl status"], "functions": [["error": ["message": "L plan", "fix": .null]]],
      ])
  }
}
