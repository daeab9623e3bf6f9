internal import Core

/// One function's part in a rollout, with what this run knows of its alias.
struct RolloutTarget: Sendable {
  /// Its names.
  let name: FunctionName
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
  /// The alias as this run knows it: what makes the next write a compare-and-swap.
  var known: KnownAlias
  /// Whether this run has written the alias.
  var isOurs = false
  /// Whether the canary had traffic already when this run came to it.
  var isInherited = false
  /// Whose the alias is, where it is not this run's any more: it is left as it stands.
  var foreign: ForeignHand?

  /// Its logical name.
  var function: String { name.function }

  /// The name of the Lambda function.
  var functionName: String { name.functionName }

  /// The alias's `RevisionId` as it was last read or written.
  var revisionID: String? { known.revisionID }

  /// Where the record sends the alias's traffic.
  var routing: Routing { record.routing ?? .all(stable) }

  /// Whether the canary gets traffic that this run answers for.
  var isExposed: Bool { foreign == nil && record.state.isUnderWay }

  /// Whether it is for this run to take back where another has come first: what it gave traffic itself.
  func isToBeWithdrawn(onlyOurs: Bool) -> Bool { isExposed && (!onlyOurs || (isOurs && !isInherited)) }

  /// Whether both versions have traffic.
  var isSplit: Bool { record.onTrial != nil }

  /// Whether all traffic has moved to the canary, which is decided or watched.
  var isDecided: Bool { record.state.isDecided }

  /// Whether some run must look after it: it is under way and does not wait for a person.
  var isLookedAfter: Bool { isExposed && !isHeld }

  /// Whether it waits for a person.
  var isHeld: Bool { record.state.isHold }

  /// It was written, or has turned out to be written, with `record`.
  func with(_ record: RolloutRecord) -> RolloutTarget {
    var target = self
    target.record = record
    return target
  }
}
