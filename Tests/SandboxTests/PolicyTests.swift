import Core
import TestSupport
import Testing

@testable import Sandbox

@Suite("Policies of functions")
struct PolicyTests {
  @Test(
    "stars and question marks stand for characters, in ARNs within one part",
    arguments: [
      ("arn:aws:s3:::in*", "arn:aws:s3:::in-1", true), ("arn:aws:s3:::in?", "arn:aws:s3:::in", false),
      ("arn:aws:execute-api:r:a:x/*/GET/o/*", "arn:aws:execute-api:r:a:x/$default/GET/o/{id}", true),
      ("arn:aws:*", "arn:aws:s3:::in", false), ("arn:*:s3:::in", "arn:aws:s3:::in", true),
      ("*", "arn:aws:s3:::in", true), ("arn:aws:s3:::a*b*c", "arn:aws:s3:::a-b-b-c", true),
    ])
  func wildcards(pattern: String, arn: String, matches: Bool) {
    #expect(Wildcard.matches(arn: pattern, arn) == matches)
  }

  @Test("a long pattern of stars is matched in little time")
  func cost() {
    let pattern = String(repeating: "a*", count: 2_000) + "b"
    #expect(!Wildcard.matches(pattern, String(repeating: "a", count: 4_000)))
  }

  @Test("a statement lets in whom it names, from where it says, and nobody else")
  func statements() throws {
    let statement: JSONObject =
      try JSON(
        parsing:
          #"{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","#
          + #""Condition":{"StringEquals":{"AWS:SourceAccount":"1"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::in"}}}"#
      ).object ?? JSONObject()
    let good = PolicyCaller(service: "s3.amazonaws.com", sourceARN: "arn:aws:s3:::in", sourceAccount: "1")
    #expect(good.may("lambda:InvokeFunction", by: [statement]))
    #expect(!good.may("lambda:GetFunction", by: [statement]))
    var other = good
    other.service = "sns.amazonaws.com"
    #expect(!other.may("lambda:InvokeFunction", by: [statement]))
    other = good
    other.sourceARN = "arn:aws:s3:::other"
    #expect(!other.may("lambda:InvokeFunction", by: [statement]))
    other = good
    other.sourceAccount = nil
    #expect(!other.may("lambda:InvokeFunction", by: [statement]))
    var unknown = statement
    unknown["Condition"] = ["NumericLessThan": ["AWS:SourceArn": "x"]]
    #expect(!good.may("lambda:InvokeFunction", by: [unknown]))
    unknown["Condition"] = nil
    unknown["Effect"] = "Deny"
    #expect(!good.may("lambda:InvokeFunction", by: [unknown]))
  }

  @Test(
    "a policy ends at 20,480 bytes, has a revision of its own, and takes no statement that Lambda refuses")
  func limits() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installEcho("f"))
      #expect(rehearsal.permit("f", principal: "s3.amazonaws.com").status == 201)
      let policy = rehearsal.client.send("GET", rehearsal.path("/f/policy"), query: "Qualifier=live").json
      let stale = rehearsal.permit("f", id: "t", principal: "s3.amazonaws.com", ["RevisionId": "stale"])
      #expect(stale.status == 412)
      let right = rehearsal.permit(
        "f", id: "t", principal: "s3.amazonaws.com", ["RevisionId": policy["RevisionId"] ?? .null])
      #expect(right.status == 201)
      #expect(
        rehearsal.permit("f", id: "t", principal: "s3.amazonaws.com").code == "ResourceConflictException")
      for (principal, more) in [
        ("nobody", [:]), ("*", ["FunctionUrlAuthType": "NONE"]), ("*", ["StatementId": "a b"]),
        ("*", ["Action": "s3:Get"]), ("*", ["FunctionUrlAuthType": "SOME"]),
      ] as [(String, JSON)] {
        #expect(rehearsal.permit("f", id: "u", principal: principal, more).status == 400)
      }
      #expect(rehearsal.permit("f", alias: "%24LATEST", id: "u", principal: "*").status == 400)
      var last = right
      for index in 0..<120 where last.status == 201 {
        let source = "arn:aws:events:us-east-1:000000000000:rule/" + String(repeating: "r", count: 64)
        last = rehearsal.permit(
          "f", id: "rule-\(index)", principal: "events.amazonaws.com", ["SourceArn": .string(source)])
      }
      #expect(last.code == "PolicyLengthExceededException")
    }
  }
}
