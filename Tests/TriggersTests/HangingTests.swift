import AWSClient
import Core
import TestSupport
import Testing

@testable import Triggers

@Suite("What calls a function, by whatever name")
struct HangingTests {
  private static func survey(_ change: (inout World.Contents) -> Void) async -> HangingEdges {
    let world = World()
    world.change(change)
    return await HangingSurveyor(world.services, parallel: 1, readsStacks: false).survey([World.scope])[0]
  }

  private static func open(_ action: String, _ condition: JSON) -> JSONObject {
    JSONObject([
      ("Sid", .string(action)), ("Effect", "Allow"), ("Principal", "*"), ("Action", .string(action)),
      ("Condition", condition),
    ])
  }

  private static let byURL = open(
    "lambda:InvokeFunctionUrl", ["StringEquals": ["lambda:FunctionUrlAuthType": "NONE"]])
  private static let byFunction = open(
    "lambda:InvokeFunction", ["Bool": ["lambda:InvokedViaFunctionUrl": "true"]])
  private static let url = JSONObject([("FunctionUrl", "https://u.lambda-url/"), ("AuthType", "NONE")])

  @Test(
    "a URL with one of its two permissions is bad, of the alias or the bare function; with both it is not")
  func urls() async {
    let half = await Self.survey { contents in
      contents.url = Self.url
      contents.statements = ["a": Self.byURL]
      contents.bareURL = Self.url
      contents.bareStatements = ["b": Self.byFunction]
    }
    #expect(half.findings.map(\.isBad) == [true, true])
    #expect(half.findings[0].text.contains("lets * lambda:InvokeFunction and not lambda:InvokeFunctionUrl"))
    #expect(half.findings[0].fix.contains("--action lambda:InvokeFunctionUrl"))
    #expect(half.findings[1].text.contains("lets * lambda:InvokeFunctionUrl and not lambda:InvokeFunction,"))
    #expect(
      half.findings[1].fix.contains("--qualifier prod")
        && half.findings[1].fix.contains("--invoked-via-function-url")
    )
    let whole = await Self.survey { contents in
      contents.url = Self.url
      contents.statements = ["a": Self.byURL, "b": Self.byFunction]
    }
    #expect(whole.findings == [])
  }

  @Test("a stream that is mapped to the bare function and to the alias is bad; a queue shares its messages")
  func twins() async {
    func twice(_ source: String) async -> [HangingFinding] {
      await Self.survey { contents in
        contents.mappings = [("m", World.bare), ("n", World.scope.aliasARN)].map { id, arn in
          JSONObject([
            ("UUID", .string(id)), ("FunctionArn", .string(arn)), ("EventSourceArn", .string(source)),
            ("State", "Enabled"),
          ])
        }
      }.findings
    }
    let found = await twice(World.stream)
    #expect(found.map(\.isBad) == [true])
    #expect(found.first?.text.contains("(m) and to the alias (n)") == true)
    #expect(await twice(World.queue) == [])
  }

  @Test("what names a version, a statement without a source, and a bucket with two owners are worth a word")
  func warnings() async {
    let edges = await Self.survey { contents in
      contents.mappings = [
        JSONObject([
          ("UUID", "m"), ("FunctionArn", .string("\(World.bare):7")),
          ("EventSourceArn", .string(World.queue)),
          ("State", "Enabled"),
        ])
      ]
      contents.bareStatements = [
        "any": JSONObject([
          ("Sid", "any"), ("Effect", "Allow"), ("Principal", ["Service": "s3.amazonaws.com"]),
          ("Action", "lambda:InvokeFunction"),
        ]),
        "in": World.placed(
          JSONObject([
            ("StatementId", "in"), ("Action", "lambda:InvokeFunction"), ("Principal", "s3.amazonaws.com"),
            ("SourceArn", "arn:aws:s3:::in"),
          ])),
      ]
      contents.buckets["in"] =
        "<NotificationConfiguration>\(World.theirs)<QueueConfiguration><Id>lamctl-a</Id>"
        + "<Queue>arn:aws:sqs:eu-west-1:1:r</Queue></QueueConfiguration></NotificationConfiguration>"
    }
    #expect(edges.findings.allSatisfy { !$0.isBad })
    let texts = edges.findings.map(\.text)
    #expect(texts.contains { $0.contains("calls version 7, and no release ever reaches it") })
    #expect(texts.contains { $0.contains("the statement any lets s3.amazonaws.com call for anybody's") })
    #expect(texts.contains { $0.contains("the bucket in has entries of lamctl's and of others") })
    #expect(texts.count == 3)
  }

  @Test("by which name something calls the function is read of ARNs and of API Gateway's paths")
  func names() {
    let path = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
    let cases: [(String, CalledName?)] = [
      (World.bare, .bare), ("\(World.bare):$LATEST", .latest), ("\(World.bare):12", .version("12")),
      ("\(World.bare):prod", .alias("prod")), ("\(World.bare)-other", nil),
      ("arn:aws:sqs:eu-west-1:1:q", nil),
      ("\(path)\(World.bare)/invocations", .bare), ("\(path)\(World.bare):prod/invocations", .alias("prod")),
    ]
    for (arn, name) in cases { #expect(CalledName(arn, in: World.scope) == name, "\(arn)") }
    #expect(
      World.scope.led("\(path)\(World.bare):$LATEST/invocations")
        == "\(path)\(World.scope.aliasARN)/invocations")
    #expect(World.scope.led(World.bare) == World.scope.aliasARN)
  }

  @Test("instances that are kept ready for a version are told in the plan, as the alias has none of them")
  func provisioned() async {
    let world = World.hanging()
    world.change { $0.provisioned = ["\(World.bare):7": 5, "\(World.bare):prod": 3] }
    let notes = await world.plan().notes.filter { $0.contains("provisioned") }
    #expect(notes == ["5 provisioned instances stay with version 7: who moves to the alias has none of them"])
  }

  @Test("a statement is copied as AddPermission takes it, or not at all")
  func forms() {
    func form(_ members: [(String, JSON)]) -> JSONObject? {
      StatementForm(PolicyStatement(JSONObject([("Sid", "s"), ("Effect", "Allow")] + members)))?.request
    }
    let invoke: (String, JSON) = ("Action", "lambda:InvokeFunction")
    #expect(
      form([
        invoke, ("Principal", ["Service": "s3.amazonaws.com"]),
        ("Condition", ["ArnLike": ["AWS:SourceArn": "arn:a"], "StringEquals": ["AWS:SourceAccount": "1"]]),
      ])
        == JSONObject([
          ("Action", "lambda:InvokeFunction"), ("Principal", "s3.amazonaws.com"), ("SourceArn", "arn:a"),
          ("SourceAccount", "1"),
        ]))
    #expect(
      form([invoke, ("Principal", ["AWS": "arn:aws:iam::123456789012:root"])])?["Principal"] == "123456789012"
    )
    for members: [(String, JSON)] in [
      [invoke, ("Principal", ["AWS": ["1", "2"]])], [invoke, ("Principal", ["AWS": "AIDAEXAMPLE"])],
      [("Action", ["lambda:InvokeFunction", "lambda:GetFunction"]), ("Principal", "*")],
      [invoke, ("Principal", "*"), ("Condition", ["IpAddress": ["aws:SourceIp": "10.0.0.0/8"]])],
      [invoke, ("Principal", "*"), ("Condition", ["ArnLike": ["AWS:SourceArn": ["arn:a", "arn:b"]]])],
    ] {
      #expect(form(members) == nil)
    }
  }

  @Test(
    "of an entry that calls another function the id and the ARN are new, and all else stays byte for byte")
  func renamed() throws {
    let head = "<NotificationConfiguration><CloudFunctionConfiguration a=\"1\">\n <Id>x<!-- y --></Id>"
    let tail =
      "<Event>s3:ObjectCreated:*</Event><New><Id>deep</Id>&#x41;</New></CloudFunctionConfiguration>"
      + "</NotificationConfiguration>"
    let text = "\(head)<CloudFunction>arn:f</CloudFunction>\(tail)"
    let document = try NotificationDocument(parsing: Array(text.utf8))
    let moved = document.replacing { $0.renamed(id: "a&b", target: "arn:g") }
    #expect(
      String(decoding: moved, as: UTF8.self)
        == "<NotificationConfiguration><CloudFunctionConfiguration a=\"1\">\n <Id>a&amp;b</Id>"
        + "<CloudFunction>arn:g</CloudFunction>\(tail)")
    #expect(try NotificationDocument(parsing: moved).elements.map(\.id) == ["a&b"])
  }
}
