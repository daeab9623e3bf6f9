import Core
import Release
import Testing

@testable import lamctl

@Suite("What is told when a signal comes")
struct SignalAnswerTests {
  @Test(
    "the first signal is acknowledged in one line that says what happens, how long, and how to get away",
    arguments: [
      (
        .takesBack, 4, false,
        "SIGTERM: taking the traffic back (4 functions, about 1 s); Ctrl-C twice more leaves it as it is"
      ),
      (
        .takesBack, 200, false,
        "SIGTERM: taking the traffic back (200 functions, about 14 s); Ctrl-C twice more leaves it as it is"
      ),
      (
        .takesBack, 0, false,
        "SIGTERM: stopping; what has been given traffic by now goes back; Ctrl-C twice more leaves it as it is"
      ),
      (
        .takesBack, 0, true,
        "SIGTERM: all is promoted, finishing what is left; Ctrl-C twice more leaves it as it is"
      ),
      (
        .leaves, 1, false,
        "SIGTERM: leaving the traffic to the next run (1 function); Ctrl-C twice more leaves it as it is"
      ),
      (
        .goesOn, 16, false,
        "SIGTERM: the traffic goes back to the last function (16 functions, about 2 s); Ctrl-C twice more leaves it as it is"
      ),
      (.goesOn, 0, false, "SIGTERM: stopping; Ctrl-C twice more leaves it as it is"),
    ] as [(SignalAnswer.Course, Int, Bool, String)])
  func first(course: SignalAnswer.Course, pending: Int, isPromoted: Bool, expected: String) {
    #expect(
      SignalAnswer(course: course, pending: pending, isPromoted: isPromoted).first(.terminate) == expected)
  }

  @Test("a further one says what it still takes")
  func again() {
    let answer = SignalAnswer(course: .takesBack, pending: 2)
    #expect(
      answer.again(.terminate, interruptsLeft: 2)
        == "SIGTERM: the traffic is not safe yet (2 functions to go); Ctrl-C twice more leaves it as it is")
    #expect(
      SignalAnswer(course: .leaves, pending: 2).again(.interrupt, interruptsLeft: 1)
        == "SIGINT: still finishing; Ctrl-C once more leaves it as it is")
  }

  @Test("a run's events tell which functions have a version on trial")
  func seen() {
    var seen = TrafficSeen()
    let until = Timestamp(seconds: 0)
    seen.note(.published("a", version: "2", wasThere: false))
    #expect(seen == TrafficSeen())
    seen.note(.shifted("a", version: "2", weight: 0.1, step: 1, of: 1, until: until))
    seen.note(.resumed("b", step: 1, of: 1, weight: 0.1))
    seen.note(.baking("c", version: "3", until: until))
    #expect(seen.onTrial == 3)
    seen.note(.rolledBack("a", from: "2", to: "1"))
    seen.note(.promoted("c", version: "3"))
    #expect(seen.places == ["a": .back, "b": .onTrial(version: nil), "c": .promoted])
  }
}

@Suite("A run that was left before its traffic was safe")
struct AbandonedRunTests {
  private static func run(
    _ functions: [(TrafficSeen.Standing?, [String: Double]?)], course: SignalAnswer.Course = .takesBack,
    next: NextCommand = NextCommand()
  ) -> AbandonedRun {
    AbandonedRun(
      environment: "prod", alias: "live", signal: .interrupt, course: course,
      functions: functions.enumerated().map { index, function in
        AbandonedRun.Function(
          name: FunctionName(function: "f\(index)", functionName: "shop-f\(index)"), place: function.0,
          weights: function.1)
      }, next: next)
  }

  private static let split = ["1": 0.9, "2": 0.1]

  @Test("its exit code goes by what serves, as it was read; by its events where it could not be read")
  func codes() {
    let onTrial = TrafficSeen.Standing.onTrial(version: "2")
    #expect(Self.run([(onTrial, Self.split), (.back, ["1": 1])]).ending.exitCode == .held)
    #expect(Self.run([(onTrial, ["1": 1]), (.back, ["1": 1])]).ending.exitCode == .interrupted)
    #expect(Self.run([(onTrial, ["2": 1])]).ending.exitCode == .held)
    #expect(Self.run([(onTrial, nil)]).ending.exitCode == .held)
    #expect(Self.run([(nil, Self.split)]).ending.exitCode == .held)
    #expect(Self.run([(nil, nil)]).ending.exitCode == .interrupted)
    #expect(Self.run([]).ending.exitCode == .interrupted)
    #expect(Self.run([(.promoted, ["2": 1])]).ending.exitCode == .done)
    #expect(Self.run([(.promoted, ["2": 1]), (.back, ["1": 1])]).ending.exitCode == .partial)
    #expect(Self.run([(.back, ["1": 1]), (nil, ["2": 1])], course: .goesOn).ending.exitCode == .partial)
    #expect(Self.run([(.back, ["1": 1])], course: .goesOn).ending.exitCode == .interrupted)
  }

  @Test("the way on is printed with the options by which the run knew where it is, and how the traffic moves")
  func next() {
    var globals = GlobalOptions()
    globals.sandbox = true
    let next = NextCommand(globals: globals, rollout: ["--canary", "5%:2m"])
    #expect(
      Self.run([(.onTrial(version: "2"), Self.split)], next: next).failure.fix
        == "lamctl abort prod --sandbox takes it back, lamctl resume prod --sandbox --canary 5%:2m goes on")
    #expect(Self.run([(.back, ["1": 1])], next: next).failure.fix == "see lamctl status prod --sandbox")
  }

  @Test("document and table tell what serves, and what does not answer")
  func told() {
    let run = Self.run([(.onTrial(version: "2"), Self.split), (.onTrial(version: "2"), nil)])
    let document = run.document(schema: "lamctl.deploy/1")
    #expect(document["outcome"] == "held")
    #expect(document["exitCode"] == 11)
    #expect(document["signal"] == "SIGINT")
    #expect(
      document["functions"]?.array?.map { $0["weights"] } == [["1": .double(0.9), "2": .double(0.1)], .null])
    #expect(
      document["error"]?["message"]
        == "ended by SIGINT before the traffic was safe: 2 functions are left with a version on trial")
    #expect(run.text(style: .plain).contains("1: 90 %, 2: 10 %"))
    #expect(run.text(style: .plain).contains("not known"))
  }
}
