import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("What calls functions")
struct TriggerTests {
  private static let uuid = "14e0db71-5d35-4eb5-b481-8945cf9d10c2"

  @Test(
    "a URL that a lost attempt has made is no conflict, another's is",
    arguments: [
      (Reaction.hangUp, "AWS_IAM", true), (.hangUp, "NONE", false),
      (.error(409, "ResourceConflictException", "exists"), "AWS_IAM", false),
    ])
  func functionURL(first: Reaction, present: String, succeeds: Bool) async throws {
    let server = try LoopbackServer { request, index in
      if request.method == "GET" {
        return .json(200, "{\"FunctionUrl\":\"https://x\",\"AuthType\":\"\(present)\"}")
      }
      return index == 0 ? first : .error(409, "ResourceConflictException", "exists")
    }
    let lambda = try AWS.testing(server).lambda
    let error = await failure { () async throws(AWSError) in
      let url = try await lambda.createFunctionURLConfig(
        "f", qualifier: "live", configuration: JSONObject([("AuthType", "AWS_IAM")]))
      #expect(url.url == "https://x")
    }
    #expect((error == nil) == succeeds)
    #expect(server.requests[0].target == "/2021-10-31/functions/f/url?Qualifier=live")
  }

  @Test(
    "a permission that a lost attempt has made is no conflict, another's is",
    arguments: [
      (Reaction.hangUp, true),
      (.error(409, "ResourceConflictException", "The statement id (s) provided already exists."), false),
    ])
  func permission(first: Reaction, succeeds: Bool) async throws {
    let server = try LoopbackServer(
      first, .error(409, "ResourceConflictException", "The statement id (s) provided already exists."))
    let lambda = try AWS.testing(server).lambda
    let error = await failure { () async throws(AWSError) in
      try await lambda.addPermission("f", qualifier: "live", statement: JSONObject([("StatementId", "s")]))
    }
    #expect((error == nil) == succeeds)
    #expect(server.requests[0].target == "/2015-03-31/functions/f/policy?Qualifier=live")
  }

  @Test("a policy's statements are read with their conditions, however these are spelt")
  func statements() throws {
    let text = """
      {"Version":"2012-10-17","Id":"default","Statement":[
       {"Sid":"a","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction",
        "Resource":"arn:f:live","Condition":{"StringEquals":{"AWS:SourceAccount":"123456789012"},
        "ArnLike":{"AWS:SourceArn":"arn:aws:s3:::in"}}},
       {"Sid":"b","Effect":"Allow","Principal":"*","Action":["lambda:InvokeFunctionUrl"],"Resource":["arn:f"],
        "Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}},
       {"Effect":"Deny","Principal":{"AWS":["1","2"]},"Action":"lambda:*","Resource":"arn:f",
        "Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}}]}
      """
    let found = FunctionPolicy(document: try JSON(parsing: text), revisionID: "r").statements
    #expect(found.map(\.sid) == ["a", "b", ""])
    #expect(found.map(\.allows) == [true, true, false])
    #expect(found.map(\.principals) == [["s3.amazonaws.com"], ["*"], ["1", "2"]])
    #expect(found.map(\.actions) == [["lambda:InvokeFunction"], ["lambda:InvokeFunctionUrl"], ["lambda:*"]])
    #expect(found.map(\.resources) == [["arn:f:live"], ["arn:f"], ["arn:f"]])
    #expect(found[0].sourceARN == "arn:aws:s3:::in")
    #expect(found[0].sourceAccount == "123456789012")
    #expect(found.map(\.functionURLAuthType) == [nil, "NONE", nil])
    #expect(found.map(\.isForURLAlone) == [false, false, true])
  }

  @Test("a full policy and a mapping that is being changed have kinds of their own")
  func kinds() async throws {
    let server = try LoopbackServer { request, _ in
      request.method == "POST"
        ? .error(
          400, "PolicyLengthExceededException",
          "The final policy size (20481) is bigger than the limit (20480).")
        : .error(400, "ResourceInUseException", "The event source mapping is in use.")
    }
    let lambda = try AWS.testing(server).lambda
    let full = await failure { () async throws(AWSError) in
      try await lambda.addPermission("f", statement: JSONObject([("StatementId", "s")]))
    }
    #expect(full?.fault?.isPolicyFull == true)
    let busy = await failure { () async throws(AWSError) in
      _ = try await lambda.updateEventSourceMapping(Self.uuid, changes: JSONObject())
    }
    #expect(busy?.conflict == .busy)
  }

