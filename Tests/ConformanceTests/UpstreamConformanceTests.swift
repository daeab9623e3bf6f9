import Core
import Glibc
import Sandbox
import TestSupport
import Testing

@Suite("The sandbox in front of moto", .enabled(if: Python.isInstalled, Python.missing))
struct UpstreamConformanceTests {
  private static let handler = """
    import boto3, os
    def handler(event, context):
        table = boto3.resource("dynamodb").Table("orders")
        table.put_item(Item={"id": event["id"], "customer": "ada"})
        return table.get_item(Key={"id": event["id"]})["Item"]["customer"]
    """

  @Test("a handler keeps its orders in a table of DynamoDB, which moto has")
  func table() async throws {
    let moto = try await MotoServer()
    let folder = try TemporaryFolder()
    // The handler runs in the environment that has boto3.
    let folderOfPython = try #require(Python.path).split(separator: "/").dropLast().joined(separator: "/")
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let server = SandboxServer(
      options: SandboxOptions(
        folder: folder.path, speed: 60, upstream: Upstream(moto.url), searchPath: "/\(folderOfPython):\(path)"
      ))
    try server.start()
    let program = """
      import boto3, io, json, zipfile
      file = io.BytesIO()
      with zipfile.ZipFile(file, "w") as archive:
          archive.writestr("app.py", \(JSON.string(Self.handler).text(.compact)))
      boto3.client("dynamodb").create_table(TableName="orders", BillingMode="PAY_PER_REQUEST",
          KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
          AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
      client = boto3.client("lambda")
      client.create_function(FunctionName="orders", Runtime="python3.12", Handler="app.handler", Timeout=60,
          Role="arn:aws:iam::000000000000:role/orders", Code={"ZipFile": file.getvalue()})
      client.get_waiter("function_active_v2").wait(FunctionName="orders", WaiterConfig={"Delay": 0.05})
      answer = client.invoke(FunctionName="orders", Payload=b'{"id": "o-1"}')
      items = boto3.client("dynamodb").scan(TableName="orders")["Items"]
      print(json.dumps({"answer": answer["Payload"].read().decode(), "items": items}))
      """
    let place = [
      "AWS_ENDPOINT_URL": server.endpoint, "AWS_DEFAULT_REGION": server.region, "AWS_REGION": server.region,
    ]
    let answer = try await Python.run(program, environment: server.credentials.merging(place) { $1 })
    #expect(answer["answer"] == "\"ada\"", "\(answer)")
    #expect(answer["items"] == [["customer": ["S": "ada"], "id": ["S": "o-1"]]], "\(answer)")
    await server.stop()
    await moto.stop()
  }
}
