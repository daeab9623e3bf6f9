import Core
import TestSupport
import Testing

@testable import Packager

@Suite("What init proposes")
struct ProposalTests {
  private func files(
    _ repository: [String: String], from path: RepositoryPath? = nil
  ) throws -> (texts: [String: String], notes: [String]) {
    let repository = try Repository(repository)
    let workspace = try repository.open()
    let proposal =
      if let path { try ProposalReader.read(path, in: workspace) } else {
        try Proposal(discovering: workspace)
      }
    let (files, notes) = proposal.files()
    return (Dictionary(uniqueKeysWithValues: files.map { ($0.path.text, $0.json.text()) }), notes)
  }

  @Test("for sources is a list of the units, which finds the same functions again")
  func discovery() throws {
    let sources = ["fn/a/handler.py": pythonHandler, "fn/b/index.js": nodeHandler]
    let proposal = try files(sources)
    let text = try #require(proposal.texts["lamctl.json"])
    #expect(text.contains(#""functions":["fn/a","fn/b"],"environments":{"prod":{}}"#))
    #expect(proposal.texts.count == 1)
    let before = try Repository(sources).discover().functions.map(\.name)
    let after = try Repository(sources.merging(["lamctl.json": text]) { $1 }).discover().functions.map(\.name)
    #expect(before == after)
  }

  @Test(
    "for sources in any of the common shapes finds the same functions again",
    arguments: RepositoryShape.all + RepositoryShape.further)
  func listed(shape: RepositoryShape) throws { try Self.checkList(shape.files) }

  @Test(
    "for several handlers in a folder, for one that gives its function another name, and for one at the root",
    arguments: [
      ["fn/x/create.py": pythonHandler, "fn/x/delete.py": pythonHandler],
      ["fn/x/create.py": pythonHandler, "fn/y/delete.py": pythonHandler],
      ["fn/x/create.py": pythonHandler, "fn/y/create.py": pythonHandler, "fn/z/index.js": nodeHandler],
      ["fn/x/create.py": pythonHandler, "fn/x/index.js": nodeHandler, "fn/x/.python-version": "3.12\n"],
      ["app.py": pythonHandler], ["create.py": pythonHandler, "delete.py": pythonHandler],
      ["app.py": pythonHandler, "fn/x/app.py": pythonHandler, "fn/x/job.py": pythonHandler],
      ["fn/x/function.json": #"{"handler": "run.go"}"#, "fn/x/run.py": "def go(a, b):\n    return 1\n"],
      ["function.json": #"{"timeout": 9}"#, "app.py": pythonHandler, "fn/x/job.py": pythonHandler],
    ])
  func listedByHand(sources: [String: String]) throws { try Self.checkList(sources) }

  /// Holds what discovery finds beside the files of the proposal against what it finds without them.
  private static func checkList(_ sources: [String: String]) throws {
    let repository = try Repository(sources)
    let before = try identities(repository)
    let (files, notes) = try Proposal(discovering: repository.open()).files()
    #expect(!before.isEmpty && notes.isEmpty, "\(notes)")
    for file in files {
      #expect(sources[file.path.text] == nil, "init overwrites nothing")
      try repository.folder.write(file.path.text, file.text)
    }
    #expect(try identities(repository) == before, "\(files.map(\.text))")
  }

  /// What makes functions the same ones, a line each.
  private static func identities(_ repository: Repository) throws -> [String] {
    try repository.discover().functions.map {
      "\($0.name) \($0.unit) \($0.runtime ?? "-") \($0.handler ?? "-") \($0.handlerFile?.text ?? "-")"
    }
  }

  @Test("is an error that names what was seen where no function is found")
  func nothing() throws {
    let error = #expect(throws: PackagerError.self) {
      try files(["template.yaml": "Resources: {}\n", "x/notes.txt": ""])
    }
    #expect(error?.description.hasSuffix("; it has template.yaml") == true)
    #expect(error?.fix == "read them with lamctl init --from template.yaml")
  }

  @Test(
    "is an error where a source is not there, or is no folder of CDK, that says what makes it",
    arguments: [
      ("cdk.out", "there is no cdk.out", "run cdk synth, which writes it"),
      ("tfplan.json", "there is no tfplan.json", "terraform show -json plan.bin > tfplan.json"),
      ("template.yaml", "there is no template.yaml", "name a file"),
      (".", "the root folder holds no *.template.json of CDK", "name the folder that cdk synth writes"),
    ])
  func absent(path: String, reason: String, fix: String) throws {
    let error = #expect(throws: PackagerError.self) {
      try files(["x/notes.txt": ""], from: RepositoryPath(path))
    }
    #expect(error?.description.hasSuffix(reason) == true && error?.fix?.contains(fix) == true, "\(error)")
  }