  @Test(
    "a mapping that is there already is named by its id, and taken where a lost attempt has made it",
    arguments: [(Reaction.hangUp, true), (nil, false)] as [(Reaction?, Bool)])
  func mapping(first: Reaction?, succeeds: Bool) async throws {
    let words =
      "The event source arn (\\\" arn:jobs \\\") and function (\\\" f \\\") provided mapping already exists. Please"
      + " update or delete the existing mapping with UUID \(Self.uuid)"
    let server = try LoopbackServer { request, index in
      if request.method == "GET" {
        return .json(200, "{\"UUID\":\"\(Self.uuid)\",\"FunctionArn\":\"arn:f:live\",\"State\":\"Creating\"}")
      }
      if index == 0, let first { return first }
      return .error(409, "ResourceConflictException", words)
    }
    let lambda = try AWS.testing(server).lambda
    let error = await failure { () async throws(AWSError) in
      let made = try await lambda.createEventSourceMapping(JSONObject([("FunctionName", "arn:f:live")]))
      #expect(made.uuid == Self.uuid)
    }
    #expect((error == nil) == succeeds)
    if !succeeds { #expect(error?.fault?.existingMapping == Self.uuid) }
  }

  @Test("an integration that a lost attempt has made is found, and one that it has not made is made")
  func integration() async throws {
    for isThere in [true, false] {
      let server = try LoopbackServer { request, index in
        if request.method == "GET" {
          return .json(
            200,
            isThere
              ? #"{"items":[{"integrationId":"i1","description":"mine","timeoutInMillis":30000}]}"# : "{}")
        }
        return index == 0 ? .hangUp : .json(201, #"{"integrationId":"i2","description":"mine"}"#)
      }
      let gateway = try AWS.testing(server).apiGateway
      let made = try await gateway.createIntegration(
        "api", integration: JSONObject([("description", "mine")]))
      #expect(made.integrationID == (isThere ? "i1" : "i2"))
      #expect(server.requests.filter { $0.method == "POST" }.count == (isThere ? 1 : 2))
    }
  }

  @Test("a route that a lost attempt has made is found, another's is a conflict")
  func route() async throws {
    for target in ["integrations/i1", "integrations/i2"] {
      let server = try LoopbackServer { request, index in
        if request.method == "GET" {
          return .json(
            200, "{\"items\":[{\"routeId\":\"r\",\"routeKey\":\"GET /\",\"target\":\"\(target)\"}]}")
        }
        return index == 0
          ? .hangUp : .error(409, "ConflictException", "Route with key GET / already exists for this API")
      }
      let gateway = try AWS.testing(server).apiGateway
      let error = await failure { () async throws(AWSError) in
        let route = try await gateway.createRoute(
          "api", route: JSONObject([("routeKey", "GET /"), ("target", "integrations/i1")]))
        #expect(route.integrationID == "i1")
      }
      #expect((error == nil) == (target == "integrations/i1"))
      if let error { #expect(error.conflict == .alreadyExists) }
    }
  }

  @Test("API Gateway is asked 8 times a second, and for a deployment once in 5 seconds")
  func lanes() async throws {
    let server = try LoopbackServer { _, _ in .json(200, "{}") }
    let clock = ManualClock()
    let gateway = try AWS.testing(server, clock: clock).apiGateway
    let start = clock.now()
    for _ in 0..<3 { try await gateway.createDeployment("api", stage: "prod") }
    #expect((clock.now() - start).seconds >= 10)
    let middle = clock.now()
    for _ in 0..<25 { _ = try await gateway.getRoutes("api") }
    #expect((clock.now() - middle).seconds >= 3)
    #expect((clock.now() - middle).seconds < 5)
  }

  @Test("a bucket's notifications come and go byte for byte")
  func notifications() async throws {
    let document =
      "<?xml version=\"1.0\"?>\n<NotificationConfiguration  xmlns='http://s3'><New a='1'/>&#10;</NotificationConfiguration>\n"
    let server = try LoopbackServer { request, _ in
      request.method == "GET" ? .answer(200, document) : .answer(200, "")
    }
    let s3 = try AWS.testing(server).s3
    let found = try await s3.getBucketNotificationConfiguration(bucket: "in", expectedOwner: "123456789012")
    #expect(found == Array(document.utf8))
    try await s3.putBucketNotificationConfiguration(found, bucket: "in", skipsDestinationValidation: true)
    #expect(server.requests.map(\.target) == ["/in?notification=", "/in?notification="])
    #expect(server.requests[0]["x-amz-expected-bucket-owner"] == "123456789012")
    #expect(server.requests[1].body == found)
    #expect(server.requests[1]["x-amz-skip-destination-validation"] == "true")
  }

  @Test(
    "an answer that holds no notifications is not taken for none, and a dead destination is known by its words"
  )
  func notificationFaults() async throws {
    let server = try LoopbackServer { request, _ in
      request.method == "GET"
        ? .answer(200, "")
        : .answer(
          400,
          "<Error><Code>InvalidArgument</Code><Message>Unable to validate the following destination configurations"
            + "</Message></Error>")
    }
    let s3 = try AWS.testing(server).s3
    let unread = await failure { () async throws(AWSError) in
      _ = try await s3.getBucketNotificationConfiguration(bucket: "in")
    }
    #expect("\(unread.map { "\($0)" } ?? "")".contains("NotificationConfiguration"))
    let dead = await failure { () async throws(AWSError) in
      try await s3.putBucketNotificationConfiguration([], bucket: "in")
    }
    #expect(dead?.fault?.isUnvalidatedDestination == true)
  }
}
