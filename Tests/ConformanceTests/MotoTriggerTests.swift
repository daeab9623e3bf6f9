import Core
import TestSupport
import Testing

@testable import AWSClient

/// What calls functions, as far as moto has it. It checks no permission, knows no conflict of routes, no deployments and
/// no lists of URLs.
@Suite("What calls functions, against moto", .enabled(if: Python.isInstalled, Python.missing))
struct MotoTriggerTests {
  private static let function = "arn:aws:lambda:eu-west-1:123456789012:function:f"

  private func run(_ program: String, _ body: (AWS, JSON) async throws -> Void) async throws {
    let moto = try await MotoServer()
    let made = try await moto.boto3(program)
    let aws = try AWS(
      settings: AWSSettings(), environment: moto.environment.merging(["HOME": "/nonexistent"]) { $1 },
      clock: SystemClock())
    try await body(aws, made)
    aws.shutdown()
    await moto.stop()
  }

  @Test("routes and integrations are made, read, changed and removed")
  func apis() async throws {
    let program = """
      api = aws("apigatewayv2").create_api(Name="shop", ProtocolType="HTTP", Tags={"team": "shop"})["ApiId"]
      aws("apigatewayv2").create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
      print(json.dumps(api))
      """
    try await run(program) { aws, made in
      let api = made.string ?? ""
      let gateway = aws.apiGateway
      let found = try await gateway.getAPIs()
      #expect(found.map(\.apiID) == [api])
      #expect(found.map(\.name) == ["shop"])
      #expect(found.map(\.tags) == [["team": "shop"]])
      #expect(try await gateway.getStages(api).map(\.autoDeploy) == [true])
      let wanted: JSONObject = [
        "integrationType": "AWS_PROXY", "integrationUri": .string("\(Self.function):live"),
        "payloadFormatVersion": "2.0", "description": "lamctl-shop-f-live-api",
      ]
      let integration = try await gateway.createIntegration(api, integration: wanted)
      let target = "integrations/\(integration.integrationID)"
      let route = try await gateway.createRoute(
        api, route: ["routeKey": "GET /a", "target": .string(target)])
      #expect(route.integrationID == integration.integrationID)
      _ = try await gateway.updateRoute(api, routeID: route.routeID, changes: ["routeKey": "GET /b"])
      #expect(try await gateway.getRoutes(api).map(\.routeKey) == ["GET /b"])
      _ = try await gateway.updateIntegration(
        api, integrationID: integration.integrationID, changes: ["integrationUri": .string(Self.function)])
      let read = try await gateway.getIntegrations(api)
      #expect(read.map(\.integrationURI) == [Self.function])
      #expect(read.map(\.description) == ["lamctl-shop-f-live-api"])
      try await gateway.deleteRoute(api, routeID: route.routeID)
      try await gateway.deleteIntegration(api, integrationID: integration.integrationID)
      #expect(try await gateway.getRoutes(api).isEmpty)
      #expect(try await gateway.getIntegrations(api).isEmpty)
      #expect(try await gateway.getAPI("none") == nil)
    }
  }

  @Test("permissions, URLs and rules for events of an alias come and go")
  func alias() async throws {
    let program = """
      import io, zipfile
      file = io.BytesIO()
      with zipfile.ZipFile(file, "w") as archive:
          archive.writestr("app.py", "def handler(event, context): return 1")
      aws("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
      client = aws("lambda")
      client.create_function(FunctionName="f", Runtime="python3.11", Role="arn:aws:iam::123456789012:role/r",
                             Handler="app.handler", Code={"ZipFile": file.getvalue()})
      client.publish_version(FunctionName="f")
      client.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
      print("{}")
      """
    try await run(program) { aws, _ in
      let lambda = aws.lambda
      try await lambda.addPermission(
        "f", qualifier: "live",
        statement: [
          "StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com",
          "SourceArn": "arn:aws:s3:::in", "SourceAccount": "123456789012",
        ])
      let policy = try await lambda.getPolicy("f", qualifier: "live")
      #expect(policy?.statements.map(\.sid) == ["s"])
      #expect(policy?.statements.first?.sourceARN == "arn:aws:s3:::in")
      #expect(policy?.statements.first?.resources == ["\(Self.function):live"])
      #expect(try await lambda.removePermission("f", statementID: "s", qualifier: "live"))
      #expect(try await lambda.getPolicy("f", qualifier: "live") == nil)

      let made = try await lambda.createFunctionURLConfig(
        "f", qualifier: "live", configuration: ["AuthType": "NONE"])
      #expect(try await lambda.getFunctionURL("f", qualifier: "live")?.url == made.url)
      let changed = try await lambda.updateFunctionURLConfig(
        "f", qualifier: "live", changes: ["AuthType": "AWS_IAM"])
      #expect(changed.authType == "AWS_IAM")
      #expect(try await lambda.deleteFunctionURLConfig("f", qualifier: "live"))
      #expect(try await lambda.getFunctionURL("f", qualifier: "live") == nil)

      let rules = try await lambda.putFunctionEventInvokeConfig(
        "f", qualifier: "live", configuration: ["MaximumRetryAttempts": 1])
      #expect(rules.maximumRetryAttempts == 1)
      #expect(try await lambda.getFunctionEventInvokeConfig("f", qualifier: "live") != nil)
      #expect(try await lambda.listFunctionEventInvokeConfigs("f").map(\.maximumRetryAttempts) == [1])
      #expect(try await lambda.deleteFunctionEventInvokeConfig("f", qualifier: "live"))
      #expect(try await lambda.getFunctionEventInvokeConfig("f", qualifier: "live") == nil)
    }
  }

  @Test("a bucket's notifications can be sent back as they came, with one entry more")
  func notifications() async throws {
    let program = """
      client = aws("s3")
      client.create_bucket(Bucket="shop-in", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
      client.put_bucket_notification_configuration(Bucket="shop-in", NotificationConfiguration={
          "LambdaFunctionConfigurations": [{"Id": "theirs", "Events": ["s3:ObjectRemoved:*"],
              "LambdaFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:g"}]})
      print("{}")
      """
    try await run(program) { aws, _ in
      let before = try await aws.s3.getBucketNotificationConfiguration(bucket: "shop-in")
      let text = String(decoding: before, as: UTF8.self)
      #expect(text.contains("<Id>theirs</Id>"))
      let end = "</NotificationConfiguration>"
      let own =
        "<CloudFunctionConfiguration><Id>ours</Id><CloudFunction>\(Self.function):live</CloudFunction>"
        + "<Event>s3:ObjectCreated:*</Event></CloudFunctionConfiguration>"
      try await aws.s3.putBucketNotificationConfiguration(
        Array(text.replacing(end, with: own + end).utf8), bucket: "shop-in", expectedOwner: "123456789012")
      let after = String(
        decoding: try await aws.s3.getBucketNotificationConfiguration(bucket: "shop-in"), as: UTF8.self)
      #expect(after.contains("<Id>theirs</Id>") && after.contains("<Id>ours</Id>"))
    }
  }
}
