import Testing

@testable import lamctl

@Suite("What signals mean to a run")
struct SignalCourseTests {
  private typealias Decision = SignalCourse.Decision

  /// `I`, `T` and `H` for the three signals.
  private static func decisions(_ signals: String, at work: SignalCourse.Work) -> [SignalCourse.Decision] {
    var course = SignalCourse()
    return signals.compactMap { letter in
      let names: [Character: Interruption.Signal] = ["I": .interrupt, "T": .terminate, "H": .hangUp]
      return names[letter].map { course.receive($0, at: work) }
    }
  }

  @Test(
    "while traffic moves nothing but a third Ctrl-C ends the run; then the process",
    arguments: [
      ("III", [.stop, .goOn(interruptsLeft: 1), .end]),
      ("IT", [.stop, .goOn(interruptsLeft: 2)]),
      ("TII", [.stop, .goOn(interruptsLeft: 1), .end]),
      ("HII", [.stop, .goOn(interruptsLeft: 1), .end]),
      ("TTTTTT", [.stop] + Array(repeating: .goOn(interruptsLeft: 2), count: 5)),
      ("HHHH", [.stop] + Array(repeating: .goOn(interruptsLeft: 2), count: 3)),
      ("ITTTI", [.stop] + Array(repeating: .goOn(interruptsLeft: 2), count: 3) + [.goOn(interruptsLeft: 1)]),
      ("IITHI", [.stop] + Array(repeating: .goOn(interruptsLeft: 1), count: 3) + [.end]),
      ("IIIT", [.stop, .goOn(interruptsLeft: 1), .end, .kill]),
      ("IIII", [.stop, .goOn(interruptsLeft: 1), .end, .kill]),
    ] as [(String, [SignalCourse.Decision])])
  func traffic(signals: String, expected: [SignalCourse.Decision]) {
    #expect(Self.decisions(signals, at: .traffic) == expected)
  }

  @Test("whatever comes, no run with traffic ends before three SIGINT or two after another first signal")
  func everySequence() {
    let letters = ["I", "T", "H"]
    var sequences = [""]
    for _ in 0..<6 { sequences = sequences.flatMap { sequence in letters.map { sequence + $0 } } }
    for sequence in sequences {
      let decisions = Self.decisions(sequence, at: .traffic)
      let end = decisions.firstIndex { $0 == .end || $0 == .kill } ?? decisions.count
      let before = sequence.prefix(end)
      #expect(before.count { $0 == "I" } + (before.first == "I" ? 0 : 1) <= 2, "\(sequence)")
      if end < decisions.count {
        #expect(decisions[end] == .end && Array(sequence)[end] == "I", "\(sequence)")
        #expect(decisions[(end + 1)...].allSatisfy { $0 == .kill }, "\(sequence)")
      }
    }
  }

  @Test(
    "work that may be left ends in order at the first signal, and at the second without it",
    arguments: [("II", [.stop, .end]), ("TH", [.stop, .end]), ("ITI", [.stop, .end, .kill])]
      as [(String, [SignalCourse.Decision])])
  func orderly(signals: String, expected: [SignalCourse.Decision]) {
    #expect(Self.decisions(signals, at: .orderly) == expected)
  }

  @Test("where there is nothing to end in order the first signal ends the run, the second the process")
  func nothing() {
    for signals in ["II", "TT", "HI"] { #expect(Self.decisions(signals, at: .none) == [.end, .kill]) }
  }
}
