import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("Rules, schedules, topics and queues")
struct TriggerServiceTests {
  private static let refused =
    #"{"FailedEntryCount":1,"FailedEntries":[{"TargetId":"alias","ErrorCode":"ResourceNotFoundException","#
    + #""ErrorMessage":"Function not found"}]}"#
  private static let busy = refused.replacing("ResourceNotFound", with: "ConcurrentModification")

  @Test("targets that EventBridge refuses in a good answer are an error of its words")
  func refusedTargets() async throws {
    let server = try LoopbackServer(.json(200, Self.refused))
    let events = try AWS.testing(server).eventBridge
    let error = await failure { () async throws(AWSError) in
      try await events.putTargets(rule: "paid", targets: [JSONObject([("Id", "alias")])])
    }
    #expect(error?.fault?.code == "ResourceNotFoundException")
    #expect("\(error.map { "\($0)" } ?? "")".contains("alias: Function not found"))
    #expect(server.requests.count == 1)
    #expect(server.requests[0]["X-Amz-Target"] == "AWSEvents.PutTargets")
  }

  @Test(
    "a rule that is changed by somebody else meanwhile is tried again",
    arguments: [
      [
        Reaction.json(200, busy), .json(200, busy), .json(200, #"{"FailedEntryCount":0,"FailedEntries":[]}"#),
      ],
      [.error(400, "ConcurrentModificationException", "later"), .json(200, "{}")],
    ])
  func busyRule(reactions: [Reaction]) async throws {
    let server = try LoopbackServer { _, index in reactions[min(index, reactions.count - 1)] }
    try await AWS.testing(server).eventBridge.removeTargets(rule: "paid", bus: "shop", ids: ["alias"])
    #expect(server.requests.count == reactions.count)
    #expect(server.requests.last?.json == ["Ids": ["alias"], "Rule": "paid", "EventBusName": "shop"])
  }

  @Test("a rule that stays busy is an error in the end")
  func everBusyRule() async throws {
    let server = try LoopbackServer { _, _ in .json(200, Self.busy) }
    let events = try AWS.testing(server).eventBridge
    let error = await failure { () async throws(AWSError) in
      try await events.putTargets(rule: "paid", targets: [])
    }
    #expect(error?.fault?.code == "ConcurrentModificationException")
    #expect(error?.isRetryable == true)
    #expect(server.requests.count == 4)
  }

  @Test("what is not there is nil or false, and never an error")
  func absent() async throws {
    let server = try LoopbackServer { request, _ in
      if request["Content-Type"]?.hasPrefix("application/x-www-form-urlencoded") == true {
        return .answer(
          404, "<ErrorResponse><Error><Code>NotFound</Code><Message>no</Message></Error></ErrorResponse>")
      }
      let isQueue = request["X-Amz-Target"]?.hasPrefix("AmazonSQS") == true
      return isQueue
        ? .json(400, #"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no"}"#)
        : .error(404, "ResourceNotFoundException", "no")
    }
    let aws = try AWS.testing(server)
    #expect(try await aws.eventBridge.describeRule("paid") == nil)
    #expect(try await aws.eventBridge.deleteRule("paid") == false)
    #expect(try await aws.eventBridge.listTargetsByRule("paid") == nil)
    #expect(try await aws.scheduler.scheduleSettings("nightly", group: "g") == nil)
    #expect(try await aws.scheduler.listSchedules(group: "g").isEmpty)
    #expect(try await aws.sns.getTopicAttributes("arn:t") == nil)
    #expect(try await aws.sns.getSubscriptionAttributes("arn:s") == nil)
    try await aws.sns.unsubscribe("arn:s")
    #expect(try await aws.sqs.getQueueURL(name: "jobs") == nil)
    #expect(try await aws.sqs.getQueueAttributes(url: "https://q") == nil)
  }

  @Test("a group of schedules that is there already is no error")
  func presentGroup() async throws {
    let server = try LoopbackServer(.error(409, "ConflictException", "Schedule group already exists."))
    try await AWS.testing(server).scheduler.createScheduleGroup("lamctl-shop")
    #expect(server.requests[0].target == "/schedule-groups/lamctl-shop")
  }

  @Test("subscriptions are read page by page, and pending ones are told from others")
  func subscriptions() async throws {
    func page(_ arn: String, _ rest: String) -> Reaction {
      .answer(
        200,
        "<R><ListSubscriptionsByTopicResult><Subscriptions><member><TopicArn>arn:t</TopicArn>"
          + "<Protocol>lambda</Protocol><SubscriptionArn>\(arn)</SubscriptionArn><Owner>1</Owner>"
          + "<Endpoint>arn:f:live</Endpoint></member></Subscriptions>\(rest)"
          + "</ListSubscriptionsByTopicResult></R>")
    }
    let server = try LoopbackServer(
      page("arn:s", "<NextToken>a&amp;b</NextToken>"), page("PendingConfirmation", ""))
    let found = try await AWS.testing(server).sns.listSubscriptionsByTopic("arn:t")
    #expect(found.map(\.isPending) == [false, true])
    #expect(found.first?.endpoint == "arn:f:live")
    #expect(server.requests.last?.bodyText.hasSuffix("&NextToken=a%26b") == true)
  }

  @Test("attributes of topics and queues are read as texts")
  func attributes() async throws {
    let server = try LoopbackServer { request, _ in
      request.bodyText.hasPrefix("Action=")
        ? .answer(
          200,
          "<R><GetTopicAttributesResult><Attributes><entry><key>Owner</key><value>1</value></entry>"
            + "<entry><key>Policy</key><value>{&quot;a&quot;:1}</value></entry></Attributes>"
            + "</GetTopicAttributesResult></R>")
        : .json(200, #"{"Attributes":{"VisibilityTimeout":"30"}}"#)
    }
    let aws = try AWS.testing(server)
    #expect(try await aws.sns.getTopicAttributes("arn:t") == ["Owner": "1", "Policy": "{\"a\":1}"])
    #expect(try await aws.sqs.getQueueAttributes(url: "https://q") == ["VisibilityTimeout": "30"])
  }
}
