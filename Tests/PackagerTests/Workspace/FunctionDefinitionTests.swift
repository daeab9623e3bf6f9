import Core
import Testing

@testable import Packager

@Suite("function definitions")
struct FunctionDefinitionTests {
  private let shop = [
    "lamctl.json": #"""
    { "project": "shop", "functions": ["services/*"],
      "defaults": { "memorySize": 256, "timeout": 10, "architectures": ["arm64"], "layers": ["arn:aws:lambda:eu-west-1:123456789012:layer:a:1"],
        "role": "arn:aws:iam::${account}:role/${project}-{function}",
        "environment": { "variables": { "TABLE": "${ssm:/shop/table}", "REGION": "${region}", "lowerKey": "x" } } },
      "environments": { "prod": { "region": "eu-west-1" }, "staging": { "defaults": { "memorySize": 128 } } } }
    """#,
    "services/orders/handler.py": pythonHandler,
    "services/orders/events/ping.json": "{}",
    "services/orders/function.json": #"""
    { "timeout": 20, "layers": ["arn:aws:lambda:eu-west-1:123456789012:layer:c:3"], "ephemeralStorage": {"size": 1024},
      "kmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/k",
      "vpcConfig": { "subnetIds": ["subnet-0"], "ipv6AllowedForDualStack": true },
      "environment": { "variables": { "STAGE": "${environment}", "DB_PASSWORD": "hunter22", "LITERAL": "$${env:X}" } },
      "smoke": [ { "event": "events/ping.json", "expect": {"statusCode": 200} } ],
      "environments": { "prod": { "memorySize": 1024 } } }
    """#,
  ]

  @Test("settings merge from the most general to the most special, objects by member and arrays as a whole")
  func precedence() async throws {
    let repository = try Repository(shop)
    let prod = try #require(try await repository.functions(parameters: ["/shop/table": "orders"]).first)
    #expect(prod.functionName == "shop-orders")
    #expect(prod.configuration["MemorySize"] == 1024)
    #expect(prod.configuration["Timeout"] == 20)
    #expect(prod.configuration["Layers"] == ["arn:aws:lambda:eu-west-1:123456789012:layer:c:3"])
    #expect(prod.configuration["Role"] == "arn:aws:iam::123456789012:role/shop-orders")
    #expect(prod.configuration["EphemeralStorage"] == ["Size": 1024])
    #expect(prod.configuration["VpcConfig"] == ["SubnetIds": ["subnet-0"], "Ipv6AllowedForDualStack": true])
    #expect(prod.configuration["KMSKeyArn"] == "arn:aws:kms:eu-west-1:123456789012:key/k")
    #expect(prod.configuration["Architectures"] == ["arm64"])
    #expect(prod.configuration["Runtime"] == nil)
    #expect(
      prod.inferred
        == JSONObject([
          ("Runtime", "python3.13"), ("Handler", "handler.lambda_handler"), ("PackageType", "Zip"),
        ]))
    #expect(
      prod.configuration["Environment"] == [
        "Variables": [
          "TABLE": "orders", "REGION": "eu-west-1", "lowerKey": "x", "STAGE": "prod",
          "DB_PASSWORD": "hunter22",
          "LITERAL": "${env:X}",
        ]
      ])
    #expect(prod.smoke.first?.expect == ["statusCode": 200])
    #expect(prod.allowsCreate)
    let staging = try #require(
      try await repository.functions("staging", parameters: ["/shop/table": "t"]).first)
    #expect(staging.configuration["MemorySize"] == 128)
    let flags = try await repository.functions(
      parameters: ["/shop/table": "t"], overrides: JSONObject([("memorySize", 512)]))
    #expect(flags.first?.configuration["MemorySize"] == 512)
  }

  @Test("a function that exists keeps what was only inferred, and its package is made for it as it is")
  func adopting() async throws {
    var files = shop
    files["services/orders/function.json"] = #"{"architectures": ["arm64"]}"#
    let repository = try Repository(files)
    let definition = try #require(try await repository.functions(parameters: ["/shop/table": "t"]).first)
    let there = JSONObject([
      ("Runtime", "python3.11"), ("Handler", "handler.other"), ("Architectures", ["x86_64"]),
      ("PackageType", "Zip"),
    ])
    let adopted = definition.adopting(there)
    #expect(adopted.runtime == "python3.11")
    #expect(adopted.handler == "handler.other")
    #expect(adopted.architectures == ["arm64"], "it is stated, and AWS has to follow")
    #expect(adopted.configuration == definition.configuration)
    let image = definition.adopting(JSONObject([("PackageType", "Image")]))
    #expect(image.runtime == definition.runtime)
  }

  @Test("a missing parameter is an error at the place that wants it")
  func missingParameter() async throws {
    let repository = try Repository(shop)
    let text = await message { _ = try await repository.functions() }
    #expect(
      text
        == "lamctl.json:4:46: SSM has no parameter /shop/table in the environment's account and region: put it there, or correct the name"
    )
  }

  @Test("account and parameters are asked for only when they are used")
  func laziness() async throws {
    let repository = try Repository(["a/handler.py": pythonHandler])
    let workspace = try repository.open()
    defer { withExtendedLifetime(repository) {} }
    let functions = try await workspace.functions(
      in: workspace.environment(named: "prod"),
      values: InterpolationValues(
        region: nil,
        account: {
          Issue.record("the account was asked for")
          return ""
        },
        parameters: { _ in
          Issue.record("parameters were asked for")
          return [:]
        }))
    #expect(functions.map(\.functionName) == ["a"])
    #expect(functions.first?.allowsCreate == false)
    #expect(functions.first?.architectures == ["x86_64"])
  }

  @Test("values from parameters and under secret names are masked: same value, same token")
  func masking() async throws {
    let secrets = Secrets()
    let definition = try #require(
      try await Repository(shop).functions(parameters: ["/shop/table": "tbl-value"], secrets: secrets).first)
    let masked = definition.secrets.masked(definition.configuration)
    let variables = masked["Environment"]?["Variables"]
    #expect(variables?["DB_PASSWORD"]?.string == secrets.token(for: "hunter22"))
    #expect(variables?["TABLE"]?.string == secrets.token(for: "tbl-value"))
    #expect(variables?["STAGE"] == "prod")
    #expect(
      definition.secrets.masked("cannot reach hunter22!")
        == "cannot reach \(secrets.token(for: "hunter22"))!")
    #expect(secrets.token(for: "a") != secrets.token(for: "b"))
    #expect(secrets.token(for: "a") != Secrets().token(for: "a"), "a token of another process tells nothing")
    let live = JSONObject([("Environment", ["Variables": ["API_TOKEN": "live"]])])
    #expect(
      definition.secrets.masked(live)["Environment"]?["Variables"]?["API_TOKEN"]?.string
        == secrets.token(for: "live"))
  }

  @Test(
    "a name is secret by its words",
    arguments: [
      ("DB_PASSWORD", true), ("apiKey", true), ("STRIPE_KEY", true), ("GITHUB_TOKEN", true),
      ("KEYBOARD", false),
      ("TABLE", false), ("MONKEY", false), ("OPENAI_APIKEY", true), ("AuthSecret", true),
      ("LOG_LEVEL", false),
    ])
  func secretNames(_ name: String, _ isSecret: Bool) {
    #expect(Secrets.isSecretName(name) == isSecret)
  }

  @Test("mode unmanaged leaves the variables alone, merge is handed on")
  func modes() async throws {
    let files = { (mode: String) in
      [
        "a/handler.py": pythonHandler,
        "a/function.json": #"{"environment": {"mode": "\#(mode)", "variables": {"AA": "1"}}}"#,
      ]
    }
    let unmanaged = try #require(try await Repository(files("unmanaged")).functions().first)
    #expect(unmanaged.configuration["Environment"] == nil)
    #expect(unmanaged.environmentMode == .unmanaged)
    let merge = try #require(try await Repository(files("merge")).functions().first)
    #expect(merge.environmentMode == .merge)
    #expect(merge.configuration["Environment"] == ["Variables": ["AA": "1"]])
  }

  @Test("two functions with one name in AWS are both named in the error")
  func sameName() async throws {
    let repository = try Repository([
      "lamctl.json": #"{"name": "fixed"}"#, "a/handler.py": pythonHandler, "b/handler.py": pythonHandler,
    ])
    let text = await message { _ = try await repository.functions() }
    #expect(text == "'a' (a/handler.py) and 'b' (b/handler.py) would both be the function fixed in AWS")
  }

  @Test(
    "a wrong reference is refused with the nearest that is known",
    arguments: [
      ("${acount}", "'${acount}' is not known; did you mean ${account}?; write $${ for a literal ${"),
      ("${env:}", "'${env:}' names no variable: write ${env:NAME}"),
      ("${env:NOPE}", "the environment variable NOPE is not set; set it or write ${env:NOPE:-default}"),
      ("x${region", "'${region' has no closing '}'; write $${ for a literal ${"),
    ])
  func references(_ value: String, _ expected: String) async throws {
    let repository = try Repository([
      "a/handler.py": pythonHandler, "a/function.json": #"{"description": "\#(value)"}"#,
    ])
    #expect(await message { _ = try await repository.functions() } == "a/function.json:1:17: \(expected)")
  }

  @Test("an environment in function.json that lamctl.json does not have is a typo")
  func environmentTypo() async throws {
    let repository = try Repository([
      "lamctl.json": #"{"environments": {"prod": {}}}"#, "a/handler.py": pythonHandler,
      "a/function.json": #"{"environments": {"prdo": {}}}"#,
    ])
    #expect(
      await message { _ = try await repository.functions() }
        == "a/function.json:1:19: there is no environment \"prdo\" in lamctl.json; did you mean \"prod\"?")
  }
}
