import Core
import Testing

@testable import lamctl

@Suite("What cannot be understood")
struct UsageErrorTests {
  private static let deploys: [(String, message: String, fix: String?)] = [
    ("--canry 10%", "unknown option '--canry' of deploy", "did you mean '--canary'?"),
    ("-region x", "unknown option '-region' of deploy", "did you mean '--region'?"),
    ("-n", "unknown option '-n' of deploy", "'lamctl help deploy' lists the options"),
    ("--xyzzyplugh=1", "unknown option '--xyzzyplugh' of deploy", "'lamctl help deploy' lists the options"),
    ("--canary", "'--canary' needs a value", "write --canary W[:T]"),
    ("--canary --json", "'--canary' needs a value", "write --canary W[:T]"),
    ("--bake 5m --bake 6m", "'--bake' is given twice", "give it once"),
    ("--region=", "--region: the value is empty", nil),
    ("--canary 10% --linear 5%:1m", "'--canary' and '--linear' exclude one another", "give only one of them"),
    (
      "--blue-green --all-at-once", "'--blue-green' and '--all-at-once' exclude one another",
      "give only one of them"
    ),
    (
      "--sandbox --endpoint-url http://x", "'--sandbox' and '--endpoint-url' exclude one another",
      "give only one of them"
    ),
    ("--quiet --verbose", "'--quiet' and '--verbose' exclude one another", "give only one of them"),
    (
      "prod staging", "unexpected argument 'staging' of deploy",
      "usage: lamctl deploy [ENVIRONMENT] [options]"
    ),
    ("prod canary", "unexpected argument 'canary' of deploy", "did you mean '--canary'?"),
    (
      "--json --events -", "'--json' and '--events -' both want stdout",
      "write the events to a file: --events FILE"
    ),
    (
      "--speed 60 --endpoint-url https://lambda.eu-west-1.amazonaws.com",
      "'--speed' is only for an endpoint on this machine, and https://lambda.eu-west-1.amazonaws.com is none",
      "leave '--speed' out, or rehearse with '--sandbox'"
    ),
    ("--speed fast", "--speed: 'fast' is no pace: write a number from 0.001 to 100000", nil),
    ("--speed 1e300", "--speed: '1e300' is no pace: write a number from 0.001 to 100000", nil),
    ("--speed 1e-300", "--speed: '1e-300' is no pace: write a number from 0.001 to 100000", nil),
    ("--speed nan", "--speed: 'nan' is no pace: write a number from 0.001 to 100000", nil),
    (
      "--parallel 99999999", "--parallel: 99999999 requests at once are too many",
      "write a number from 1 to 256; AWS's rates allow no more than a few anyway"
    ),
    ("--parallel 9223372036854775807", "--parallel: '9223372036854775807' is more than 1000000000", nil),
    (
      "--canary 10%:99999999999999999999d",
      "--canary: '99999999999999999999d' is longer than a year: write at most 366d", nil
    ),
    ("--bake 9e9d", "--bake: '9e9d' is not a time: write for example 90s, 5m or 1h", nil),
    ("--timeout 400d", "--timeout: '400d' is longer than a year: write at most 366d", nil),
    (
      "--endpoint-url htp//user:secretpw@host",
      "--endpoint-url: 'htp//***@host' is not a URL: write for example http://127.0.0.1:4566", nil
    ),
    ("--parallel 0", "--parallel: '0' is not a whole number above 0", nil),
    ("--timeout 0s", "--timeout: a wait of 0s cannot succeed", "write for example 5m"),
    (
      "--endpoint-url localhost:1",
      "--endpoint-url: 'localhost:1' is not a URL: write for example http://127.0.0.1:4566", nil
    ),
    ("--json=maybe", "--json: 'maybe' is none of: true, false, 1, 0", nil),
    ("--on-interrupt stop", "--on-interrupt: 'stop' is none of: rollback, leave", nil),
    ("--linear 10%", "--linear: '10%' has no time: write for example 10%:5m", nil),
    ("--canary 100%:5m", "--canary: '100%:5m': 100% has no time of its own, it is the bake", nil),
    ("--canary 10%:0s", "--canary: '10%:0s' takes no time: write for example 10%:5m", nil),
    ("--canary 10%:5", "--canary: '5' has no unit: write 5s, 5m or 5h", nil),
    ("--bake 300", "--bake: '300' has no unit: write 300s, 300m or 300h", nil),
    (
      "--canary 101%",
      "--canary: '101%' is not a share of traffic: write at least 0.1% and at most 100%, such as 10% or 0.5%",
      nil
    ),
    (
      "--steps 10%:5m,5%:5m",
      "--steps: '10%:5m,5%:5m' is not a list of steps: weights must rise; write for example 1%:5m,10%:10m,50%:10m",
      nil
    ),
  ]

