import Core
import TestSupport

@testable import lamctl

/// A run of the tool inside the test, with its streams at hand.
struct World {
  let out = Collected()
  let err = Collected()
  var environment: [String: String] = [:]

  func context(_ arguments: [String]) -> Context {
    Context(
      arguments: arguments, environment: environment, folder: "/", output: out.output, errors: err.output,
      outputTerminal: .fixed(isLive: false), errorTerminal: .fixed(isLive: false), clock: ManualClock(),
      interruption: Interruption(), table: Lamctl.table)
  }
}