  private static let sam = """
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function:
        Runtime: python3.13
        Timeout: 10
        Layers: [arn:aws:lambda:eu-west-1:123456789012:layer:a:1]
        Environment: {Variables: {STAGE: prod, LEVEL: 1}}
    Resources:
      Table: {Type: 'AWS::DynamoDB::Table'}
      OrdersFunction:
        Type: AWS::Serverless::Function
        Properties:
          FunctionName: shop-orders
          CodeUri: services/orders/
          Handler: app.lambda_handler
          MemorySize: 512
          Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/shop'
          Tracing: Active
          Layers: [arn:aws:lambda:eu-west-1:123456789012:layer:b:2]
          Environment:
            Variables:
              TABLE: !Ref Table
              LEVEL: 2
              API_TOKEN: topsecretvalue
          Events: {Api: {Type: HttpApi}}
      MailFunction:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: services/mail
          Handler: app.lambda_handler
          Timeout: !FindInMap [A, B, C]
    """

  @Test("for a SAM template has its settings, and tells what only the stack knows")
  func serverlessApplicationModel() throws {
    let proposal = try files(
      [
        "template.yaml": Self.sam, "services/orders/app.py": pythonHandler,
        "services/mail/app.py": pythonHandler,
      ], from: "template.yaml")
    #expect(
      proposal.texts["lamctl.json"]
        == #"{"functions":["services/mail","services/orders"],"defaults":{"runtime":"python3.13"},"environments":{"prod":{}}}"#
    )
    #expect(
      proposal.texts["services/orders/function.json"]
        == #"{"timeout":10,"layers":["arn:aws:lambda:eu-west-1:123456789012:layer:a:1","arn:aws:lambda:eu-west-1:123456789012:layer:b:2"],"environment":{"mode":"merge","variables":{"STAGE":"prod","LEVEL":"2"}},"functionName":"shop-orders","handler":"app.lambda_handler","memorySize":512,"role":"arn:aws:iam::${account}:role/shop","tracingConfig":{"mode":"Active"}}"#
    )
    #expect(
      proposal.texts["services/mail/function.json"]
        == #"{"layers":["arn:aws:lambda:eu-west-1:123456789012:layer:a:1"],"environment":{"variables":{"STAGE":"prod","LEVEL":"1"}},"handler":"app.lambda_handler"}"#
    )
    #expect(
      proposal.notes == [
        "OrdersFunction: the variable TABLE: only the stack knows what Ref Table is",
        "OrdersFunction: the variable API_TOKEN looks like a secret and is not written down: put it into SSM and write ${ssm:/…}",
        "OrdersFunction: Events stay with the template",
        "MailFunction: timeout: only the stack knows what FindInMap makes of it",
        "MailFunction: its name in AWS is the stack's: give it \"functionName\"",
      ])
    #expect(!"\(proposal)".contains("topsecretvalue"))
  }

  @Test("for CloudFormation in JSON goes by the same names, and says which code is elsewhere")
  func cloudFormation() throws {
    let template = #"""
      {"Resources": {"A": {"Type": "AWS::Lambda::Function", "Properties": {
        "FunctionName": "a", "Handler": "index.handler", "Runtime": "nodejs22.x", "Timeout": "7",
        "Code": {"S3Bucket": "b", "S3Key": "k"}, "Tags": [{"Key": "team", "Value": "x"}],
        "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}}}}
      """#
    let proposal = try files(["stack.json": template, "src/index.js": nodeHandler], from: "stack.json")
    #expect(
      proposal.texts["src/function.json"]
        == #"{"functionName":"a","handler":"index.handler","runtime":"nodejs22.x","timeout":7,"tags":{"team":"x"},"vpcConfig":{"subnetIds":["subnet-1"],"securityGroupIds":["sg-1"]}}"#
    )
    #expect(proposal.notes == ["A: its code is no folder of the repository"])
  }

  @Test("for serverless.yml has the names that it gives, and lamctl's words for its variables")
  func serverless() throws {
    let text = """
      service: shop
      custom:
        size: 256
        table: orders-${sls:stage}
      provider:
        name: aws
        runtime: nodejs22.x
        region: eu-west-1
        memorySize: ${self:custom.size}
        environment:
          TABLE: ${self:custom.table}
          KEY: ${ssm:/shop/key}
          USER: ${env:USER_NAME, 'nobody'}
          ODD: ${cf:other.Output}
      functions:
        create: {handler: src/orders.create, timeout: 29, events: [{httpApi: '*'}]}
        list: {handler: src/orders.list, name: shop-list}
      """
    let proposal = try files(
      ["serverless.yml": text, "src/orders.js": "exports.create = exports.list = async (event) => 1\n"],
      from: "serverless.yml")
    #expect(
      proposal.texts["lamctl.json"]
        == #"{"name":"shop-{environment}-{function}","defaults":{"runtime":"nodejs22.x","memorySize":256},"environments":{"prod":{"region":"eu-west-1"}}}"#
    )
    let environment =
      #""environment":{"mode":"merge","variables":{"TABLE":"orders-${environment}","KEY":"${ssm:/shop/key}","USER":"${env:USER_NAME:-nobody}"}}"#
    #expect(
      proposal.texts["function.json"]
        == #"{"functions":{"create":{"handler":"src/orders.create","timeout":29,\#(environment)},"list":{"handler":"src/orders.list","functionName":"shop-list",\#(environment)}}}"#
    )
    #expect(proposal.notes.contains("create: events stay with serverless.yml"))
    #expect(
      proposal.notes.contains(
        "list: the variable ODD: only the Serverless Framework knows what ${cf:other.Output} is"))
  }

  @Test("for a plan of Terraform finds the folder by the handler, and leaves out what apply decides")
  func terraform() throws {
    let plan = #"""
      {"planned_values": {"root_module": {"child_modules": [{"resources": [{
        "address": "module.m.aws_lambda_function.f", "type": "aws_lambda_function", "name": "f",
        "values": {"function_name": "shop-f", "handler": "fn.lambda_handler", "runtime": "python3.13",
          "memory_size": 128, "timeout": 3, "architectures": ["arm64"], "filename": "dist/f.zip",
          "reserved_concurrent_executions": -1, "vpc_config": [], "description": null,
          "environment": [{"variables": {"AA": "1"}}], "tracing_config": [{"mode": "PassThrough"}]},
        "sensitive_values": {}}]}]}},
       "resource_changes": [{"address": "module.m.aws_lambda_function.f",
         "change": {"after_unknown": {"role": true, "arn": true}}}]}
      """#
    let proposal = try files(
      ["tfplan.json": plan, "lambdas/f/fn.py": pythonHandler],
      from: "tfplan.json")
    #expect(
      proposal.texts["lambdas/f/function.json"]
        == #"{"functionName":"shop-f","handler":"fn.lambda_handler","runtime":"python3.13","memorySize":128,"timeout":3,"architectures":["arm64"],"environment":{"variables":{"AA":"1"}},"tracingConfig":{"mode":"PassThrough"}}"#
    )
    #expect(proposal.notes == ["module.m.aws_lambda_function.f: role is known after terraform apply only"])
  }

  @Test("of folders with the same handler takes the one whose name the function's ends with, and else none")
  func sameHandlers() throws {
    func planned(_ name: String) -> String {
      #"{"address": "a.\#(name)", "type": "aws_lambda_function", "name": "x", "values": {"function_name": "\#(name)", "handler": "app.lambda_handler"}}"#
    }
    let plan =
      #"{"planned_values": {"root_module": {"resources": ["#
      + ["shop-orders", "shop_mail", "shop-borders"].map(planned).joined(separator: ",") + "]}}}"
    let proposal = try files(
      ["tfplan.json": plan, "src/orders/app.py": pythonHandler, "src/mail/app.py": pythonHandler],
      from: "tfplan.json")
    #expect(proposal.texts["src/orders/function.json"]?.contains(#""functionName":"shop-orders""#) == true)
    #expect(proposal.texts["src/mail/function.json"]?.contains(#""functionName":"shop_mail""#) == true)
    #expect(proposal.notes == ["shop-borders: no folder of the repository is known to hold its code"])
  }

  @Test("for a serverless.yml with one function keeps its name, which its name in AWS is made of")
  func oneFunction() async throws {
    let repository = try Repository([
      "serverless.yml":
        "service: shop\nprovider: {name: aws, runtime: nodejs20.x}\nfunctions: {hello: {handler: src/h.main}}\n",
      "src/h.js": "exports.main = async (event) => 1\n",
    ])
    let proposal = try ProposalReader.read("serverless.yml", in: repository.open())
    for file in proposal.files().files { try repository.folder.write(file.path.text, file.text) }
    #expect(try await repository.functions().map(\.functionName) == ["shop-prod-hello"])
  }

  @Test("for cdk.out reads every template, and says which functions have no folder")
  func cloudDevelopmentKit() throws {
    let template = #"""
      {"Resources": {"Fn1": {"Type": "AWS::Lambda::Function", "Properties": {
        "FunctionName": "one", "Handler": "index.handler", "Runtime": "nodejs22.x"}},
        "Fn2": {"Type": "AWS::Lambda::Function", "Properties": {
        "FunctionName": "two", "Handler": "other.handler", "Runtime": "nodejs22.x"}}}}
      """#
    let proposal = try files(
      ["cdk.out/A.template.json": template, "src/index.js": nodeHandler], from: "cdk.out")
    #expect(proposal.texts.keys.sorted() == ["lamctl.json", "src/function.json"])
    #expect(proposal.notes == ["Fn2: no folder of the repository is known to hold its code"])
  }

  @Test(
    "is an error where the file is none, is broken or names no function",
    arguments: [
      ("a: 1\n", "x.yaml is no template, serverless.yml or plan: it has a"),
      ("a: [1\n", "x.yaml:2:1: ',' or ']' was expected"),
      (
        "Resources: {B: {Type: 'AWS::S3::Bucket'}}\n", "x.yaml has no Lambda function: it has AWS::S3::Bucket"
      ),
      ("provider: {name: aws}\n", "x.yaml has no Lambda function: it has provider"),
    ])
  func wrong(text: String, expected: String) throws {
    #expect(message { _ = try files(["x.yaml": text], from: "x.yaml") } == expected)
  }
}