  @Test("an error of deploy names the argument and what to write", arguments: deploys)
  func deploy(arguments: String, message: String, fix: String?) {
    #expect(usageError(DeployCommand.self, arguments) == UsageError(message: message, fix: fix))
  }

  @Test(
    "rollback refuses what is no version, commit or release",
    arguments: [
      "$LATEST", "0", "041", "abc", "HEAD~1", "2026-11-21T05:49:00Z", "20261121T054900Z",
    ])
  func rollbackTarget(text: String) {
    #expect(
      usageError(RollbackCommand.self, "--to \(text)")?.message.hasPrefix("--to: '\(text)' is no version")
        == true)
  }

  @Test(
    "sandbox refuses what is no rate",
    arguments: [
      "orders", "orders=20", "orders=0/s", "orders=-1/s", "orders=20/d", "=20/s", "orders=nan/s",
      "orders=1/s/s",
    ])
  func traffic(text: String) {
    #expect(
      usageError(SandboxCommand.self, "--traffic \(text)")?.message
        == "--traffic: '\(text)' is not a rate of traffic: write for example orders=20/s or orders=300/m; "
        + "10,000 a second are the most")
  }

  @Test(
    "judge takes either a file, or a period and what belongs to it",
    arguments: [
      ("prod --input -", "'--input' says all there is to judge"),
      ("--input a.json --since 2h", "'--input' says all there is to judge"),
      ("--compare 41..42", "'--compare' needs a period"),
      ("--until 1h", "'--until' needs a period"),
      (
        "--since 2h --compare 41",
        "--compare: '41' is no pair of versions: write for example 41..42, the older one first"
      ),
      (
        "--since 2h --compare 41...42",
        "--compare: '41...42' is no pair of versions: write for example 41..42, the older one first"
      ),
      ("--since 2h --compare 7..7", "--compare: '7..7' is the same version twice"),
      (
        "--since yesterday",
        "--since: 'yesterday' is no moment of the past: write for example 2h, or 2026-11-21T05:49:00Z"
      ),
    ])
  func judge(arguments: String, message: String) {
    #expect(usageError(JudgeCommand.self, arguments)?.message == message)
  }

  @Test("a sandbox wants a port that exists")
  func requirements() {
    #expect(usageError(SandboxCommand.self, "--port 65536")?.message == "--port: 65536 is not a port")
  }

  @Test(
    "an endpoint is on this machine only by a loopback address",
    arguments: [
      ("http://127.0.0.1:4566", true), ("http://localhost:1/x", true), ("http://[::1]:80", true),
      ("https://127.8.9.10", true), ("http://user@localhost", true),
      ("http://127.0.0.1.example.com", false), ("http://localhost.example.com", false),
      ("http://localhost@example.com", false), ("http://10.0.0.1", false), ("http://[::2]", false),
      ("http://example.com/localhost", false), ("http://example.com?@localhost", false), ("localhost", false),
      ("http://127.0.0.256", false),
    ])
  func loopback(url: String, expected: Bool) {
    #expect(GlobalOptions.isLoopback(url) == expected)
  }
}
