package import AWSClient
package import Core
package import Triggers

/// Why a release, or a rollback, did not happen or did not end well.
package enum ReleaseError: Error, Hashable, Sendable {
  /// A call to AWS failed.
  case aws(AWSError, function: String?)
  /// A package could not be built, or must not be uploaded.
  case package(PackageFailure)
  /// Lambda gave up on the function or version: the words it used.
  case failedInLambda(function: String, subject: String, reason: String)
  /// Lambda did not come to an end with it in time.
  case timedOut(function: String, subject: String, seconds: Int)
  /// Another run owns the alias, or has just changed it. Nothing was touched.
  case owned(function: String, alias: String, by: String)
  /// A rollout stands at the alias that nobody drives now: it waits for a person, or its run has died. Nothing was touched.
  case standing(function: String, alias: String, version: String, isHeld: Bool)
  /// Somebody else has changed the alias while this run drove a rollout there; it is left as it stands.
  case takenOver(function: String, alias: String, by: String)
  /// Another release has come and gone at the alias since the plan was made. Nothing was touched.
  case overtaken(function: String, alias: String, by: String)
  /// Somebody has moved or deleted the alias, or has taken the release back there, while this run was at work; it is left
  /// as it stands.
  case touched(function: String, alias: String, what: String)
  /// AWS has taken a write of the alias, or refused it as out of date, and does not show what there is now.
  case unseen(function: String, alias: String)
  /// Credentials that cannot be renewed end before the rollout does.
  case credentialsEnd(at: Timestamp)
  /// Another run changed the function while this one was publishing. No traffic was touched.
  case changedMeanwhile(function: String)
  /// The plan was made before a release was brought to its end that another run had left half way.
  case outdated(release: String)
  /// The run was told to stop before it had touched any traffic.
  case interrupted
  /// The package was rolled back before.
  case quarantined(function: String, version: String)
  /// A function that does not exist, and may not be created without being asked for.
  case notCreatable(functions: [String])
  /// Alarms that the environment lists and CloudWatch does not have.
  case unknownAlarms(names: [String])
  /// A new version failed its smoke test.
  case smokeFailed(function: String, version: String, test: String, reason: String)
  /// A program that the user wants to succeed before any traffic did not.
  case hookFailed(program: String, functions: [String], reason: String)
  /// A rule that must hold before any traffic is shifted.
  case preflight(function: String, rule: String, fix: String)
  /// Others have changed the function, and the policy is to refuse that. Nothing was uploaded.
  case foreignChanges(function: String, ForeignChanges)
  /// Others call the function by its bare name, and would get new code or settings at once. Nothing of it was written.
  case bareCallers(function: String, alias: String, callers: [BareCaller])
  /// An alias was set to give `wanted` all traffic, and says something else.
  case notTakenBack(function: String, alias: String, wanted: String, found: String)
  /// An alias shares its traffic by weights that no record tells of.
  case foreignWeights(function: String, alias: String, found: [String: Double])
  /// An alias that is not the one it would have to be: nothing is written to it.
  case foreignAlias(function: String, alias: String, what: String, fix: String)
  /// A rollback has nowhere to go.
  case noTarget(function: String, reason: String, fix: String)
  /// A function has not got the version that an alias is to show.
  case noVersion(function: String, reason: String, fix: String)
  /// The Description of an alias cannot be understood.
  case unreadableRecord(function: String, alias: String, reason: String)
  /// Nothing waits for a promotion.
  case nothingHeld(environment: String)
  /// A rollout that does not wait for a person.
  case notHeld(function: String, state: String)
  /// A rollout was begun by other steps than those at hand.
  case otherSteps(function: String, rollout: String, plan: String)
  /// Only a part of the functions of a release was selected.
  case splitsRelease(release: String, selected: [String], others: [String])
  /// A release whose run died before all functions had their first weight; it was taken back.
  case incomplete(release: String, found: Int, of: Int)
  /// A trigger could not be read or written.
  ///
  /// - Parameter isBefore: whether that was before anything was written.
  case edge(EdgeError, isBefore: Bool)
}

extension ReleaseError {
  /// The logical name of the function that it belongs to; nil where it is the whole run's.
  package var function: String? {
    switch self {
    case .aws(_, let function): function
    case .package(let failure): failure.function
    case .edge(let error, _): error.function
    case .failedInLambda(let function, _, _), .timedOut(let function, _, _), .owned(let function, _, _),
      .standing(let function, _, _, _), .takenOver(let function, _, _), .overtaken(let function, _, _),
      .touched(let function, _, _),
      .unseen(let function, _),
      .changedMeanwhile(let function), .quarantined(let function, _), .smokeFailed(let function, _, _, _),
      .preflight(let function, _, _), .bareCallers(let function, _, _),
      .foreignChanges(let function, _), .notTakenBack(let function, _, _, _),
      .foreignWeights(let function, _, _), .noTarget(let function, _, _), .noVersion(let function, _, _),
      .foreignAlias(let function, _, _, _), .unreadableRecord(let function, _, _), .notHeld(let function, _),
      .otherSteps(let function, _, _):
      function
    case .credentialsEnd, .outdated, .interrupted, .notCreatable, .unknownAlarms, .hookFailed, .nothingHeld,
      .splitsRelease, .incomplete:
      nil
    }
  }
}
