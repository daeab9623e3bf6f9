import AWSClient
import Core
import TestSupport
import Testing

@testable import Triggers

@Suite("Moving what hangs on the bare function to its alias")
struct MoveTests {
  private static let alias = World.scope.aliasARN

  @Test("everything is copied, then moved, mappings last, and a stream is stopped meanwhile")
  func order() async {
    let plan = await World.hanging().plan()
    #expect(plan.obstacles == [] && plan.refusals == [])
    #expect(
      plan.moves.map(\.title) == [
        "permission of apigateway.amazonaws.com for arn:aws:execute-api:eu-west-1:123456789012:api1/*/*",
        "permission of events.amazonaws.com for arn:aws:events:eu-west-1:123456789012:rule/orders",
        "permission of s3.amazonaws.com for arn:aws:s3:::in",
        "permission of sns.amazonaws.com for \(World.topic)",
        "rules for events that nobody waits for",
        "GET /o/{id} of the API api1",
        "rule orders of the bus default",
        "schedule timers/nightly",
        "subscribe to \(World.topic)", "end the bare subscription to \(World.topic)",
        "mine of the bucket in",
        "mapping of \(World.queue)",
        "stop the mapping of \(World.stream)", "mapping of \(World.stream)",
        "start the mapping of \(World.stream)",
      ])
    #expect(plan.notes.contains { $0.contains("calls as r, which has to be allowed lambda:InvokeFunction") })
    #expect(plan.notes.contains { $0.contains("may come twice") })
  }

  @Test(
    "after a run everything calls the alias, the bare function keeps its permissions, and nothing is left to do"
  )
  func whole() async throws {
    let world = World.hanging()
    let before = world.settled
    let journals = MemoryJournals(world)
    #expect(try await world.adopt(journals) == [:])
    let contents = world.contents
    #expect(contents.bareStatements == before.bareStatements)
    #expect(Set(contents.statements.keys) == ["s3", "api", "rule", "sns"])
    #expect(contents.eventInvoke == JSONObject([("MaximumRetryAttempts", 0)]))
    #expect(contents.mappings.allSatisfy { $0["FunctionArn"]?.string == Self.alias && $0["Enabled"] == true })
    #expect(
      contents.targets["default/orders"]?.map { $0["Arn"]?.string ?? "" }.sorted() == [
        Self.alias, "arn:aws:sqs:eu-west-1:1:q",
      ])
    #expect(contents.targets["default/orders"]?.contains { $0["Input"] == "{\"a\":1}" } == true)
    #expect(contents.schedules["timers/nightly"]?["Target"]?["Arn"]?.string == Self.alias)
    #expect(contents.subscriptions.map { $0["Endpoint"]?.string } == [Self.alias])
    #expect(world.settled.attributes.values.map { $0 } == [["FilterPolicy": "{\"a\":[\"b\"]}"]])
    #expect(contents.integrations[0]["integrationUri"]?.string == Self.alias)
    #expect(contents.integrations[0]["description"] == "by hand")
    #expect(
      contents.buckets["in"]
        == before.buckets["in"]?.replacing(
          "<CloudFunction>\(World.bare)<", with: "<CloudFunction>\(Self.alias)<"))
    #expect(await world.plan().moves == [])
    let journal = try #require(try journals.last())
    #expect(journal.isFinished && journal.entries.allSatisfy { $0.state == .done })

    #expect(try await world.takeBack(journals) == [])
    #expect(world.settled == before)
    #expect(try await world.takeBack(journals) == [])
  }

  @Test(
    "a schedule keeps a start that is to come, and one that passes before the undo hinders nothing",
    arguments: [-1.0, 3_600])
  func start(_ seconds: Double) async throws {
    let world = World.hanging()
    let start = world.services.serverTime() + .seconds(seconds)
    world.change { $0.schedules["timers/nightly"]?["StartDate"] = .double(start.seconds) }
    let journals = MemoryJournals(world)
    #expect(try await world.adopt(journals) == [:])
    let kept: JSON? = seconds > 0 ? .double(start.seconds) : nil
    #expect(world.contents.schedules["timers/nightly"]?["StartDate"] == kept)
    world.state.withLock { $0.now = $0.now + .minutes(120) }
    #expect(try await world.takeBack(journals) == [])
    let taken = world.contents.schedules["timers/nightly"]
    #expect(taken?["Target"]?["Arn"]?.string == World.bare && taken?["StartDate"] == nil)
  }

  @Test(
    "wherever a run dies or loses an answer, the next run ends it, and an undo takes it back; never between",
    arguments: [World.Mishap.lost, .death], [false, true])
  func mishaps(_ mishap: World.Mishap, _ isUndone: Bool) async throws {
    let before = World.hanging().settled
    let after = try await {
      let world = World.hanging()
      try await world.adopt(MemoryJournals(world))
      return world.settled
    }()
    var index = 0
    while true {
      let world = World.hanging()
      let journals = MemoryJournals(world)
      world.restart(mishaps: [index: mishap])
      _ = try? await world.adopt(journals)
      let calls = world.calls
      world.restart()
      if isUndone {
        #expect(try await world.takeBack(journals) == [], "call \(index)")
        #expect(world.settled == before, "call \(index)")
      } else {
        #expect(try await world.adopt(journals) == [:], "call \(index)")
        #expect(world.settled == after, "call \(index) \(calls.indices.contains(index) ? calls[index] : "")")
      }
      #expect(world.contents.buckets["in"]?.contains(World.theirs) == true, "call \(index)")
      guard calls.count > index else { break }
      index += 1
    }
    #expect(index > 40)
  }

  @Test("an undo that dies anywhere is ended by another undo, or by the next run", arguments: [false, true])
  func undoDies(_ isAdopted: Bool) async throws {
    let before = World.hanging().settled
    var index = 0
    while true {
      let world = World.hanging()
      let journals = MemoryJournals(world)
      try await world.adopt(journals)
      let after = world.settled
      world.restart(mishaps: [index: .death])
      _ = try? await world.takeBack(journals)
      let wasReached = world.calls.count > index
      world.restart()
      if isAdopted {
        #expect(try await world.adopt(journals) == [:], "call \(index)")
        #expect(world.settled == after, "call \(index)")
      } else {
        #expect(try await world.takeBack(journals) == [], "call \(index)")
        #expect(world.settled == before, "call \(index)")
      }
      guard wasReached else { break }
      index += 1
    }
    #expect(index > 20)
  }

  @Test("a call that is refused ends the work on its function, and a stream is never left stopped")
  func refused() async throws {
    let calls = try await {
      let world = World.hanging()
      try await world.adopt(MemoryJournals(world))
      return world.calls
    }()
    for (index, name) in calls.enumerated() where name == "UpdateEventSourceMapping" {
      let world = World.hanging()
      let journals = MemoryJournals(world)
      // Once what is refused is refused for good: the mapping goes.
      world.state.withLock { run in
        run.before[index] = { contents in
          contents.mappings.removeAll { $0["UUID"] == "q" }
        }
      }
      let failures = try await world.adopt(journals)
      let stream = world.contents.mappings.first { $0["UUID"] == "s" }
      #expect(stream?["Enabled"] == true, "call \(index): \(failures)")
      #expect(try #require(try journals.last()).isFinished)
    }
  }

  @Test("what somebody else has changed is named and left alone, and the permission that it needs stays")
  func foreignChange() async throws {
    let world = World.hanging()
    let before = world.settled
    let journals = MemoryJournals(world)
    try await world.adopt(journals)
    world.change { contents in
      contents.targets["default/orders"] = contents.targets["default/orders"]?.map { target in
        var target = target
        if target["Arn"]?.string == Self.alias { target["Input"] = "{\"theirs\":1}" }
        return target
      }
    }
    let left = try await world.takeBack(journals)
    #expect(
      left.contains { $0.reason.contains("rule orders of the bus default: somebody else has changed it") })
    #expect(left.contains { $0.reason.contains("stays, as something of the function") })
    let contents = world.contents
    #expect(contents.targets["default/orders"]?.contains { $0["Arn"]?.string == Self.alias } == true)
    #expect(contents.statements["rule"] != nil)
    #expect(contents.mappings.allSatisfy { $0["FunctionArn"]?.string == World.bare })
    #expect(contents.buckets == before.buckets)
  }

  @Test("what CloudFormation made is refused with the change to its template, unless it is insisted on")
  func managed() async {
    let world = World.hanging()
    let tag = ["aws:cloudformation:stack-name": "shop"]
    world.change { $0.tags["arn:aws:lambda:eu-west-1:1:event-source-mapping:q"] = tag }
    let plan = await world.plan()
    #expect(plan.moves == [])
    #expect(
      plan.refusals == [
        "mapping of \(World.queue): the stack shop made it; in its template set FunctionName of the "
          + "AWS::Lambda::EventSourceMapping to \(Self.alias)"
      ])
    #expect(await world.plan(evenManaged: true).moves.count == 15)
    world.change { contents in
      contents.tags = [World.bare: tag]
    }
    let all = await world.plan()
    #expect(all.refusals.count == 15 && all.moves == [])
    #expect(all.refusals.allSatisfy { $0.contains("the stack shop made shop-orders") })
  }

  @Test("an edge beside one that the alias has already is an obstacle, and nothing of the function is moved")
  func twins() async {
    let world = World.hanging()
    world.change { contents in
      var twin = contents.mappings[0]
      twin["UUID"] = "twin"
      twin["FunctionArn"] = .string(Self.alias)
      contents.mappings.append(twin)
      contents.targets["default/orders"]?.append(JSONObject([("Id", "u"), ("Arn", .string(Self.alias))]))
    }
    let plan = await world.plan()
    #expect(plan.moves == [])
    #expect(plan.obstacles.contains { $0.reason.contains("by the mapping q and the alias by twin") })
    #expect(
      plan.obstacles.contains { $0.reason.contains("the rule orders of the bus default calls the alias") })
  }

  @Test(
    "an edge that does what a trigger says becomes the trigger's, and the next deploy has nothing to do with it"
  )
  func marks() async throws {
    let world = World.hanging()
    let before = world.settled
    let journals = MemoryJournals(world)
    let triggers = [
      Trigger(
        name: "jobs", kind: .eventSource, settings: JSONObject([("EventSourceArn", .string(World.queue))])),
      Trigger(
        name: "files", kind: .s3,
        settings: JSONObject([("bucket", "in"), ("events", ["s3:ObjectCreated:*"]), ("suffix", ".csv")])),
      Trigger(
        name: "web", kind: .httpApi, settings: JSONObject([("api", "shop"), ("routes", ["GET /o/{id}"])])),
    ]
    #expect(try await world.adopt(journals, triggers) == [:])
    let survey = try await EdgeSurveyor(world.services, parallel: 1).survey([
      EdgeSubject(scope: World.scope, triggers: triggers, eventInvoke: nil, recorded: nil)
    ])[0]
    #expect(survey.obstacles == [])
    let differing = survey.steps.filter { $0.change != .none }
    // The integration's settings are those of the API until the deploy; all else is only a permission of lamctl's own.
    #expect(
      differing.allSatisfy { $0.differs.contains("permission") || $0.kind == .httpApi }, "\(differing)")
    #expect(Set(survey.foreign.map(\.id)) == ["s"])
    #expect(try await world.takeBack(journals) == [])
    #expect(world.settled == before)
  }

  @Test("statements of the bare function go only once nothing hangs on it, and only those that the alias has")
  func farewell() async throws {
    let world = World.hanging()
    let journals = MemoryJournals(world)
    let surveyor = HangingSurveyor(world.services, parallel: 1, readsStacks: true)
    let hanging = await surveyor.survey([World.scope])[0]
    #expect(hanging.idleStatements == [])
    let early = MovePlan.farewell(hanging, evenManaged: false)
    #expect(early.moves == [] && early.obstacles.contains { $0.reason.contains("is still called") })
    try await world.adopt(journals)
    world.change { $0.statements["sns"] = nil }
    let missing = MovePlan.farewell(await surveyor.survey([World.scope])[0], evenManaged: false)
    #expect(missing.obstacles.contains { $0.reason.contains("permission of sns.amazonaws.com") })
    try await world.adopt(journals)
    let plan = MovePlan.farewell(await surveyor.survey([World.scope])[0], evenManaged: false)
    #expect(plan.moves.count == 4 && plan.obstacles == [])
    #expect(
      await surveyor.survey([World.scope])[0].idleStatements == Set(world.contents.bareStatements.keys))
    let before = world.settled
    try await world.finish(journals)
    #expect(world.contents.bareStatements == [:])
    #expect(try await world.takeBack(journals) == [])
    #expect(world.settled == before)
  }

  @Test(
    "an older journal is not taken back to a bare name that may not be called any more, and is after the newer one"
  )
  func olderJournal() async throws {
    let world = World.hanging()
    let before = world.settled
    let journals = MemoryJournals(world)
    try await world.adopt(journals)
    try await world.finish(journals)
    let after = world.settled
    let all = try journals.all()
    #expect(all.count == 2)
    let left = try await world.takeBack(journals, all[0])
    #expect(left.count { $0.reason.contains("has no permission any more") } == 4, "\(left)")
    let contents = world.contents
    #expect(contents.subscriptions.map { $0["Endpoint"]?.string } == [Self.alias])
    #expect(contents.buckets == after.buckets && contents.integrations == after.integrations)
    #expect(contents.targets["default/orders"]?.contains { $0["Arn"]?.string == Self.alias } == true)
    #expect(contents.statements == after.statements)
    #expect(try await world.takeBack(journals, journals.all()[1]) == [])
    #expect(try await world.takeBack(journals, journals.all()[0]) == [])
    #expect(world.settled == before)
  }

  @Test("what cannot be read keeps the function as it is")
  func unread() async throws {
    let world = World.hanging()
    world.restart(mishaps: [3: .lost])
    let before = world.settled
    await #expect(throws: EdgeError.self) { try await world.adopt(MemoryJournals(world)) }
    #expect(world.settled == before)
  }
}
