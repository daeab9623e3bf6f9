import Core
import Testing

@testable import lamctl

@Suite("The exit code is a function of what serves")
struct ExitCodeTableTests {
  private typealias Serving = RunEnding.Serving
  private typealias Cause = RunEnding.Cause

  private static let causes: [Cause?] = [
    nil, .bookkeeping, .edge, .permission, .usage, .configuration, .gate, .other,
  ]

  /// Codes without a signal of a command that was to promote, in the order of ``causes``.
  private static let table: [(serving: Serving, codes: [Int32])] = [
    // nil, bookkeeping, edge, permission, usage, configuration, gate, other
    (.nothingMoved, [0, 0, 14, 77, 64, 65, 13, 1]),
    (.asBefore, [0, 0, 14, 1, 1, 1, 13, 1]),
    (.everythingNew, [0, 0, 14, 0, 0, 0, 0, 0]),
    (.allBack, [10, 10, 10, 10, 10, 10, 10, 10]),
    (.underWay, [11, 11, 11, 11, 11, 11, 11, 11]),
    (.anotherRun, [12, 12, 12, 12, 12, 12, 12, 12]),
    (.mixed, [14, 14, 14, 14, 14, 14, 14, 14]),
  ]

  /// Every combination of inputs with the code that the rows of the table give it.
  private static var product: [(ending: RunEnding, code: Int32)] {
    var all: [(RunEnding, Int32)] = []
    for (serving, codes) in table {
      for (cause, code) in zip(causes, codes) {
        for asked in [false, true] {
          for signal in [nil] + Interruption.Signal.allCases.map(Optional.some) {
            let ending = RunEnding(serving: serving, cause: cause, signal: signal, didAsAsked: asked)
            all.append((ending, expected(ending, without: code)))
          }
        }
      }
    }
    return all
  }

  /// The rows above those of the table: a signal with safe traffic, then a command that did what was asked.
  private static func expected(_ ending: RunEnding, without code: Int32) -> Int32 {
    let codes: [Interruption.Signal: Int32] = [.hangUp: 129, .interrupt: 130, .terminate: 143]
    if let signal = ending.signal, let code = codes[signal] {
      if [.nothingMoved, .asBefore, .allBack].contains(ending.serving) { return code }
      if ending.serving == .underWay, ending.didAsAsked { return code }
    } else if ending.didAsAsked, [nil, .bookkeeping].contains(ending.cause) {
      return 0
    }
    return code
  }

  @Test("every combination of what serves, error, signal and request has the code of the first row that fits")
  func wholeProduct() {
    let product = Self.product
    #expect(product.count == Serving.allCases.count * (Cause.allCases.count + 1) * 2 * 4)
    #expect(Set(product.map(\.ending)).count == product.count)
    for (ending, code) in product { #expect(ending.exitCode.rawValue == code, "\(ending)") }
  }

  @Test(
    "the rows as a person would tell them",
    arguments: [
      (RunEnding(serving: .allBack, signal: .terminate), ExitCode.terminated),
      (RunEnding(serving: .underWay, signal: .interrupt, didAsAsked: true), .interrupted),
      (RunEnding(serving: .underWay, cause: .other, signal: .interrupt), .held),
      (RunEnding(serving: .everythingNew, signal: .interrupt), .done),
      (RunEnding(serving: .nothingMoved, cause: .permission), .permission),
      (RunEnding(serving: .asBefore, cause: .permission), .failed),
      (RunEnding(serving: .allBack, cause: .permission), .rolledBack),
      (RunEnding(serving: .everythingNew, cause: .permission), .done),
      (RunEnding(serving: .everythingNew, cause: .edge), .partial),
      (RunEnding(serving: .allBack, didAsAsked: true), .done),
      (RunEnding(serving: .underWay, didAsAsked: true), .done),
      (RunEnding(serving: .mixed, cause: .other, didAsAsked: true), .partial),
      (RunEnding(serving: .anotherRun, cause: .other), .busy),
    ])
  func rows(ending: RunEnding, code: ExitCode) {
    #expect(ending.exitCode == code)
  }
}
