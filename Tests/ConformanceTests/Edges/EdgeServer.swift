import Core
import Glibc
import Sandbox
import TestSupport
import Testing

/// Where edges are tried: an account with a function `f`, its alias `live`, sources of all kinds, and on each of them
/// something that others have made.
struct EdgeServer: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case moto, sandbox
  }

  let environment: [String: String]
  let account: String
  /// The id of the HTTP API.
  let api: String
  let stop: @Sendable () async -> Void

  init(_ kind: Kind) async throws {
    switch kind {
    case .moto:
      let moto = try await MotoServer()
      environment = moto.environment
      account = "123456789012"
      stop = { await moto.stop() }
    case .sandbox:
      let folder = try TemporaryFolder()
      let server = SandboxServer(
        options: SandboxOptions(
          folder: folder.path, speed: 600, region: "eu-west-1",
          searchPath: getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"))
      try server.start()
      environment = server.credentials.merging([
        "AWS_ENDPOINT_URL": server.endpoint, "AWS_DEFAULT_REGION": server.region,
        "AWS_REGION": server.region,
      ]) { $1 }
      account = "000000000000"
      stop = {
        await server.stop()
        withExtendedLifetime(folder) {}
      }
    }
    let made = try await Python.run(
      Self.head + Self.setUp,
      environment: environment.merging(["KIND": kind.rawValue, "ACCOUNT": account]) { $1 })
    api = made["api"]?.string ?? ""
  }

  var function: String { "arn:aws:lambda:eu-west-1:\(account):function:f" }

  /// What others have, as it is now.
  func theirs() async throws -> JSON {
    try await Python.run(
      Self.head + Self.look, environment: environment.merging(["API": api, "ACCOUNT": account]) { $1 })
  }

  private static let head = """
    import boto3, io, json, os, zipfile
    aws = boto3.client
    region = os.environ["AWS_REGION"]
    account = os.environ["ACCOUNT"]

    """

  private static let setUp = """
    if os.environ["KIND"] == "moto":
        aws("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    f = aws("lambda")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): return 1")
    bare = f.create_function(FunctionName="f", Runtime="python3.12", Role=f"arn:aws:iam::{account}:role/r",
        Handler="app.handler", Code={"ZipFile": file.getvalue()})["FunctionArn"]
    f.get_waiter("function_active_v2").wait(FunctionName="f", WaiterConfig={"Delay": 0.05})
    f.publish_version(FunctionName="f")
    f.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    for name in ["jobs", "theirs"]:
        aws("sqs").create_queue(QueueName=name)
    f.create_event_source_mapping(FunctionName="f", EventSourceArn=f"arn:aws:sqs:{region}:{account}:theirs")
    topic = aws("sns").create_topic(Name="news")["TopicArn"]
    aws("sns").create_topic(Name="offers")
    for sid, service, source in [("sns", "sns", topic), ("s3", "s3", "arn:aws:s3:::shop-in")]:
        f.add_permission(FunctionName="f", StatementId=sid, Action="lambda:InvokeFunction",
            Principal=service + ".amazonaws.com", SourceArn=source)
    f.add_permission(FunctionName="f", Qualifier="live", StatementId="theirs", Action="lambda:InvokeFunction",
        Principal="iot.amazonaws.com", SourceArn=f"arn:aws:iot:{region}:{account}:rule/theirs")
    aws("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=bare)
    aws("events").put_rule(Name="theirs", EventPattern='{"source": ["theirs"]}')
    aws("events").put_targets(Rule="theirs", Targets=[{"Id": "1", "Arn": bare}])
    aws("scheduler").create_schedule(Name="theirs", ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"}, Target={"Arn": bare, "RoleArn": f"arn:aws:iam::{account}:role/r"})
    gateway = aws("apigatewayv2")
    api = gateway.create_api(Name="shop", ProtocolType="HTTP")["ApiId"]
    gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    there = gateway.create_integration(ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=bare,
        PayloadFormatVersion="2.0")["IntegrationId"]
    gateway.create_route(ApiId=api, RouteKey="GET /theirs", Target="integrations/" + there)
    aws("s3").create_bucket(Bucket="shop-in", CreateBucketConfiguration={"LocationConstraint": region})
    aws("s3").put_bucket_notification_configuration(Bucket="shop-in", NotificationConfiguration={
        "LambdaFunctionConfigurations": [{"Id": "theirs", "Events": ["s3:ObjectRemoved:*"],
            "LambdaFunctionArn": bare}]})
    print(json.dumps({"api": api}))
    """

  private static let look = """
    api = os.environ["API"]
    def own(name):
        return name.startswith("lamctl-")
    def policy(**qualifier):
        statements = json.loads(aws("lambda").get_policy(FunctionName="f", **qualifier)["Policy"])["Statement"]
        return sorted((s for s in statements if not own(s["Sid"])), key=lambda s: s["Sid"])
    mappings = aws("lambda").list_event_source_mappings()["EventSourceMappings"]
    topic = next(t["TopicArn"] for t in aws("sns").list_topics()["Topics"] if t["TopicArn"].endswith(":news"))
    gateway = aws("apigatewayv2")
    routes = [r for r in gateway.get_routes(ApiId=api)["Items"] if r["RouteKey"] == "GET /theirs"]
    bucket = aws("s3").get_bucket_notification_configuration(Bucket="shop-in")
    schedule = aws("scheduler").get_schedule(Name="theirs")
    print(json.dumps({
        "bare": policy(), "alias": policy(Qualifier="live"),
        "mappings": [m["UUID"] for m in mappings if m["FunctionArn"].endswith(":f")],
        "subscriptions": [s["SubscriptionArn"] for s in
            aws("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] if s["Endpoint"].endswith(":f")],
        "rule": aws("events").describe_rule(Name="theirs")["EventPattern"],
        "targets": aws("events").list_targets_by_rule(Rule="theirs")["Targets"],
        "schedule": [schedule["ScheduleExpression"], schedule["Target"]["Arn"]],
        "routes": [[r["RouteId"], r["Target"]] for r in routes],
        "bucket": [c for c in bucket.get("LambdaFunctionConfigurations", []) if not own(c["Id"])],
    }))
    """
}
