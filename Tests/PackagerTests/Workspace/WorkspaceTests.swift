import Core
import Testing

@testable import Packager

@Suite("workspace")
struct WorkspaceTests {
  @Test("the root is the nearest folder upwards with a lamctl.json, else with .git, else the folder itself")
  func root() throws {
    let repository = try Repository([
      "lamctl.json": "{}", "a/b/c.txt": "", "x/lamctl.json": "{}", "x/y/z.txt": "",
    ])
    #expect(try Workspace.open(root: repository.path + "/a/b/", environment: [:]).root == repository.path)
    #expect(
      try Workspace.open(root: repository.path + "/x/y", environment: [:]).root == repository.path + "/x")
    let plain = try Repository(["a/b.txt": ""])
    let workspace = try Workspace.open(root: plain.path + "/a", environment: [:])
    #expect(workspace.root == plain.path)
    #expect(workspace.config.file == nil)
  }

  @Test(
    "without a name the default environment is meant, else the only one, else it is an error that lists them")
  func environmentNames() throws {
    let one = try Repository(["lamctl.json": #"{"environments": {"prod": {}}}"#]).open()
    #expect(try one.environment(named: nil).name == "prod")
    let two = try Repository(["lamctl.json": #"{"environments": {"prod": {}, "staging": {"alias": "live"}}}"#]
    ).open()
    #expect(
      message { _ = try two.environment(named: nil) } == "no environment is named; there are prod, staging")
    #expect(
      message { _ = try two.environment(named: "prd") }
        == "there is no environment 'prd'; did you mean 'prod'?")
    #expect(try two.environment(named: "staging").alias == "live")
    let none = try Repository([:]).open()
    let environment = try none.environment(named: "prod")
    #expect(environment.alias == "prod")
    #expect(environment.rollout.steps.description == "10%:10m")
    #expect(environment.rollout.bake == .minutes(10))
    #expect(
      message { _ = try none.environment(named: nil) }
        == "no environment is named, and there is no lamctl.json in \(none.root) or above")
    let fix = #expect(throws: PackagerError.self) { try none.environment(named: nil) }?.fix
    #expect(fix?.hasSuffix("have lamctl init write a lamctl.json for what is here") == true)
  }

  @Test("an environment's rollout lies over the root's, which lies over the defaults")
  func rollout() throws {
    let workspace = try Repository([
      "lamctl.json": #"""
      { "rollout": { "bake": "30m", "alarms": ["a"], "maxErrorRate": "0.05%", "deadMan": {"role": "arn:aws:iam::123456789012:role/r"},
          "metrics": [{"namespace": "Shop", "name": "Http5xx", "versionDimension": "version"}] },
        "sandbox": { "speed": 60, "traffic": {"orders": "30/m"},
          "resources": { "apis": {"shop": {}, "old": {"stage": "prod", "autoDeploy": false}}, "buckets": ["in"] } },
        "environments": { "prod": { "region": "${env:REGION:-eu-west-1}", "account": "${env:ACCOUNT}",
          "branches": ["main"], "bucket": "b-${environment}", "endpoint": "sandbox",
          "rollout": { "steps": "1%:5m,pause,50%:10m", "onLowTraffic": "hold", "latency": "rollback", "alarms": ["b"] } } } }
      """#
    ]).open(["ACCOUNT": "123456789012"])
    let prod = try workspace.environment(named: "prod")
    #expect(prod.region == "eu-west-1")
    #expect(prod.account == "123456789012")
    #expect(prod.bucket == "b-prod")
    #expect(prod.endpoint == .sandbox)
    #expect(prod.branches == ["main"])
    #expect(prod.rollout.steps.description == "1%:5m,pause,50%:10m")
    #expect(prod.rollout.bake == .minutes(30))
    #expect(prod.rollout.onLowTraffic == .hold)
    #expect(prod.rollout.latency == .rollback)
    #expect(prod.rollout.alarms == ["b"])
    #expect(prod.rollout.maxErrorRate == 0.0005)
    #expect(prod.rollout.deadMan?.role == "arn:aws:iam::123456789012:role/r")
    #expect(prod.rollout.deadMan?.after == .minutes(15))
    #expect(prod.rollout.metrics.map(\.name) == ["Http5xx"])
    #expect(workspace.config.sandboxTraffic["orders"]?.perSecond == 0.5)
    #expect(workspace.config.sandboxSpeed == 60)
    let resources = workspace.config.sandboxResources
    #expect(resources.buckets == ["in"])
    #expect(resources.apis.map(\.name) == ["shop", "old"])
    #expect(resources.apis.map(\.stage) == [nil, "prod"])
    #expect(resources.apis.map(\.autoDeploy) == [nil, false])
  }

  @Test("what the sandbox is to have is read, and names that nothing of it has are errors")
  func sandboxResources() throws {
    func open(_ resources: String) throws -> WorkspaceConfig {
      try Repository([
        "lamctl.json": #"{"functions": ["f"], "sandbox": {"resources": "# + resources + "}}"
      ]).open().config
    }
    let resources = try open(
      #"""
      { "queues": { "jobs": { "visibilityTimeout": 60, "deadLetterQueue": "dead", "maxReceiveCount": 3 }, "dead": {} },
        "topics": ["news"], "buses": ["shop"],
        "rules": { "paid": { "bus": "shop", "eventPattern": { "source": ["a"] }, "queue": "jobs" } } }
      """#
    ).sandboxResources
    #expect(resources.queues.map(\.name) == ["jobs", "dead"])
    #expect(resources.queues[0].visibilityTimeout == 60 && resources.queues[0].maxReceiveCount == 3)
    #expect(resources.queues[0].deadLetterQueue == "dead" && resources.queues[1].deadLetterQueue == nil)
    #expect(resources.topics == ["news"] && resources.buses == ["shop"])
    #expect(resources.rules.map(\.queue) == ["jobs"] && resources.rules[0].eventPattern["source"] == ["a"])
    for (text, reason) in [
      (#"{"queues": {"a": {"deadLetterQueue": "b"}}}"#, "no queue 'b'"),
      (#"{"rules": {"a": {"eventPattern": {}, "queue": "b"}}}"#, "no queue 'b'"),
      (
        #"{"queues": {"b": {}}, "rules": {"a": {"bus": "c", "eventPattern": {}, "queue": "b"}}}"#,
        "no bus 'c'"
      ),
      (#"{"queues": {"b": {}}, "rules": {"a": {"queue": "b"}}}"#, "are needed"),
    ] {
      let error = #expect(throws: PackagerError.self) { try open(text) }
      #expect(error?.description.contains(reason) == true, "\(text)")
    }
  }

  @Test("companions are other aliases than the environment's own and one another")
  func companions() throws {
    func repository(_ companions: String) throws -> Repository {
      try Repository([
        "lamctl.json": #"{"environments": {"prod": {"alias": "live", "companions": \#(companions)}}}"#
      ])
    }
    let prod = try repository(#"{"canary": "green", "stable": "blue-${environment}"}"#).open()
      .environment(named: "prod")
    #expect(prod.companions.canary == "green" && prod.companions.stable == "blue-prod")
    #expect(prod.at(alias: "other").companions == CompanionConfig())
    let faults = [
      (
        #"{"canary": "live"}"#,
        #"companions.canary is "live", the alias of the environment itself: name another"#
      ),
      (
        #"{"canary": "green", "stable": "green"}"#,
        #"companions.canary and companions.stable are both "green": name two aliases"#
      ),
      (#"{"canary": "12"}"#, "'12' cannot be the name of an alias"),
      (#"{"cannary": "g"}"#, #"did you mean "canary""#),
    ]
    for (companions, fault) in faults {
      let words = message { _ = try repository(companions).open().environment(named: "prod") }
      #expect(words.hasPrefix("lamctl.json:1:") && words.contains(fault), "\(words)")
    }
  }

  @Test("a value that interpolation makes is held against its rule")
  func interpolatedRule() throws {
    let repository = try Repository([
      "lamctl.json": #"{"environments": {"prod": {"account": "${env:ACCOUNT}"}}}"#
    ])
    #expect(
      message { _ = try repository.open(["ACCOUNT": "12"]).environment(named: "prod") }
        == "lamctl.json:1:39: '12' is not an account: write its 12 digits in quotes")
    #expect(
      message { _ = try repository.open().environment(named: "prod") }
        == "lamctl.json:1:39: the environment variable ACCOUNT is not set; set it or write ${env:ACCOUNT:-default}"
    )
  }
}
