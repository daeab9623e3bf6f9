import AWSClient
import Core
import TestSupport
import Testing

@testable import Triggers

@Suite("Callers that nobody looked at")
struct UnseenTests {
  private static func statement(_ sid: String, _ service: String, _ more: [(String, JSON)]) -> JSONObject {
    World.placed(
      JSONObject(
        [
          ("StatementId", .string(sid)), ("Action", "lambda:InvokeFunction"),
          ("Principal", .string("\(service).amazonaws.com")),
        ] + more))
  }

  private static let blind: [(sid: String, service: String, more: [(String, JSON)])] = [
    ("account", "s3", [("SourceAccount", "123456789012")]),
    ("anybucket", "s3", [("SourceArn", "arn:aws:s3:::*")]),
    ("anytopic", "sns", [("SourceArn", "arn:aws:sns:*:*:news-*")]),
    ("anyrule", "events", [("SourceArn", "arn:aws:events:eu-west-1:123456789012:rule/*")]),
    ("log", "logs", [("SourceArn", "arn:aws:logs:eu-west-1:123456789012:log-group:a:*")]),
    ("pool", "cognito-idp", [("SourceArn", "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/p")]),
    ("rest", "apigateway", [("SourceArn", "arn:aws:execute-api:eu-west-1:123456789012:rest1/*/GET/a")]),
    ("socket", "apigateway", [("SourceArn", "arn:aws:execute-api:eu-west-1:123456789012:sock1/*/$default")]),
    ("farapi", "apigateway", [("SourceArn", "arn:aws:execute-api:eu-west-1:999999999999:far1/*/GET/a")]),
    ("fartopic", "sns", [("SourceArn", "arn:aws:sns:us-east-1:123456789012:far")]),
    ("farbucket", "s3", [("SourceArn", "arn:aws:s3:::far"), ("SourceAccount", "999999999999")]),
    ("hidden", "sns", [("SourceArn", "arn:aws:sns:eu-west-1:999999999999:hidden")]),
  ]

  private static func world() -> World {
    let world = World.hanging()
    world.change { contents in
      for one in blind { contents.bareStatements[one.sid] = statement(one.sid, one.service, one.more) }
      contents.bareStatements["gonetopic"] = statement(
        "gonetopic", "sns", [("SourceArn", "arn:aws:sns:eu-west-1:123456789012:gone")])
      contents.goneTopics = ["arn:aws:sns:eu-west-1:123456789012:gone"]
      contents.hiddenTopics = ["arn:aws:sns:eu-west-1:999999999999:hidden"]
      contents.apis.append(
        JSONObject([("apiId", "sock1"), ("name", "talk"), ("protocolType", "WEBSOCKET")]))
    }
    return world
  }

  @Test("do not hinder an adoption, are named by it, and keep their permissions when it is finished")
  func kept() async throws {
    let world = Self.world()
    let plan = await world.plan()
    #expect(plan.obstacles == [] && !plan.moves.isEmpty)
    let sids = Self.blind.map(\.sid)
    for sid in sids {
      #expect(plan.notes.contains { $0.contains("the statement \(sid) lets ") }, "\(sid)")
    }
    #expect(!plan.notes.contains { $0.contains("the statement gonetopic ") })
    let journals = MemoryJournals(world)
    #expect(try await world.adopt(journals) == [:])
    let edges = await HangingSurveyor(world.services, parallel: 1, readsStacks: true).survey([World.scope])[0]
    let farewell = MovePlan.farewell(edges, evenManaged: false)
    #expect(farewell.obstacles == [])
    #expect(farewell.notes.count == sids.count)
    #expect(edges.idleStatements == Set(world.contents.bareStatements.keys))
    try await world.finish(journals)
    #expect(Set(world.contents.bareStatements.keys) == Set(sids))
  }

  @Test("an API is called by what it is, with the calls that move it")
  func apis() async {
    let notes = await Self.world().plan().notes
    #expect(notes.contains { $0.contains("the API rest1 is a REST API, which is moved by hand, or gone") })
    #expect(notes.contains { $0.contains("aws apigatewayv2 update-integration --api-id sock1") })
    #expect(notes.contains { $0.contains("the API far1 is one of the account 999999999999 in eu-west-1") })
  }

  @Test("a bucket that may be another account's is not passed over, and what to do about it is told")
  func forbidden() async {
    let world = World.hanging()
    world.change { contents in
      contents.bareStatements["b"] = Self.statement("b", "s3", [("SourceArn", "arn:aws:s3:::closed")])
      contents.closedBuckets = ["closed"]
    }
    let plan = await world.plan()
    #expect(plan.obstacles.count == 1 && plan.moves == [])
    #expect(plan.obstacles.first?.fix?.contains("give the statement its SourceAccount") == true)
  }

  @Test("a pattern of sources stands for what IAM takes it for")
  func patterns() {
    let cases: [(String, String, Bool)] = [
      ("arn:a", "arn:a", true), ("arn:a", "arn:ab", false), ("*", "arn:a", true), ("arn:*", "arn:a:b", true),
      ("arn:?", "arn:a", true), ("arn:?", "arn:", false), ("a*b*c", "axbybzc", true),
      ("a*b*c", "axbybz", false),
      ("*a", "ba", true), ("*a", "ab", false), ("", "", true), ("*", "", true),
    ]
    for (pattern, text, isMeant) in cases {
      #expect(SourcePattern(pattern).matches(text) == isMeant, "\(pattern) \(text)")
    }
  }
}
