internal import AWSClient

/// What a deploy would do: a value to look at, to print, or to carry out.
public struct ReleasePlan: Sendable {
  /// Name of the environment.
  public let environment: String
  /// Name of its alias.
  public let alias: String
  /// All selected functions, by logical name in byte order.
  public let functions: [FunctionPlan]

  /// The functions that change.
  public var changed: [FunctionPlan] { functions.filter { $0.change != .none } }

  /// Whether there is nothing to do, a rollout under way included.
  public var isEmpty: Bool { functions.allSatisfy { $0.change == .none && $0.unfinished == nil } }
}

/// What a deploy would do to one function, and why.
public struct FunctionPlan: Sendable {
  /// What the repository says.
  public let input: FunctionInput
  /// What AWS has.
  public let deployed: Deployed
  /// What is to be done.
  public let change: Change
  /// Why, a short clause each: `files: handler.py`.
  public let reasons: [String]
  /// A rollout of this function that some run has begun and not finished.
  public let unfinished: UnfinishedRollout?
  /// How `$LATEST`, from which the next version is made, differs from the version that serves: after a rollback, or
  /// because somebody edited it.
  public let drift: LatestDrift
  /// `$LATEST` as the plan saw it; nil where it did not look.
  var latest: FunctionConfiguration?

  /// Whether a package must be uploaded: for other code, and where `$LATEST` holds code that must not be published
  /// along with new settings.
  public var uploads: Bool { change.needsPackage || (change == .config && drift.code) }

  /// Whether settings must be written: for other settings, and where `$LATEST` holds settings that must not be
  /// published along with new code.
  public var configures: Bool {
    guard input.ownsConfiguration else { return false }
    return change.touchesConfiguration || change == .create || (change == .code && drift.configuration)
  }

  /// The number of the version that serves now; nil before the first deploy.
  public var servingVersion: String? {
    guard case .serving(let serving) = deployed else { return nil }
    return serving.version
  }

  /// The record in its alias; nil where there is none.
  var record: RolloutRecord? {
    guard case .serving(let serving) = deployed else { return nil }
    return serving.record
  }
}

/// In what `$LATEST` differs from the version that an alias serves.
public struct LatestDrift: Hashable, Sendable {
  /// It has other code.
  public let code: Bool
  /// It has other settings.
  public let configuration: Bool

  /// It is the same.
  static let none = LatestDrift(code: false, configuration: false)
}

/// A rollout that a record in the alias tells of.
public struct UnfinishedRollout: Hashable, Sendable {
  /// How it stands to what the repository says now.
  public enum Relation: Hashable, Sendable {
    /// Its canary was made from the very inputs of this run: the rollout can go on.
    case same
    /// Its canary was made from other inputs: this run's version takes its place.
    case superseded
    /// The inputs are those of the stable version again: the canary must end.
    case takenBack
  }

  /// What the record says.
  public let record: RolloutRecord
  /// How it stands to what the repository says now.
  public let relation: Relation
}

extension ReleasePlan {
  /// The names of all its functions.
  var names: [FunctionName] {
    functions.map { FunctionName(function: $0.input.function, functionName: $0.input.functionName) }
  }
}
