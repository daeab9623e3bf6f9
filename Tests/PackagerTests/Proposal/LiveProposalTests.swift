import Core
import Testing

@testable import Packager

@Suite("Files for functions that AWS has") struct LiveProposalTests {
  private func live(
    _ name: String, handler: String = "handler.lambda_handler", files: [String]? = ["handler.py"],
    _ more: JSONObject = JSONObject()
  ) -> LiveFunction {
    let members = JSONObject([("FunctionName", .string(name)), ("Handler", .string(handler))])
      .merging(more)
    return LiveFunction(
      functionName: name, configuration: members, reservedConcurrency: nil, tags: [:], files: files)
  }

  private func source(
    _ name: String, handler: String = "handler.lambda_handler", _ files: Set<String>
  ) -> LiveMatch.Source {
    LiveMatch.Source(
      name: name, unit: RepositoryPath("services/\(name)"), handler: handler, files: files)
  }

  @Test("only what differs from Lambda's own defaults is written, with the keys of function.json")
  func settings() {
    var notes: [String] = []
    let configuration = JSONObject([
      ("Timeout", 3), ("MemorySize", 512), ("Runtime", "python3.12"), ("Description", ""),
      ("Role", "arn:aws:iam::1:role/r"), ("TracingConfig", ["Mode": "PassThrough"]),
      ("Architectures", ["x86_64"]),
      ("EphemeralStorage", ["Size": 512]),
      ("SnapStart", ["ApplyOn": "None", "OptimizationStatus": "Off"]),
      ("LoggingConfig", ["LogFormat": "Text", "LogGroup": "/aws/lambda/shop-orders"]),
      ("VpcConfig", ["SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"], "VpcId": "vpc-1"]),
      ("Layers", [["Arn": "arn:layer:1", "CodeSize": 3]]),
      ("Environment", ["Variables": ["TABLE": "orders", "API_TOKEN": "abc", "RAW": "${x}"]]),
      ("LastModified", "2026"), ("CodeSha256", "x"),
    ])
    let settings = LiveSettings(live("shop-orders", configuration), notes: &notes).settings
    #expect(
      JSON.object(settings).text(sortedKeys: true)
        == JSON.object(
          JSONObject([
            ("environment", ["mode": "merge", "variables": ["RAW": "$${x}", "TABLE": "orders"]]),
            ("functionName", "shop-orders"), ("handler", "handler.lambda_handler"),
            ("layers", ["arn:layer:1"]),
            ("memorySize", 512), ("role", "arn:aws:iam::1:role/r"), ("runtime", "python3.12"),
            ("vpcConfig", ["securityGroupIds": ["sg-1"], "subnetIds": ["subnet-1"]]),
          ])
        ).text(sortedKeys: true))
    #expect(notes.count == 1 && notes[0].contains("API_TOKEN"), "\(notes)")
  }

  @Test("handlers and the files in the package tell the source; the name decides between equals")
  func match() {
    let sources = [
      source("orders", ["handler.py", "prices.py"]), source("basket", ["handler.py", "cart.py"]),
      source("jobs", handler: "index.handler", ["index.js"]),
    ]
    let match = LiveMatch(
      [
        live("shop-one", files: ["handler.py", "cart.py"]), live("shop-orders", files: nil),
        live("shop-work", handler: "index.handler", files: ["index.js"]),
        live("shop-other", handler: "main.run"), live("shop-far", files: ["elsewhere.py"]),
      ], sources)
    let pairs = match.pairs.map { "\($0.0.functionName) \($0.1.name)" }
    #expect(pairs == ["shop-one basket", "shop-work jobs", "shop-orders orders"])
    #expect(match.notes.contains { $0.contains("no source has its handler main.run") })
    #expect(match.notes.contains { $0.contains("shop-far") && $0.contains("holds no file of") })
  }

  @Test("what could be two things is left out and said")
  func ambiguous() {
    let sources = [source("a", ["handler.py"]), source("b", ["handler.py"])]
    let one = LiveMatch([live("x")], sources)
    #expect(one.pairs.isEmpty && one.notes.contains { $0.contains("could all be its source") })
    let two = LiveMatch([live("prod-a"), live("staging-a")], [sources[0]])
    #expect(two.pairs.isEmpty && two.notes.contains { $0.contains("both are made from it") })
  }
}
