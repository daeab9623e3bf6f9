import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("Parameters, logs, schedules and concurrency")
struct OtherServicesTests {
  @Test("parameters are asked for ten at a time, and values are not shown")
  func parameters() async throws {
    let server = try LoopbackServer(
      .json(
        200,
        #"{"Parameters":[{"Name":"/a","Selector":":2","Value":"hidden","Type":"SecureString","Version":2}],"#
          + #""InvalidParameters":["/b"]}"#), .json(200, #"{"Parameters":[]}"#))
    let names = ["/a:2", "/b"] + (0..<9).map { "/c\($0)" }
    let (found, missing) = try await AWS.testing(server).ssm.getParameters(names)
    #expect(found["/a:2"]?.value == "hidden")
    #expect(missing == ["/b"])
    for text in ["\(found)", String(reflecting: found)] { #expect(!text.contains("hidden")) }
    #expect(server.requests.map { $0.json?["Names"]?.array?.count } == [10, 1])
    #expect(server.requests[0]["X-Amz-Target"] == "AmazonSSM.GetParameters")
    #expect(server.requests[0]["Content-Type"] == "application/x-amz-json-1.1")
    #expect(server.requests[0].json?["WithDecryption"] == true)
  }

  @Test("the token of registries is asked for, and neither it nor the password in it is shown")
  func registries() async throws {
    let token = Base64.encode(Array("AWS:password-of-hours".utf8))
    let server = try LoopbackServer(
      .json(
        200,
        #"{"authorizationData":[{"authorizationToken":"\#(token)","expiresAt":1.7637042E9,"#
          + #""proxyEndpoint":"https://123456789012.dkr.ecr.eu-central-1.amazonaws.com"}]}"#))
    let aws = try AWS.testing(server)
    let found = try await aws.ecr.getAuthorizationToken()
    #expect(found.value == token)
    for text in ["\(found)", String(reflecting: found)] { #expect(!text.contains(token)) }
    for text in [token, "password-of-hours"] {
      #expect(!aws.pipeline.secrets.masked("docker said \(text)").contains(text))
    }
    #expect(
      server.requests[0]["X-Amz-Target"] == "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken")
    #expect(server.requests[0]["Content-Type"] == "application/x-amz-json-1.1")
    #expect(server.requests[0].json == [:])
  }

  @Test("log events come through empty pages, without repetitions, up to the limit")
  func logs() async throws {
    let server = try LoopbackServer(
      .json(200, #"{"events":[],"nextToken":"1"}"#),
      .json(
        200,
        #"{"events":[{"eventId":"a","logStreamName":"s","timestamp":1500,"message":"x\n"}],"nextToken":"2"}"#),
      .json(
        200,
        #"{"events":[{"eventId":"a","timestamp":1500},{"eventId":"b","timestamp":2000},{"eventId":"c"}],"#
          + #""nextToken":"3"}"#))
    let query = LogQuery(
      group: "/aws/lambda/f", streamPrefix: "2026", pattern: "ERROR", from: Timestamp(seconds: 1.5),
      to: Timestamp(seconds: 2))
    let events = try await AWS.testing(server).logs.filterLogEvents(query, limit: 2)
    #expect(events.map(\.id) == ["a", "b"])
    #expect(events.first?.time == Timestamp(seconds: 1.5))
    #expect(server.requests[0]["X-Amz-Target"] == "Logs_20140328.FilterLogEvents")
    #expect(
      server.requests[0].json
        == [
          "logGroupName": "/aws/lambda/f", "limit": 2, "logStreamNamePrefix": "2026",
          "filterPattern": "ERROR",
          "startTime": 1500, "endTime": 2000,
        ])
    #expect(server.requests[2].json?["nextToken"] == "2")
    #expect(server.requests.count == 3)
  }

  @Test("a schedule is written with one token for all attempts, and read back")
  func schedules() async throws {
    let server = try LoopbackServer { request, index in
      switch request.method {
      case "POST": return index == 0 ? .hangUp : .json(200, #"{"ScheduleArn":"a"}"#)
      case "GET":
        return .json(
          200,
          #"{"Name":"tick","ScheduleExpression":"at(x)","ActionAfterCompletion":"DELETE","#
            + #""Target":{"Arn":"t","RoleArn":"r","Input":"{}"}}"#)
      default: return .error(404, "ResourceNotFoundException", "none")
      }
    }
    let scheduler = try AWS.testing(server).scheduler
    let schedule = Schedule(name: "tick", expression: "at(x)", targetARN: "t", roleARN: "r", input: "{}")
    try await scheduler.createSchedule(schedule)
    #expect(server.requests[0].path == "/schedules/tick")
    #expect(server.requests[0].json?["ClientToken"] == server.requests[1].json?["ClientToken"])
    #expect(server.requests[0].json?["FlexibleTimeWindow"] == ["Mode": "OFF"])
    #expect(server.requests[0].json?["Target"] == ["Arn": "t", "RoleArn": "r", "Input": "{}"])
    #expect(try await scheduler.getSchedule(name: "tick") == schedule)
    #expect(try await scheduler.deleteSchedule(name: "tick", group: "g") == false)
    #expect(server.requests.last?.target.contains("clientToken=") == true)
    #expect(server.requests.last?.target.hasSuffix("&groupName=g") == true)
  }

  @Test("concurrency is set and given back")
  func concurrency() async throws {
    let server = try LoopbackServer(
      .json(200, "{}"), .answer(204, ""), .json(202, "{}"), .error(404, "ResourceNotFoundException", "none"),
      .answer(204, ""))
    let lambda = try AWS.testing(server).lambda
    try await lambda.setFunctionConcurrency("f", reserved: 0)
    try await lambda.setFunctionConcurrency("f", reserved: nil)
    try await lambda.setProvisionedConcurrency("f", qualifier: "live", provisioned: 2)
    try await lambda.setProvisionedConcurrency("f", qualifier: "live", provisioned: nil)
    #expect(try await lambda.removePermission("f", statementID: "a b"))
    #expect(
      server.requests.map { "\($0.method) \($0.target) \($0.bodyText)" } == [
        "PUT /2017-10-31/functions/f/concurrency {\"ReservedConcurrentExecutions\":0}",
        "DELETE /2017-10-31/functions/f/concurrency ",
        "PUT /2019-09-30/functions/f/provisioned-concurrency?Qualifier=live {\"ProvisionedConcurrentExecutions\":2}",
        "DELETE /2019-09-30/functions/f/provisioned-concurrency?Qualifier=live ",
        "DELETE /2015-03-31/functions/f/policy/a%20b ",
      ])
  }
}
