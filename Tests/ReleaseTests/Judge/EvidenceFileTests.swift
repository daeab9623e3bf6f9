import Core
import Release
import Testing

@Suite("Evidence as a file")
struct EvidenceFileTests {
  private let published = """
    { "schema": "lamctl.evidence/1", "functions": { "orders": { "steps": [ { "weight": 0.10, "ended": false,
        "minutes": [ { "canary": {"invocations": 30, "errors": 3}, "stable": {"invocations": 270, "errors": 0} } ] } ],
        "history": [ {"invocations": 300, "errors": 0} ] } }, "settings": { "minInvocations": 30, "maxErrorRate": null, "plannedSteps": 4 } }
    """

  private func read(_ text: String) throws(EvidenceError) -> EvidenceFile {
    try EvidenceFile(parsing: Array(text.utf8), file: "evidence.json")
  }

  @Test("the published example is read and judged")
  func example() throws {
    let file = try read(published)
    #expect(file.settings.plannedSteps == 4 && file.settings.maxErrorRate == nil)
    let document = file.judged().json
    #expect(document["schema"]?.string == "lamctl.judge/1")
    #expect(document["kind"]?.string == "extend" && document["rule"]?.int == 7)
    #expect(abs((document["eValue"]?.double ?? 0) - 136.524) < 0.001)
    #expect(document["eWithoutBestMinute"]?.double == 0.5 && document["since"]?.int == 1)
    #expect(document["canaryRate"]?.double == 0.1 && document["stableRate"]?.double == 0)
    #expect(document["phi"]?.double == 1 && document["share"]?.double == 0.1)
    #expect(document["limit"] == nil)
    #expect(document["sentence"]?.string?.hasPrefix("WATCH orders: nothing found so far, 3 of 30") == true)
    #expect(document["functions"]?["orders"]?["kind"]?.string == "extend")
    #expect(document["release"] == nil)
  }

  @Test("several functions have a release with a culprit")
  func release() throws {
    var file = try read(published)
    file.functions["carts"] = Make.evidence([Make.minute(300, 0, 2_700, 0)])
    let document = file.judged().json
    #expect(document["release"]?["culprit"]?.string == "orders")
    #expect(document["release"]?["kind"] == document["kind"])
    #expect(document["functions"]?.object?.keys == ["carts", "orders"])
  }

  @Test("a step under way in which nothing was found is 'extend' by rule 7 in JSON")
  func watching() throws {
    let file = EvidenceFile(
      functions: ["orders": Make.evidence([Make.minute(300, 0, 2_700, 0)])], settings: JudgeSettings())
    #expect(file.judged().json["kind"]?.string == "extend")
    #expect(file.judged().json["rule"]?.int == 7)
  }

  @Test("what is written comes back, everything included")
  func roundTrip() throws {
    var evidence = Make.evidence(
      [Make.minute(30, 3, 270, nil, slow: [Split(canary: 2, stable: 5), Split(canary: 0, stable: 1)])],
      ended: true,
      usual: Counts(invocations: 300, errors: nil))
    evidence.history[7] = HistoryMinute(
      Counts(invocations: 300, errors: 2), slow: [12, 4], extra: ["Http5xx": 3])
    evidence.steps[0].minutes[0].start = Timestamp(seconds: 1_764_000_000)
    evidence.steps[0].minutes[0].extra = ["Http5xx": Split(canary: 1, stable: 2)]
    evidence.bake = BakeEvidence(
      ended: true, minutes: [Make.minute(300, 1, 0, 0)], baseline: Counts(invocations: 18_000, errors: 7),
      baselineExtra: ["Http5xx": 9],
      baselinePeriod: Timestamp(seconds: 1_764_000_000)..<Timestamp(seconds: 1_764_003_600))
    evidence.availability = .failing(reason: "forbidden")
    evidence.alarms = [
      AlarmEvidence(name: "shop-5xx", wasOK: true, isInAlarm: false),
      AlarmEvidence(
        name: "shop-lag", wasOK: true, isInAlarm: true, since: Timestamp(seconds: 1_764_000_030)),
    ]
    var settings = JudgeSettings()
    settings.maxErrorRate = 0.05
    settings.onLowTraffic = .hold
    settings.waited = .seconds(90)
    settings.onLatency = .rollback
    let file = EvidenceFile(functions: ["orders": evidence], settings: settings)
    #expect(try read(file.json.text(.pretty)) == file)
  }

