import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("Lambda")
struct LambdaTests {
  private static let configuration = #"{"FunctionName":"orders","Version":"3","CodeSha256":"abc"}"#
  private func only(_ server: LoopbackServer) throws -> ReceivedRequest {
    try #require(server.requests.count == 1)
    return server.requests[0]
  }

  @Test("a function's name may be an ARN; it is encoded once in the path")
  func functionARN() async throws {
    let server = try LoopbackServer(.json(200, PipelineTests.function))
    let arn = "arn:aws:lambda:eu-central-1:123456789012:function:orders"
    _ = try await AWS.testing(server).lambda.getFunction(arn, qualifier: "live")
    #expect(
      try only(server).target
        == "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-central-1%3A123456789012%3Afunction%3A"
        + "orders?Qualifier=live")
  }

  @Test("GetFunction gives configuration, tags and concurrency, whatever else is in the answer")
  func getFunction() async throws {
    let server = try LoopbackServer(
      .json(
        200,
        """
        {"Configuration":{"FunctionName":"orders","FunctionArn":"arn","State":"Thinking","LastUpdateStatusReasonCode":
        "Creating","Architectures":["arm64"],"Timeout":3,"Environment":{"Variables":{"A":"1"}},"Layers":[{"Arn":"l:1",
        "CodeSize":5}],"LastModified":"2025-11-25T02:38:24.000+0000","Future":{"x":null}},
        "Code":{"Location":"https://x/?sig"},"Tags":{"team":"a"},"Concurrency":{"ReservedConcurrentExecutions":5}}
        """))
    let found = try await AWS.testing(server).lambda.getFunction("orders")
    #expect(found.configuration.state == "Thinking")
    #expect(found.configuration.lastUpdateStatusReasonCode == "Creating")
    #expect(found.configuration.architectures == ["arm64"])
    #expect(found.configuration.environment == ["A": "1"])
    #expect(found.configuration.layers == ["l:1"])
    #expect(found.configuration.timeout == 3)
    #expect(found.configuration.lastModified == Timestamp(iso8601: "2025-11-25T02:38:24Z"))
    #expect(found.configuration.lastUpdateStatus == nil)
    #expect(found.tags == ["team": "a"])
    #expect(found.reservedConcurrency == 5)
    #expect(found.codeLocation == "https://x/?sig")
  }

  @Test("a zip is sent as base64 among the other members")
  func updateCode() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("code.zip", "PK-content")
    let server = try LoopbackServer(.json(200, Self.configuration))
    _ = try await AWS.testing(server).lambda.updateFunctionCode(
      "orders", code: .zip(path: path), architectures: ["arm64"], revisionID: "r1")
    let request = try only(server)
    #expect(request.method == "PUT")
    #expect(request.path == "/2015-03-31/functions/orders/code")
    #expect(request["Content-Type"] == "application/json")
    #expect(
      request.json
        == [
          "ZipFile": .string(Base64.encode(Array("PK-content".utf8))), "Architectures": ["arm64"],
          "RevisionId": "r1",
        ])
  }

  private static let kindsOfCode: [(FunctionCode, JSON)] = [
    (.s3(bucket: "b", key: "k", version: nil), ["S3Bucket": "b", "S3Key": "k"]),
    (.s3(bucket: "b", key: "k", version: "v"), ["S3Bucket": "b", "S3Key": "k", "S3ObjectVersion": "v"]),
    (.image(uri: "u"), ["ImageUri": "u"]),
  ]

  @Test("code is sent in the form of its kind", arguments: kindsOfCode)
  func codeForms(code: FunctionCode, expected: JSON) async throws {
    let server = try LoopbackServer(.json(201, Self.configuration))
    let lambda = try AWS.testing(server).lambda
    _ = try await lambda.updateFunctionCode("orders", code: code)
    _ = try await lambda.createFunction(
      name: "orders", code: code, configuration: JSONObject([("Role", "r")]))
    #expect(server.requests[0].json == expected)
    #expect(server.requests[1].path == "/2015-03-31/functions")
    #expect(server.requests[1].json?["Code"] == expected)
    #expect(server.requests[1].json?["FunctionName"] == "orders")
    #expect(server.requests[1].json?["Role"] == "r")
    #expect((server.requests[1].json?["PackageType"] == "Image") == (code == .image(uri: "u")))
  }

  @Test("a new function's zip stands inside Code")
  func createWithZip() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("code.zip", "PK")
    let server = try LoopbackServer(.json(201, Self.configuration))
    _ = try await AWS.testing(server).lambda.createFunction(
      name: "orders", code: .zip(path: path), configuration: JSONObject([("Tags", ["a": "b"])]))
    #expect(
      try only(server).json
        == ["Code": ["ZipFile": "UEs="], "Tags": ["a": "b"], "FunctionName": "orders"])
  }

  @Test("a package above 50 MB is refused here, with the way out")
  func largePackage() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("code.zip", "")
    try #require(truncateFile(path, 52_428_801))
    let server = try LoopbackServer(.json(200, Self.configuration))
    let aws = try AWS.testing(server)
    let error = try #require(
      await failure { () async throws(AWSError) in
        _ = try await aws.lambda.updateFunctionCode("orders", code: .zip(path: path))
      })
    #expect("\(error)".contains("bucket"))
    #expect(server.requests.isEmpty)
  }

  private static let comparisons: [(JSON, Bool)] = [
    (["Timeout": 3], true), (["Timeout": 4], false), (["Description": ""], true),
    (["Environment": ["Variables": ["A": "1"]]], true), (["Environment": ["Variables": [:]]], false),
    (["Layers": ["l:1"]], true), (["Layers": []], false), (["VpcConfig": ["SubnetIds": ["s"]]], true),
    (["VpcConfig": ["SubnetIds": []]], false), (["Tags": ["a": "b"], "Publish": false], true),
    (["FileSystemConfigs": []], true), (["Role": "other"], false),
  ]

  @Test("configurations are compared member by member, as Lambda shows them", arguments: comparisons)
  func matches(wanted: JSON, expected: Bool) throws {
    let present = try JSON(
      parsing: """
        {"FunctionName":"orders","Timeout":3,"Role":"r","Environment":{"Variables":{"A":"1"}},
        "Layers":[{"Arn":"l:1","CodeSize":1}],"VpcConfig":{"SubnetIds":["s"],"VpcId":"v"}}
        """)
    let configuration = FunctionConfiguration(try #require(present.object))
    #expect(configuration.matches(try #require(wanted.object)) == expected)
  }

  @Test(
    "what Lambda says of a role that has not got around is told from other faults",
    arguments: [
      (
        "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.",
        true
      ),
      (
        "InvalidParameterValueException",
        "The provided execution role does not have permissions to call CreateNetworkInterface on EC2", true
      ),
      (
        "InvalidParameterValueException",
        "The function execution role does not have permissions to call SendMessage on SQS", true
      ),
      (
        "InvalidParameterValueException",
        "Lambda was unable to configure access to your environment variables because the KMS key is invalid for "
          + "CreateGrant. Please check your KMS key settings.", true
      ),
      ("AccessDeniedException", "The role cannot be assumed by Lambda", false),
      ("InvalidParameterValueException", "Unzipped size must be smaller than 262144000 bytes", false),
    ])
  func freshRole(code: String, message: String, expected: Bool) {
    let fault = ServiceFault(
      service: .lambda, operation: "CreateFunction", status: 400, code: code, message: ForeignText(message))
    #expect(fault.isFreshRole == expected)
  }

  @Test("lists follow their markers through short and empty pages")
  func pages() async throws {
    let server = try LoopbackServer(
      .json(200, #"{"Versions":[{"FunctionName":"f","Version":"$LATEST"}],"NextMarker":"m/1+="}"#),
      .json(200, #"{"Versions":[],"NextMarker":"m2"}"#),
      .json(200, #"{"NextMarker":"m3"}"#), .json(200, #"{"Versions":[{"Version":"1"}],"NextMarker":null}"#))
    let versions = try await AWS.testing(server).lambda.listVersions("f")
    #expect(versions.map(\.version) == ["$LATEST", "1"])
    #expect(
      server.requests.map(\.target)
        == ["", "?Marker=m%2F1%2B%3D", "?Marker=m2", "?Marker=m3"].map {
          "/2015-03-31/functions/f/versions" + $0
        })
  }

  @Test("a marker that leads nowhere ends in an error, not in a loop")
  func endlessPages() async throws {
    let server = try LoopbackServer(.json(200, #"{"Aliases":[],"NextMarker":"same"}"#))
    let aws = try AWS.testing(server)
    let error = await failure { () async throws(AWSError) in _ = try await aws.lambda.listAliases("f") }
    #expect(error != nil)
    #expect(server.requests.count == 2)
  }

  @Test("an invocation gives payload, error kind, version and log")
  func invoke() async throws {
    let server = try LoopbackServer(
      .answer(
        200,
        [
          ("X-Amz-Function-Error", "Unhandled"), ("X-Amz-Executed-Version", "7"),
          ("X-Amz-Log-Result", Base64.encode(Array("START\nEND\n".utf8))),
        ], #"{"errorMessage":"boom"}"#))
    let result = try await AWS.testing(server).lambda.invoke(
      "orders", qualifier: "live", payload: Array("[1]".utf8), logs: true)
    #expect(result.functionError == "Unhandled")
    #expect(result.executedVersion == "7")
    #expect(result.logTail == "START\nEND\n")
    #expect(String(decoding: result.payload, as: UTF8.self).contains("boom"))
    let request = try only(server)
    #expect(request.target == "/2015-03-31/functions/orders/invocations?Qualifier=live")
    #expect(request["X-Amz-Invocation-Type"] == "RequestResponse")
    #expect(request["X-Amz-Log-Type"] == "Tail")
    #expect(request.bodyText == "[1]")
  }

  @Test("what is not set up reads as nil, what fails as an error")
  func absences() async throws {
    let server = try LoopbackServer(
      .error(404, "ProvisionedConcurrencyConfigNotFoundException", "none"),
      .error(404, "ResourceNotFoundException", "no function"),
      .error(404, "ResourceNotFoundException", "no policy"),
      .json(200, "{}"))
    let lambda = try AWS.testing(server).lambda
    #expect(try await lambda.getProvisionedConcurrencyConfig("f", qualifier: "live") == nil)
    let error = await failure { () async throws(AWSError) in
      _ = try await lambda.getProvisionedConcurrencyConfig("f", qualifier: "live")
    }
    #expect(error?.isNotFound == true)
    #expect(try await lambda.getPolicy("f") == nil)
    #expect(try await lambda.getFunctionConcurrency("f") == nil)
    #expect(
      server.requests.map(\.target) == [
        "/2019-09-30/functions/f/provisioned-concurrency?Qualifier=live",
        "/2019-09-30/functions/f/provisioned-concurrency?Qualifier=live", "/2015-03-31/functions/f/policy",
        "/2019-09-30/functions/f/concurrency",
      ])
  }

  @Test("tags are written, read and taken off by ARN")
  func tags() async throws {
    let server = try LoopbackServer(.json(200, #"{"Tags":{"a":"b"}}"#), .answer(204, ""), .answer(204, ""))
    let lambda = try AWS.testing(server).lambda
    #expect(try await lambda.listTags("arn:x") == ["a": "b"])
    try await lambda.tagResource("arn:x", tags: ["b": "2", "a": "1"])
    try await lambda.untagResource("arn:x", keys: ["a b", "c"])
    #expect(server.requests.map(\.method) == ["GET", "POST", "DELETE"])
    #expect(server.requests[1].bodyText == #"{"Tags":{"a":"1","b":"2"}}"#)
    #expect(server.requests[2].target == "/2017-03-31/tags/arn%3Ax?tagKeys=a%20b&tagKeys=c")
  }

  @Test("deleting says which version, and gone is gone")
  func delete() async throws {
    let server = try LoopbackServer(.answer(204, ""))
    try await AWS.testing(server).lambda.deleteFunctionVersion("f", version: "3")
    #expect(try only(server).target == "/2015-03-31/functions/f?Qualifier=3")
  }
}
