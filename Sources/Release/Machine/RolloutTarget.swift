internal import AWSClient
internal import Core

/// One function's part in a rollout, with what its alias says since this run last wrote or read it.
struct RolloutTarget: Sendable {
  let function: String
  let functionName: String
  /// The version that served when the release began.
  let stable: String
  /// The version on trial.
  let canary: String
  /// Whether this run has smoke tests for the version on trial, which it has passed.
  let isSmoked: Bool
  /// How long an invocation of either version may take.
  var timeout = TimeSpan.zero
  /// The text of the alias's Description that is not lamctl's.
  var userText: String
  /// The record in the alias.
  var record: RolloutRecord
  /// Whether this run has written the alias.
  var isOurs = false
  /// Whether the canary had traffic already when this run came to it.
  var isInherited = false
  /// The alias's `RevisionId`: what makes the next write a compare-and-swap.
  var revisionID: String?

  /// Its two names.
  var name: FunctionName { FunctionName(function: function, functionName: functionName) }

  /// Where the alias's traffic goes.
  var routing: Routing {
    switch record.state {
    case .canary, .hold: .split(main: stable, canary: canary, weight: record.weight ?? .all)
    case .bake, .commit: .all(canary)
    case .idle: .all(record.stable ?? stable)
    case .rolledBack: .all(stable)
    }
  }

  /// Whether the canary gets any traffic.
  var isExposed: Bool { record.state.isUnderWay }

  /// Whether it is for this run to take back where another has come first: what it gave traffic itself.
  func isToBeWithdrawn(onlyOurs: Bool) -> Bool { isExposed && (!onlyOurs || (isOurs && !isInherited)) }

  /// Whether both versions have traffic.
  var isSplit: Bool { record.state == .canary || isHeld }

  /// Whether some run must look after it: it is under way and does not wait for a person.
  var isLookedAfter: Bool { isExposed && !isHeld }

  /// Whether it waits for a person.
  var isHeld: Bool { record.state.isHold }
}
