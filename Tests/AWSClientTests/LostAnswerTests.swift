import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("Versions, aliases and lost answers")
struct LostAnswerTests {
  private static let alias =
    #"{"Name":"live","FunctionVersion":"2","Description":"d","RevisionId":"r2","AliasArn":"arn","#
    + #""RoutingConfig":{"AdditionalVersionWeights":{"3":0.1}}}"#

  private func only(_ server: LoopbackServer) throws -> ReceivedRequest {
    try #require(server.requests.count == 1)
    return server.requests[0]
  }

  @Test("an alias write carries the RevisionId, and an empty map that clears the weights")
  func updateAlias() async throws {
    let server = try LoopbackServer(.json(200, Self.alias))
    let alias = try await AWS.testing(server).lambda.updateAlias(
      "orders", name: "live", version: "2", weights: [:], description: "", revisionID: "r1")
    let request = try only(server)
    #expect(request.method == "PUT")
    #expect(request.path == "/2015-03-31/functions/orders/aliases/live")
    #expect(
      request.json
        == [
          "FunctionVersion": "2", "Description": "", "RoutingConfig": ["AdditionalVersionWeights": [:]],
          "RevisionId": "r1",
        ])
    #expect(alias.weights == ["3": 0.1])
    #expect(alias.revisionID == "r2")
  }

  @Test(
    "an alias write whose answer is lost succeeds when the alias is as asked, else it fails with 412",
    arguments: [
      ("2", ["3": 0.1], "d", true), ("2", ["3": 0.2], "d", false), ("1", ["3": 0.1], "d", false),
      ("2", ["3": 0.1], "other", false),
    ])
  func lostAliasWrite(version: String, weights: [String: Double], description: String, succeeds: Bool)
    async throws
  {
    let server = try LoopbackServer { request, index in
      if request.method == "GET" { return .json(200, Self.alias) }
      return index == 0
        ? .hangUp : .error(412, "PreconditionFailedException", "The Revision Id provided does not match")
    }
    let aws = try AWS.testing(server)
    let error = await failure { () async throws(AWSError) in
      let alias = try await aws.lambda.updateAlias(
        "orders", name: "live", version: version, weights: weights, description: description, revisionID: "r1"
      )
      #expect(alias.revisionID == "r2")
    }
    #expect((error == nil) == succeeds)
    #expect(succeeds || error?.isPreconditionFailed == true)
    #expect(server.requests.map(\.method) == ["PUT", "PUT", "GET"])
  }

  @Test("412 without a lost answer is an error, even when the alias looks right")
  func plainConflict() async throws {
    let server = try LoopbackServer { request, _ in
      request.method == "GET"
        ? .json(200, Self.alias) : .error(412, "PreconditionFailedException", "no match")
    }
    let aws = try AWS.testing(server)
    let error = await failure { () async throws(AWSError) in
      _ = try await aws.lambda.updateAlias(
        "orders", name: "live", version: "2", weights: ["3": 0.1], description: "d", revisionID: "r1")
    }
    #expect(error?.isPreconditionFailed == true)
    #expect(server.requests.count == 1)
  }

  @Test("a new alias that exists after a lost answer is compared, not taken for an error")
  func lostCreateAlias() async throws {
    let server = try LoopbackServer { request, index in
      if request.method == "GET" {
        return .json(200, #"{"Name":"live","FunctionVersion":"2","Description":"d"}"#)
      }
      return index == 0 ? .hangUp : .error(409, "ResourceConflictException", "Alias already exists: arn:live")
    }
    let lambda = try AWS.testing(server).lambda
    let alias = try await lambda.createAlias("orders", name: "live", version: "2", description: "d")
    #expect(alias.functionVersion == "2")
    #expect(server.requests[0].json == ["Name": "live", "FunctionVersion": "2", "Description": "d"])
  }

  @Test("a lost PublishVersion makes no second version")
  func lostPublish() async throws {
    let server = try LoopbackServer { request, index in
      if request.method == "GET" {
        return .json(
          200,
          #"{"Versions":[{"FunctionName":"orders","Version":"$LATEST","CodeSha256":"abc"},{"FunctionName":"orders","#
            + #""Version":"10","CodeSha256":"abc","Description":"run 7"},{"FunctionName":"orders","Version":"9"}]}"#
        )
      }
      return index == 0 ? .json(504, "") : .error(412, "PreconditionFailedException", "no match")
    }
    let lambda = try AWS.testing(server).lambda
    let version = try await lambda.publishVersion(
      "orders", codeSHA256: "abc", revisionID: "r1", description: "run 7")
    #expect(version.version == "10")
    #expect(server.requests.map(\.method) == ["POST", "POST", "GET"])
    #expect(server.requests[0].json == ["CodeSha256": "abc", "RevisionId": "r1", "Description": "run 7"])
  }

  @Test("a lost code update that is under way is recognised by its digest")
  func lostCodeUpdate() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("code.zip", "PK")
    let digest = SHA256.digest(of: "PK").base64
    let server = try LoopbackServer { request, index in
      if request.method == "GET" {
        return .json(
          200,
          "{\"Configuration\":{\"FunctionName\":\"orders\",\"CodeSha256\":\"\(digest)\",\"RevisionId\":\"r2\"}}"
        )
      }
      return index == 0
        ? .hangUp : .error(409, "ResourceConflictException", "An update is in progress for resource: arn")
    }
    let lambda = try AWS.testing(server).lambda
    let updated = try await lambda.updateFunctionCode("orders", code: .zip(path: path), revisionID: "r1")
    #expect(updated.revisionID == "r2")
  }

  @Test(
    "a lost PublishVersion that cannot be looked into fails for want of the look, and makes no second version",
    arguments: [403, 500])
  func unreadableVersions(status: Int) async throws {
    let server = try LoopbackServer { request, index in
      if request.method == "GET" {
        return status == 403
          ? .error(403, "AccessDeniedException", "not authorized to perform: lambda:ListVersionsByFunction")
          : .error(500, "ServiceException", "internal")
      }
      return index == 0 ? .hangUp : .error(412, "PreconditionFailedException", "no match")
    }
    let aws = try AWS.testing(server)
    let error = await failure { () async throws(AWSError) in
      _ = try await aws.lambda.publishVersion("orders", codeSHA256: "abc", revisionID: "r1", description: "d")
    }
    #expect(error?.fault?.operation == "ListVersionsByFunction")
    #expect(error?.fault?.status == status)
    #expect(server.requests.filter { $0.method == "POST" }.count == 2)
  }

  @Test("a function that exists after a lost answer, and that no read shows yet, is said to exist")
  func unseenFunction() async throws {
    let server = try LoopbackServer { request, index in
      if request.method == "GET" {
        return .error(404, "ResourceNotFoundException", "Function not found: arn")
      }
      return index == 0 ? .hangUp : .error(409, "ResourceConflictException", "Function already exist: orders")
    }
    let aws = try AWS.testing(server)
    let error = await failure { () async throws(AWSError) in
      _ = try await aws.lambda.createFunction(
        name: "orders", code: .image(uri: "u"), configuration: JSONObject())
    }
    #expect(error?.conflict == .alreadyExists)
  }
}