  @Test("one object of slow invocations is a list of one, as files of before have it")
  func oneLimit() throws {
    let file = try read(
      published.replacing(
        #""stable": {"invocations": 270, "errors": 0} }"#,
        with: #""stable": {"invocations": 270}, "slow": {"canary": 2, "stable": 9} }"#))
    let minute = try #require(file.functions["orders"]?.steps.first?.minutes.first)
    #expect(minute.slow == [Split(canary: 2, stable: 9)])
    #expect(minute.stable.errorPoint == nil && minute.stable.errors == 0)
    #expect(minute.canary.errorPoint == 3)
  }

  @Test("errors beyond the invocations, as late points leave them, count as many as there are invocations")
  func late() throws {
    let file = try read(published.replacing(#""errors": 3"#, with: #""errors": 31"#))
    #expect(file.functions["orders"]?.steps[0].minutes[0].canary == Counts(invocations: 30, errors: 30))
  }

  @Test(
    "a mistake is told with its place and what belongs there",
    arguments: [
      ("{", "evidence.json:1:2: a key in quotes or '}' was expected"),
      ("[]", "evidence.json:1:1: the evidence must be an object, not an array"),
      (
        #"{"schema":"lamctl.evidence/2","functions":{}}"#,
        #"evidence.json:1:11: 'schema' must be "lamctl.evidence/1", not a string "lamctl.evidence/2""#
      ),
      (
        #"{"schema":"lamctl.evidence/1","functions":{}}"#, "evidence.json:1:43: 'functions' names no function"
      ),
      (
        #"{"schema":"lamctl.evidence/1","function":{}}"#,
        "evidence.json:1:31: the evidence has no key 'function'; did you mean 'functions'?"
      ),
      (#"{"schema":"lamctl.evidence/1"}"#, "evidence.json:1:1: the evidence needs the key 'functions'"),
      (
        #"{"schema":"lamctl.evidence/1","functions":{"f":{"steps":[{"weight":10,"minutes":[]}]}}}"#,
        "evidence.json:1:68: 'weight' must be a share above 0 and up to 1, such as 0.1 for 10 %, not a number 10"
      ),
      (
        #"{"schema":"lamctl.evidence/1","functions":{"f":{"steps":[{"weight":1,"minutes":[{"canary":{"invocations":1},"stable":{"invocations":1},"slow":[]}]}]}}}"#,
        "evidence.json:1:143: 'slow' must have 1 to 3 limits, not 0"
      ),
      (
        #"{"schema":"lamctl.evidence/1","functions":{"f":{"steps":[],"history":[{"invocations":1,"slow":[1,2,3,4]}]}}}"#,
        "evidence.json:1:95: 'slow' must have 1 to 3 limits, not 4"
      ),
      (
        #"{"schema":"lamctl.evidence/1","functions":{"f":{"steps":[]}},"settings":{"minInvocation":3}}"#,
        "evidence.json:1:74: 'settings' has no key 'minInvocation'; did you mean 'minInvocations'?"
      ),
      (
        #"{"schema":"lamctl.evidence/1","functions":{"f":{"steps":[]}},"settings":{"maxErrorRate":5}}"#,
        "evidence.json:1:89: 'maxErrorRate' must be an error rate above 0 and below 1, such as 0.05 for 5 %, not a number 5"
      ),
    ])
  func mistakes(text: String, message: String) {
    let error = #expect(throws: EvidenceError.self) { try read(text) }
    #expect(error?.description == message)
  }
}
