import Core
import Sandbox
import TestSupport
import Testing

/// Schedules of a rehearsal: what a release leaves behind in case it dies.
extension Rehearsal {
  /// An `at` expression; `seconds` are of virtual time.
  func time(in seconds: Double) -> String {
    "at(\((server.clock.now() + .seconds(seconds)).iso8601.dropLast()))"
  }

  /// A schedule that calls UpdateAlias for `live` of the function f.
  func schedule(
    _ input: JSON, at expression: String, token: String? = nil, afterwards: String = "DELETE"
  ) -> JSON {
    let named = JSONObject([("FunctionName", "f"), ("Name", "live")]).merging(input.object ?? JSONObject())
    var body = JSONObject([
      ("ScheduleExpression", .string(expression)), ("FlexibleTimeWindow", ["Mode": "OFF"]),
      ("ActionAfterCompletion", .string(afterwards)),
      (
        "Target",
        [
          "Arn": "arn:aws:scheduler:::aws-sdk:lambda:updateAlias",
          "RoleArn": "arn:aws:iam::000000000000:role/put-back", "Input": .string(JSON.object(named).text()),
        ]
      ),
    ])
    body["ClientToken"] = token.map(JSON.string)
    return .object(body)
  }

  /// A schedule that calls an operation of Lambda.
  func schedule(calling operation: String, _ input: JSON, at expression: String) -> JSON {
    [
      "ScheduleExpression": .string(expression), "FlexibleTimeWindow": ["Mode": "OFF"],
      "ActionAfterCompletion": "DELETE",
      "Target": [
        "Arn": .string("arn:aws:scheduler:::aws-sdk:lambda:\(operation)"),
        "RoleArn": "arn:aws:iam::000000000000:role/put-back", "Input": .string(input.text()),
      ],
    ]
  }

  func send(_ method: String, schedule name: String, _ body: JSON? = nil, query: String = "")
    -> SandboxClient.Answer
  {
    client.send(
      method, "/schedules/\(name)", query: query, body: body.map { Array($0.text().utf8) } ?? [],
      service: "scheduler")
  }

  var live: JSON { client.send("GET", path("/f/aliases/live")).json }

  func isGone(_ name: String) async -> Bool {
    await eventually { self.send("GET", schedule: name).status == 404 }
  }
}

@Suite struct SchedulerTests {
  /// Puts an alias back to version 1 and clears its weights.
  private static let putBack: JSON = [
    "FunctionVersion": "1", "RoutingConfig": ["AdditionalVersionWeights": [:]], "Description": "put back",
  ]

