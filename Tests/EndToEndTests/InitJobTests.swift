import Core
import TestSupport
import Testing

/// What `init --from` writes, read by the built binary again.
@Suite("Files of other tools, with the built binary")
struct InitJobTests {
  private static let sam = """
    AWSTemplateFormatVersion: "2010-09-09"
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function: { Runtime: python3.12, Timeout: 20 }
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          FunctionName: shop-orders
          CodeUri: src/orders/
          Handler: app.lambda_handler
          MemorySize: 512
          Environment: { Variables: { TABLE: !Ref Table } }
      Mail:
        Type: AWS::Serverless::Function
        Properties: { FunctionName: shop-mail, CodeUri: src/mail/, Handler: app.lambda_handler }
    """
  private static let serverless = """
    service: shop
    provider: { name: aws, runtime: python3.12 }
    functions:
      orders: { handler: src/orders/app.lambda_handler, name: shop-orders, memorySize: 512, timeout: 20 }
      mail: { handler: src/mail/app.lambda_handler, name: shop-mail, timeout: 20 }
    """
  private static let plan = """
    {"format_version": "1.2", "planned_values": {"root_module": {"resources": [
      {"address": "aws_lambda_function.orders", "type": "aws_lambda_function", "name": "orders",
       "values": {"function_name": "shop-orders", "handler": "app.lambda_handler", "runtime": "python3.12",
         "memory_size": 512, "timeout": 20}},
      {"address": "aws_lambda_function.mail", "type": "aws_lambda_function", "name": "mail",
       "values": {"function_name": "shop-mail", "handler": "app.lambda_handler", "runtime": "python3.12",
         "timeout": 20}}]}}}
    """
  private static let assembly = """
    {"Resources": {
      "Orders1": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "shop-orders",
        "Handler": "app.lambda_handler", "Runtime": "python3.12", "MemorySize": 512, "Timeout": 20}},
      "Mail1": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "shop-mail",
        "Handler": "app.lambda_handler", "Runtime": "python3.12", "Timeout": 20}}}}
    """

  @Test(
    "are carried over into files that plan understands, with every setting that they state",
    arguments: [
      ("template.yaml", "template.yaml", sam), ("serverless.yml", "serverless.yml", serverless),
      ("tfplan.json", "tfplan.json", plan), ("cdk.out", "cdk.out/Shop.template.json", assembly),
    ])
  func carriedOver(source: String, path: String, text: String) async throws {
    let folder = try TemporaryFolder()
    for name in ["orders", "mail"] {
      try folder.write("src/\(name)/app.py", "def lambda_handler(event, context):\n    return '\(name)'\n")
    }
    try folder.write(path, text)
    func run(_ arguments: String..., code: Int32 = 0) async throws -> BuiltBinary.Outcome {
      let outcome = try await BuiltBinary.start(
        arguments, in: folder.path, environment: CountedRepository.plainVariables(home: folder.path)
      ).outcome()
      #expect(outcome.exit == .code(code), "\(arguments): \(outcome.output)\(outcome.errors)")
      return outcome
    }
    _ = try await run("init", "--from", source, code: 64)
    #expect(!Files.exists("\(folder.path)/lamctl.json"), "nothing is written before somebody says so")
    _ = try await run("init", "--from", source, "--yes")
    let functions = try await run("plan", "prod", "--sandbox", "--create", "--json").document()["functions"]
    let names = functions?.array?.compactMap { $0["functionName"]?.string } ?? []
    #expect(names == ["shop-mail", "shop-orders"])
    let written = ["lamctl.json", "function.json", "src/orders/function.json", "src/mail/function.json"]
      .compactMap { try? folder.read($0) }.joined()
    for setting in [#""memorySize": 512"#, #""timeout": 20"#, #""runtime": "python3.12""#] {
      #expect(written.contains(setting), "\(written)")
    }
    let again = try await run("init", "--from", source, "--yes", code: 65)
    #expect(again.errors.contains("lamctl.json"), "what is there is not overwritten: \(again.errors)")
  }
}
