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

  /// Runs a program beside a sandbox that has moto behind it, and returns what it prints.
  private func run(_ program: String, environment: [String: String] = [:]) async throws -> JSON {
    let moto = try await MotoServer()
    let folder = try TemporaryFolder()
    // Handlers run in the environment that has boto3.
    let folderOfPython = try #require(Python.path).split(separator: "/").dropLast().joined(separator: "/")
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let server = SandboxServer(
      options: SandboxOptions(
        folder: folder.path, speed: 60, upstream: Upstream(moto.url), searchPath: "/\(folderOfPython):\(path)"
      ))
    try server.start()
    let place = [
      "AWS_ENDPOINT_URL": server.endpoint, "AWS_DEFAULT_REGION": server.region, "AWS_REGION": server.region,
    ]
    let answer = try await Python.run(
      program, environment: server.credentials.merging(place) { $1 }.merging(environment) { $1 })
    await server.stop()
    await moto.stop()
    return answer
  }

  @Test("the shop keeps what a price list brings in a table of DynamoDB")
  func shop() async throws {
    let root = "/\(#filePath.split(separator: "/").dropLast(3).joined(separator: "/"))"
    let program = """
      import boto3, io, json, os, pathlib, zipfile
      shop = pathlib.Path(os.environ["SHOP"])
      file = io.BytesIO()
      with zipfile.ZipFile(file, "w") as archive:
          archive.write(shop / "product/handler.py", "handler.py")
          for module in (shop / "libs/common").glob("*.py"):
              archive.write(module, f"common/{module.name}")
      boto3.client("dynamodb").create_table(TableName="shop", BillingMode="PAY_PER_REQUEST",
          KeySchema=[{"AttributeName": "kind", "KeyType": "HASH"}, {"AttributeName": "id", "KeyType": "RANGE"}],
          AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("kind", "id")])
      boto3.client("s3").create_bucket(Bucket="shop-prices")
      boto3.client("s3").put_object(Bucket="shop-prices", Key="new.csv",
          Body=b"id,title,kind,net\\nb-9,The Art of Tables,book,1000\\n")
      client = boto3.client("lambda")
      client.create_function(FunctionName="product", Runtime="python3.12", Handler="handler.handler", Timeout=60,
          Role="arn:aws:iam::000000000000:role/product", Code={"ZipFile": file.getvalue()},
          Environment={"Variables": {"SHOP_TABLE": "shop"}})
      client.get_waiter("function_active_v2").wait(FunctionName="product", WaiterConfig={"Delay": 0.05})
      def ask(event):
          answer = client.invoke(FunctionName="product", Payload=json.dumps(event).encode())
          return json.loads(answer["Payload"].read())
      arrived = {"s3": {"bucket": {"name": "shop-prices"}, "object": {"key": "new.csv"}}}
      taken = ask({"Records": [arrived]})
      found = ask({"rawPath": "/products/b-9", "requestContext": {"http": {"method": "GET"}}})
      items = boto3.client("dynamodb").scan(TableName="shop")["Items"]
      print(json.dumps({"taken": taken, "found": json.loads(found["body"]), "ids": [i["id"]["S"] for i in items]}))
      """
    let answer = try await run(program, environment: ["SHOP": "\(root)/Examples/shop"])
    #expect(answer["taken"] == [["key": "new.csv", "products": 1]], "\(answer)")
    #expect(answer["found"]?["title"] == "The Art of Tables", "\(answer)")
    #expect(answer["ids"] == ["b-9"], "\(answer)")
  }

  @Test("a handler keeps its orders in a table of DynamoDB, which moto has")
  func table() async throws {
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
    let answer = try await run(program)
    #expect(answer["answer"] == "\"ada\"", "\(answer)")
    #expect(answer["items"] == [["customer": ["S": "ada"], "id": ["S": "o-1"]]], "\(answer)")
  }
}