  @Test("a due schedule puts an alias back, clears its weights and goes away, and an early one waits")
  func due() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      let alias = rehearsal.alias("f", version: "1", weights: ["2": .double(0.25)]).json
      let input = Self.putBack.object?.merging(JSONObject([("RevisionId", alias["RevisionId"] ?? .null)]))
      let body = rehearsal.schedule(.object(input ?? JSONObject()), at: rehearsal.time(in: 1_200))
      let created = rehearsal.send("POST", schedule: "back", body)
      #expect(created.status == 200)
      #expect(
        created.json["ScheduleArn"] == "arn:aws:scheduler:us-east-1:000000000000:schedule/default/back")
      let far = rehearsal.schedule(["FunctionVersion": "2"], at: rehearsal.time(in: 1e8))
      #expect(rehearsal.send("POST", schedule: "far", far).status == 200)
      #expect(rehearsal.live == alias)

      #expect(await rehearsal.isGone("back"))
      let now = rehearsal.live
      #expect(now["FunctionVersion"] == "1")
      #expect(now["RoutingConfig"] == nil)
      #expect(now["Description"] == "put back")
      #expect(now["RevisionId"] != alias["RevisionId"])
      #expect(rehearsal.send("GET", schedule: "far").json["State"] == "ENABLED")
    }
  }

  @Test("a schedule with a stale RevisionId changes nothing, goes away all the same, and the log says why")
  func stale() async throws {
    let lines = Lock<[String]>([])
    let log = { @Sendable (line: String) in lines.withLock { $0.append(line) } }
    try await Rehearsal.run(log: log) { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      let alias = rehearsal.alias("f", version: "1", weights: ["2": .double(0.25)]).json
      let body = rehearsal.schedule(
        ["FunctionVersion": "2", "RoutingConfig": [:], "RevisionId": "stale"], at: rehearsal.time(in: 60))
      #expect(rehearsal.send("POST", schedule: "back", body).status == 200)
      #expect(await rehearsal.isGone("back"))
      #expect(rehearsal.live == alias)
      let good = rehearsal.schedule(Self.putBack, at: rehearsal.time(in: 60))
      #expect(rehearsal.send("POST", schedule: "next", good).status == 200)
      #expect(await rehearsal.isGone("next"))
      let told = lines.withLock { $0 }.filter { $0.hasPrefix("schedule ") }
      #expect(told.count == 2)
      #expect(told.first?.hasPrefix("schedule back UpdateAlias f 412 PreconditionFailedException: ") == true)
      #expect(told.last == "schedule next UpdateAlias f 200")
    }
  }

  @Test("due schedules take a URL away and later its alias, and go away themselves")
  func removed() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      #expect(rehearsal.alias("f", version: "2").status == 201)
      let url = "/2021-10-31/functions/f/url"
      let made = rehearsal.client.send(
        "POST", url, query: "Qualifier=live", body: Array(#"{"AuthType":"AWS_IAM"}"#.utf8))
      #expect(made.status == 201, "\(made.json.text())")
      let first = rehearsal.schedule(
        calling: "deleteFunctionUrlConfig", ["FunctionName": "f", "Qualifier": "live"],
        at: rehearsal.time(in: 1_200))
      let second = rehearsal.schedule(
        calling: "deleteAlias", ["FunctionName": "f", "Name": "live"], at: rehearsal.time(in: 6_000))
      #expect(rehearsal.send("POST", schedule: "url", first).status == 200)
      #expect(rehearsal.send("POST", schedule: "alias", second).status == 200)
      #expect(rehearsal.client.send("GET", url, query: "Qualifier=live").status == 200)

      #expect(await rehearsal.isGone("url"))
      #expect(rehearsal.client.send("GET", url, query: "Qualifier=live").status == 404)
      #expect(await rehearsal.isGone("alias"))
      #expect(rehearsal.client.send("GET", rehearsal.path("/f/aliases/live")).status == 404)
    }
  }

  @Test(
    "the input of an operation has what it needs and nothing that it does not know",
    arguments: [
      ("deleteAlias", #"{"FunctionName":"f"}"#, "FunctionName and Name"),
      ("deleteAlias", #"{"FunctionName":"f","Name":"live","Qualifier":"live"}"#, "Qualifier"),
      ("deleteFunctionUrlConfig", #"{"Qualifier":"live"}"#, "with FunctionName, which is text"),
      ("deleteFunctionUrlConfig", #"{"FunctionName":"f","Name":"live"}"#, "Name"),
      ("deleteFunction", #"{"FunctionName":"f"}"#, "aws-sdk:lambda:deleteFunction"),
    ])
  func inputs(operation: String, input: String, text: String) async throws {
    try await Rehearsal.run { rehearsal in
      let body = rehearsal.schedule(
        calling: operation, try JSON(parsing: input), at: "at(2999-01-02T03:04:05)")
      let answer = rehearsal.send("POST", schedule: "s", body)
      #expect(answer.status == 400)
      #expect(answer.json["Message"]?.string?.contains(text) == true, "\(answer.json.text())")
      #expect(rehearsal.send("GET", schedule: "s").status == 404)
    }
  }

  @Test("an update moves a schedule to another time, and what is deleted or disabled never happens")
  func moved() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      #expect(rehearsal.alias("f", version: "1").status == 201)
      let wrong: JSON = ["FunctionVersion": "2"]
      let soon = rehearsal.time(in: 2_400)
      for name in ["later", "deleted", "disabled"] {
        #expect(rehearsal.send("POST", schedule: name, rehearsal.schedule(wrong, at: soon)).status == 200)
      }
      let far = rehearsal.schedule(Self.putBack, at: rehearsal.time(in: 1e8))
      #expect(rehearsal.send("POST", schedule: "sooner", far).status == 200)

      let later = rehearsal.schedule(wrong, at: rehearsal.time(in: 1e8))
      #expect(rehearsal.send("PUT", schedule: "later", later).status == 200)
      #expect(rehearsal.send("DELETE", schedule: "deleted", query: "groupName=default").status == 200)
      var disabled = rehearsal.schedule(wrong, at: soon).object ?? JSONObject()
      disabled["State"] = "DISABLED"
      #expect(rehearsal.send("PUT", schedule: "disabled", .object(disabled)).status == 200)
      // Due after all the others were, so that it being done tells that they were passed over.
      let sooner = rehearsal.schedule(Self.putBack, at: rehearsal.time(in: 2_700))
      #expect(rehearsal.send("PUT", schedule: "sooner", sooner).status == 200)

      #expect(await rehearsal.isGone("sooner"))
      #expect(rehearsal.live["FunctionVersion"] == "1")
      #expect(rehearsal.live["Description"] == "put back")
      #expect(rehearsal.send("GET", schedule: "later").status == 200)
      #expect(rehearsal.send("DELETE", schedule: "deleted").message == "Schedule deleted does not exist.")
      #expect(rehearsal.send("PUT", schedule: "deleted", later).status == 404)
      #expect(rehearsal.send("GET", schedule: "disabled").json["State"] == "DISABLED")
    }
  }

  @Test("a schedule that stays after its time is carried out once")
  func kept() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      #expect(rehearsal.alias("f", version: "2").status == 201)
      let kept = rehearsal.schedule(Self.putBack, at: rehearsal.time(in: 60), afterwards: "NONE")
      #expect(rehearsal.send("POST", schedule: "kept", kept).status == 200)
      #expect(await eventually { rehearsal.live["FunctionVersion"] == "1" })
      let moved = rehearsal.client.send("PUT", rehearsal.path("/f/aliases/live"), ["FunctionVersion": "2"])
      #expect(moved.status == 200)
      let next = rehearsal.schedule(["Description": "next"], at: rehearsal.time(in: 60))
      #expect(rehearsal.send("POST", schedule: "next", next).status == 200)
      #expect(await rehearsal.isGone("next"))
      #expect(rehearsal.live["FunctionVersion"] == "2")
      #expect(rehearsal.send("GET", schedule: "kept").status == 200)
    }
  }

  @Test(
    "schedules outlive a sandbox, and what comes due while none runs is carried out after the next start",
    arguments: [(speed: 600.0, idle: 0.0), (speed: 1, idle: 3_600)])
  func restart(speed: Double, idle: Double) async throws {
    let folder = try TemporaryFolder()
    let first = try Rehearsal(folder: folder, speed: 60)
    #expect(await first.installTwoVersions("f"))
    #expect(first.alias("f", version: "1", weights: ["2": .double(0.25)]).status == 201)
    let body = first.schedule(Self.putBack, at: first.time(in: 1_800))
    #expect(first.send("POST", schedule: "back", body).status == 200)
    let far = first.schedule(["FunctionVersion": "2"], at: first.time(in: 1e8), token: "t")
    #expect(first.send("POST", schedule: "far", far).status == 200)
    let before = first.send("GET", schedule: "far").json
    #expect(first.send("GET", schedule: "back").status == 200)
    await first.server.stop()
    // The time at which a sandbox goes on is in its folder: so an hour passes at once.
    let end = try JSON(parsing: try folder.read("clock.json"))["virtual"]?.double ?? 0
    let time: JSON = ["virtual": .double(end + idle), "clean": true]
    try folder.write("clock.json", time.text())

    let second = try Rehearsal(folder: folder, speed: speed)
    #expect(await second.isGone("back"))
    #expect(second.live["RoutingConfig"] == nil)
    #expect(second.live["Description"] == "put back")
    #expect(second.send("GET", schedule: "far").json == before)
    #expect(second.send("POST", schedule: "far", far).status == 200)
    await second.server.stop()
  }

  @Test("a repeated creation is the same schedule when its ClientToken says so, and else a conflict")
  func repetition() async throws {
    try await Rehearsal.run { rehearsal in
      let body = rehearsal.schedule([:], at: rehearsal.time(in: 1e8), token: "one")
      let first = rehearsal.send("POST", schedule: "s", body)
      #expect(first.status == 200)
      #expect(rehearsal.send("POST", schedule: "s", body).json == first.json)
      for token in ["two", nil] {
        let other = rehearsal.schedule([:], at: rehearsal.time(in: 1e8), token: token)
        let answer = rehearsal.send("POST", schedule: "s", other)
        #expect(answer.status == 409)
        #expect(answer.code == "ConflictException")
        #expect(answer.json == ["Message": "Schedule s already exists."])
      }
    }
  }

  @Test("schedules are listed by name, page by page, and shown with the defaults of what was left out")
  func listed() async throws {
    try await Rehearsal.run { rehearsal in
      let body = rehearsal.schedule([:], at: "at(2999-01-02T03:04:05)", afterwards: "NONE")
      for name in ["b", "a.1", "a-2"] {
        #expect(rehearsal.send("POST", schedule: name, body).status == 200)
      }
      let list = { (query: String) in
        rehearsal.client.send("GET", "/schedules", query: query, service: "scheduler").json
      }
      let names = { (page: JSON) in (page["Schedules"]?.array ?? []).compactMap { $0["Name"]?.string } }
      #expect(names(list("")) == ["a-2", "a.1", "b"])
      let first = list("MaxResults=2")
      #expect(names(first) == ["a-2", "a.1"])
      #expect(rehearsal.send("DELETE", schedule: "a.1").status == 200)
      let token = try #require(first["NextToken"]?.string).replacing("=", with: "%3D")
      let second = list("NextToken=\(token)")
      #expect(names(second) == ["b"])
      #expect(second["NextToken"] == nil)
      #expect(names(list("NamePrefix=a")) == ["a-2"])
      #expect(names(list("State=DISABLED")) == [])
      let shown = rehearsal.send("GET", schedule: "b").json
      #expect(shown["ScheduleExpression"] == "at(2999-01-02T03:04:05)")
      #expect(shown["ScheduleExpressionTimezone"] == "UTC")
      #expect(shown["GroupName"] == "default")
      #expect(shown["CreationDate"]?.double == shown["LastModificationDate"]?.double)
      #expect(shown["Target"]?["RetryPolicy"]?["MaximumRetryAttempts"] == 185)
    }
  }

  @Test(
    "what breaks a rule, and what the sandbox does not carry out, is refused and leaves nothing behind",
    arguments: [
      (#"{"ScheduleExpression":null}"#, 400, "'scheduleExpression' failed to satisfy constraint"),
      (#"{"ScheduleExpression":"rate(5 seconds)"}"#, 400, "Invalid Schedule Expression"),
      (#"{"ScheduleExpression":"cron(0 10 * * * *)"}"#, 400, "Invalid Schedule Expression"),
      (#"{"ScheduleExpression":"at(2999-02-30T00:00:00)"}"#, 400, "Invalid Schedule Expression"),
      (#"{"ScheduleExpression":"at(2999-02-03 00:00:00)"}"#, 400, "Invalid Schedule Expression"),
      (#"{"ScheduleExpression":7}"#, 400, "can not be converted to a String"),
      (#"{"ScheduleExpressionTimezone":"Europe/Atlantis"}"#, 400, "Timezone Europe/Atlantis"),
      (#"{"ScheduleExpressionTimezone":"../etc/passwd"}"#, 400, "Timezone ../etc/passwd"),
      (#"{"FlexibleTimeWindow":{"Mode":"FLEXIBLE"}}"#, 400, "maximumWindowInMinutes"),
      (#"{"FlexibleTimeWindow":{"Mode":null}}"#, 400, "'flexibleTimeWindow.mode'"),
      (#"{"EndDate":"soon"}"#, 400, "EndDate is no moment"),
      (#"{"State":"ON"}"#, 400, "enum value set: [ENABLED, DISABLED]"),
      (#"{"ActionAfterCompletion":"STAY"}"#, 400, "enum value set: [NONE, DELETE]"),
      (#"{"ClientToken":"a b"}"#, 400, "'clientToken'"),
      (#"{"GroupName":"mine"}"#, 404, "Schedule group mine does not exist."),
      (#"{"Target":{"Arn":"arn:aws:scheduler:::aws-sdk:lambda:invoke"}}"#, 400, "aws-sdk:lambda:invoke"),
      (#"{"Target":{"RoleArn":"arn:aws:iam::1:role/r"}}"#, 400, "'target.roleArn'"),
      (#"{"Target":{"RoleArn":null}}"#, 400, "'target.roleArn'"),
      (#"{"Target":{"EcsParameters":{}}}"#, 400, "Target.EcsParameters"),
      (#"{"Target":{"RetryPolicy":{"MaximumRetryAttempts":186}}}"#, 400, "less than or equal to 185"),
      (#"{"Target":{"Input":null}}"#, 400, "must be a JSON object"),
      (#"{"Target":{"Input":"[]"}}"#, 400, "must be a JSON object"),
      (#"{"Target":{"Input":"{\"FunctionName\":\"f\"}"}}"#, 400, "FunctionName and Name"),
      (
        #"{"Target":{"Input":"{\"FunctionName\":\"f\",\"Name\":\"n\",\"revisionId\":\"r\"}"}}"#, 400,
        "revisionId"
      ),
      (#"{"Target":1}"#, 400, "where a structure was expected"),
    ])
  func refused(change: String, status: Int, text: String) async throws {
    try await Rehearsal.run { rehearsal in
      let good = rehearsal.schedule([:], at: "at(2999-01-02T03:04:05)").object ?? JSONObject()
      let bad = JSON.object(good.merging(try JSON(parsing: change).object ?? JSONObject()))
      for method in ["POST", "PUT"] {
        let answer = rehearsal.send(method, schedule: "s", bad)
        #expect(answer.status == status)
        #expect(answer.json["Message"]?.string?.contains(text) == true, "\(answer.json.text())")
      }
      #expect(rehearsal.send("GET", schedule: "s").status == 404)
    }
  }

  @Test("names that break the pattern and groups that are not there are refused by every operation")
  func names() async throws {
    try await Rehearsal.run { rehearsal in
      let body = rehearsal.schedule([:], at: "at(2999-01-02T03:04:05)")
      for method in ["POST", "PUT", "GET", "DELETE"] {
        let answer = rehearsal.send(method, schedule: String(repeating: "n", count: 65), body)
        #expect(answer.status == 400)
        #expect(answer.code == "ValidationException")
      }
      for method in ["GET", "DELETE"] {
        let answer = rehearsal.send(method, schedule: "s", query: "groupName=mine")
        #expect(answer.status == 404)
        #expect(answer.code == "ResourceNotFoundException")
        #expect(answer.json == ["Message": "Schedule group mine does not exist."])
      }
    }
  }
}
