import Core
import Sandbox
import TestSupport
import Testing

@Suite struct ControlPlaneTests {
  private let code = Package.python("def handler(e, c):\n  return 1")

  @Test("a new function is Pending, then Active, and its RevisionId changes when it settles")
  func creation() async throws {
    // Slow enough that the transition is seen under way.
    try await Rehearsal.run(speed: 3) { rehearsal in
      let created = rehearsal.create("f", code: code)
      #expect(created.status == 201)
      #expect(created.json["State"] == "Pending")
      #expect(created.json["LastUpdateStatus"] == nil)
      let early = rehearsal.publish("f")
      #expect(early.status == 409)
      #expect(early.code == "ResourceConflictException")
      #expect(rehearsal.invoke("f").status == 409)
      #expect(await rehearsal.settled("f"))
      let settled = rehearsal.configuration("f")
      #expect(settled["State"] == "Active")
      #expect(settled["RevisionId"] != created.json["RevisionId"])
      let again = rehearsal.create("f", code: code)
      #expect(again.status == 409)
      #expect(again.message == "Function already exist: f")
    }
  }

  @Test("publishing what has not changed gives the version that is there")
  func unchangedPublish() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", code: code))
      let first = rehearsal.publish("f", ["Description": "one"])
      let second = rehearsal.publish("f", ["Description": "two"])
      #expect(first.json["Version"] == "1")
      #expect(second.status == 201)
      #expect(second.json["Version"] == "1")
      #expect(second.json["Description"] == "one")
      let wrong = rehearsal.publish("f", ["CodeSha256": "x"])
      #expect(wrong.status == 400)
      #expect(wrong.message.hasPrefix("CodeSHA256 (x) is different"))
      #expect(rehearsal.publish("f", ["RevisionId": "old"]).status == 412)
    }
  }

  @Test("an alias write with an old RevisionId changes nothing")
  func compareAndSwap() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      let created = rehearsal.alias("f", version: "1")
      let path = rehearsal.path("/f/aliases/live")
      let revision = created.json["RevisionId"] ?? .null
      let moved = rehearsal.client.send("PUT", path, ["FunctionVersion": "2", "RevisionId": revision])
      #expect(moved.status == 200)
      #expect(moved.json["RevisionId"] != revision)
      let late = rehearsal.client.send("PUT", path, ["FunctionVersion": "1", "RevisionId": revision])
      #expect(late.status == 412)
      #expect(late.code == "PreconditionFailedException")
      #expect(rehearsal.client.send("GET", path).json["FunctionVersion"] == "2")
    }
  }

  @Test("an absent RoutingConfig keeps the weights, an empty one clears them")
  func mergingAlias() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      _ = rehearsal.alias("f", version: "1", weights: ["2": .double(0.1)])
      let path = rehearsal.path("/f/aliases/live")
      let described = rehearsal.client.send("PUT", path, ["Description": "d"])
      #expect(described.json["RoutingConfig"]?["AdditionalVersionWeights"]?["2"]?.double == 0.1)
      let promoted = rehearsal.client.send("PUT", path, ["FunctionVersion": "2"])
      #expect(promoted.message.contains("already included in routing configuration"))
      let cleared = rehearsal.client.send("PUT", path, ["RoutingConfig": ["AdditionalVersionWeights": [:]]])
      #expect(cleared.status == 200)
      #expect(cleared.json["RoutingConfig"] == nil)
    }
  }

  @Test(
    "an alias that breaks a rule is refused in AWS's words",
    arguments: [
      (#"{"1":0.1}"#, 400, "InvalidParameterValueException", "already included"),
      (#"{"2":0.1,"1":0.1}"#, 400, "InvalidParameterValueException", "cannot be greater than 1"),
      (#"{"2":1.5}"#, 400, "ValidationException", "{2=1.5}"),
      (#"{"$LATEST":0.5}"#, 400, "ValidationException", "{$LATEST=0.5}"),
      (#"{"9":0.5}"#, 404, "ResourceNotFoundException", "Function not found"),
    ])
  func refusedWeights(weights: String, status: Int, code: String, text: String) async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      let answer = rehearsal.alias("f", version: "1", weights: try JSON(parsing: weights))
      #expect(answer.status == status)
      #expect(answer.code == code)
      #expect(answer.message.contains(text))
    }
  }

  @Test("a version that an alias uses cannot be deleted")
  func versionInUse() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      _ = rehearsal.alias("f", version: "1", weights: ["2": 0])
      let refused = rehearsal.client.send("DELETE", rehearsal.path("/f"), query: "Qualifier=2")
      #expect(refused.status == 409)
      #expect(refused.message.hasSuffix("the following aliases reference it: [live]"))
      #expect(rehearsal.client.send("DELETE", rehearsal.path("/f")).status == 204)
      #expect(rehearsal.client.send("GET", rehearsal.path("/f")).status == 404)
    }
  }

  @Test("a package that is no zip, or leaves its folder, is refused", arguments: ["junk", "../escape.py"])
  func badPackage(name: String) async throws {
    try await Rehearsal.run { rehearsal in
      let code = name == "junk" ? Array("not a zip".utf8) : Package.zip(name, "x")
      let answer = rehearsal.create("f", code: code)
      #expect(answer.status == 400)
      #expect(answer.message.hasPrefix("Could not unzip uploaded file."))
    }
  }

  @Test(
    "names, partial ARNs and full ARNs mean the same function",
    arguments: [
      "f", "function:f", "000000000000:function:f", "arn:aws:lambda:us-east-1:000000000000:function:f",
      "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af",
    ])
  func namesOfFunctions(name: String) async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", code: code))
      #expect(rehearsal.configuration(name)["FunctionName"] == "f")
      #expect(rehearsal.client.send("GET", rehearsal.path("/\(name)/")).status == 200)
    }
  }

  @Test("lists come in pages of at most 50 and lose nothing")
  func pages() async throws {
    try await Rehearsal.run { rehearsal in
      for index in 0..<53 { #expect(rehearsal.create("f\(index)", code: code).status == 201) }
      let first = rehearsal.client.send("GET", rehearsal.path(""), query: "MaxItems=500").json
      let marker = try #require(first["NextMarker"]?.string).replacing("=", with: "%3D")
      let second = rehearsal.client.send("GET", rehearsal.path(""), query: "Marker=\(marker)").json
      let items = [first, second].flatMap { $0["Functions"]?.array ?? [] }
      #expect(first["Functions"]?.array?.count == 50)
      #expect(Set(items.compactMap { $0["FunctionName"]?.string }).count == 53)
      #expect(second["NextMarker"] == nil)
      #expect(items.first?["State"] == nil)
    }
  }

  @Test("unsigned, wrongly signed and stale requests are refused")
  func signatures() async throws {
    try await Rehearsal.run(speed: 1) { rehearsal in
      let path = rehearsal.path("")
      #expect(rehearsal.client.send("GET", path, signed: false).code == "MissingAuthenticationTokenException")
      var other = rehearsal.client
      other.secret = "wrong"
      #expect(other.send("GET", path).code == "InvalidSignatureException")
      other = rehearsal.client
      other.date = SystemClock().now() - .minutes(20)
      let stale = other.send("GET", path)
      #expect(stale.status == 403)
      #expect(stale.message.hasPrefix("Signature expired"))
      #expect(rehearsal.client.send("GET", path).status == 200)
    }
  }

  @Test("under strict limits the control plane throttles, and not otherwise", arguments: [true, false])
  func rateLimits(strict: Bool) async throws {
    try await Rehearsal.run(speed: 1, strict: strict) { rehearsal in
      let statuses = (0..<200).map { _ in rehearsal.client.send("GET", rehearsal.path("")).status }
      #expect(statuses.contains(429) == strict)
    }
  }

  @Test("a lost answer happens after the operation, a dropped request before it")
  func faults() async throws {
    let faults = try SandboxFaults(
      parsing: "CreateFunction=lose-answer:1,DeleteFunction=drop:1,ListFunctions=error:1")
    try await Rehearsal.run(faults: faults) { rehearsal in
      #expect(rehearsal.create("f", code: code).status == 0)
      #expect(rehearsal.client.send("GET", rehearsal.path("/f")).status == 200)
      #expect(rehearsal.client.send("DELETE", rehearsal.path("/f")).status == 0)
      #expect(rehearsal.client.send("GET", rehearsal.path("/f")).status == 200)
      #expect(rehearsal.client.send("GET", rehearsal.path("")).status == 500)
    }
  }

  @Test(
    "a fault that cannot be understood is refused", arguments: ["x", "A=b:1", "A=error:2", "A=slow:ages"])
  func badFaults(text: String) {
    #expect(throws: SandboxFaultError.self) { try SandboxFaults(parsing: text) }
  }
}
