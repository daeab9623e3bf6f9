package import AWSClient
package import LambdaSettings

/// What a deploy would do to one function, and why.
package struct FunctionPlan: Sendable {
  /// What the repository says.
  package internal(set) var input: FunctionInput
  /// What AWS has.
  package let deployed: Deployed
  /// What is to be done.
  package internal(set) var change: Change
  /// Why, a short clause each: `files: handler.py`.
  package var reasons: [String]
  /// The settings that would change, with what there is and what is wanted; none for a function that is made.
  package var differences: [SettingDifference] = []
  /// The settings with calls of their own that would change; they need no version.
  package var own: [SettingDifference] = []
  /// A rollout of this function that some run has begun and not finished.
  package var unfinished: UnfinishedRollout?
  /// The version that holds just what is wanted and was taken back, so that it is released only if somebody insists.
  package var quarantined: String?
  /// What others have changed in `$LATEST` since lamctl was done with it; nil where nobody has.
  package var foreign: ForeignChanges?
  /// The version that `$LATEST` was when lamctl was done with it; nil where that is the one that serves.
  var base: FunctionConfiguration?
  /// How it comes under its alias, where it serves without our doing; nil also where nobody has looked.
  package var adoption: Adoption?
  /// `$LATEST` as far as it was read.
  package var latest: FunctionConfiguration?
  /// How `$LATEST`, from which the next version is made, differs from the version that serves: after a rollback, or
  /// because somebody edited it.
  package let drift: LatestDrift

  /// Whether a package must be uploaded: for other code, and where `$LATEST` holds code that must not be published
  /// along with new settings. The architecture goes with the code.
  package var uploads: Bool {
    change.needsPackage
      || (change == .config && (drift.code || differences.contains { $0.setting == "Architectures" }))
  }

  /// Whether settings must be written: for other settings, and where `$LATEST` holds settings that must not be
  /// published along with new code.
  package var configures: Bool {
    guard input.ownsConfiguration else { return false }
    return change.touchesConfiguration || change == .create || (change == .code && drift.configuration)
  }

  /// The number of the version that serves now; nil before the first deploy.
  package var servingVersion: String? {
    guard case .serving(let serving) = deployed else { return nil }
    return serving.version
  }

  /// Its alias, where it was read.
  var snapshot: AliasSnapshot? {
    guard case .serving(let serving) = deployed else { return nil }
    return serving.snapshot
  }

  /// How somebody has moved its alias since its record was written; nil where nobody has, or it was not read.
  package var move: AliasMove? { snapshot?.move }

  /// How somebody has moved its alias, weights beside the version that is to serve alone included; nil where nobody has,
  /// or it was not read.
  package internal(set) var displaced: AliasMove?

  /// The record in its alias; nil where there is none.
  var record: RolloutRecord? {
    guard case .serving(let serving) = deployed else { return nil }
    return serving.record
  }
}
