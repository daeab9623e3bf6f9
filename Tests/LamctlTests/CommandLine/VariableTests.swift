import Core
import Testing

@testable import lamctl

@Suite("LAMCTL_ variables")
struct VariableTests {
  @Test("a variable stands in for its option")
  func standsIn() throws {
    let deploy = try #require(
      try parse(
        DeployCommand.self, "",
        environment: [
          "LAMCTL_REGION": "eu-west-1", "LAMCTL_DRY_RUN": "true", "LAMCTL_CANARY": "10%:5m",
          "LAMCTL_JSON": "1",
          "LAMCTL_RETRY": "0", "LAMCTL_ONLY": "{a,b}*, !c",
        ]))
    #expect(deploy.globals.region == "eu-west-1")
    #expect(deploy.globals.json)
    #expect(deploy.dryRun)
    #expect(!deploy.release.retry)
    #expect(deploy.release.rollout.strategy == .canary(try Weight(parsing: "10%"), .minutes(5)))
    #expect(deploy.release.only == ["{a,b}*", "!c"])
  }

  @Test(
    "an argument wins over the variable, also one that excludes it",
    arguments: [
      ("--region us-east-1", ["LAMCTL_REGION": "eu-west-1"]),
      ("--dry-run=false --region us-east-1", ["LAMCTL_DRY_RUN": "true"]),
      ("--region us-east-1 --blue-green", ["LAMCTL_CANARY": "10%", "LAMCTL_LINEAR": "nonsense"]),
      ("--region us-east-1 --only b", ["LAMCTL_ONLY": "a"]),
      ("--region us-east-1 --sandbox", ["LAMCTL_ENDPOINT_URL": "http://x"]),
    ])
  func argumentsWin(arguments: String, environment: [String: String]) throws {
    let expected = try parse(DeployCommand.self, arguments)
    #expect(try parse(DeployCommand.self, arguments, environment: environment) == expected)
  }

  @Test("an empty variable, and one of another command, is as good as none")
  func ignored() throws {
    let environment = ["LAMCTL_REGION": "", "LAMCTL_JSON": "", "LAMCTL_PORT": "x", "LAMCTL_VERSION": "7"]
    #expect(try parse(StatusCommand.self, "", environment: environment) == StatusCommand())
  }

  @Test(
    "an error names the variable",
    arguments: [
      (["LAMCTL_DRY_RUN": "yes"], "LAMCTL_DRY_RUN: 'yes' is none of: true, false, 1, 0"),
      (["LAMCTL_BAKE": "5"], "LAMCTL_BAKE: '5' has no unit: write 5s, 5m or 5h"),
      (
        ["LAMCTL_CANARY": "10%", "LAMCTL_BLUE_GREEN": "1"],
        "'LAMCTL_CANARY' and 'LAMCTL_BLUE_GREEN' exclude one another"
      ),
    ])
  func errors(environment: [String: String], message: String) {
    #expect(usageError(DeployCommand.self, "", environment: environment)?.message == message)
  }
}
