package import Core

/// What a run reports while it goes on: for people on a terminal, in a log, or as a line of JSON.
package enum ReleaseEvent: Hashable, Sendable {
  /// What one function is going through before it has traffic.
  package enum Phase: Hashable, Sendable {
    /// Its package is being built.
    case building
    /// Its package, of so many bytes, is on the way.
    case uploading(bytes: Int)
    /// Its settings are being written.
    case configuring
    /// Lambda is working on it.
    case waiting
    /// A version is being made.
    case publishing
  }

  /// From here on the run makes, or goes on with, this release.
  case release(ReleaseID)
  /// A function entered a phase.
  case phase(String, Phase)
  /// A function's package is built: `pkg` of it.
  case built(String, package: String)
  /// A function's package is what the version that serves was made of.
  case identical(String, version: String)
  /// Another run holds the lease of a function's alias until the given time; this one watches whether it lives.
  case leaseWatched(String, owner: String, until: Timestamp)
  /// Another run holds the lease of a function's alias until the given time, and this one leaves the rollout to it.
  case driven(String, owner: String, until: Timestamp)
  /// A rollout that another run left behind goes on here.
  case resumed(String, step: Int, of: Int, weight: Double)
  /// A version is ready; it had been there before when an earlier run had published the same.
  case published(String, version: String, wasThere: Bool)
  /// The new version of a function is on trial from here on, or gone back to: `CodeSha256` of it, where it is known.
  case candidate(String, from: String?, to: String, codeSHA256: String?)
  /// What an alias was last read, or written, to give each version: shares of 0 to 1. Empty where there is no alias.
  case serves(String, [String: Double])
  /// The canary of a function has a new weight in step `step` of `of`.
  case shifted(String, version: String, weight: Double, step: Int, of: Int, until: Timestamp)
  /// The judge looked at the function.
  case judged(String, Verdict)
  /// The judge looked at the release as a whole.
  case judgedRelease(Verdict)
  /// The evidence that the verdicts before rest on, and the verdict on the release, also where it has one function.
  case observed(EvidenceFile, Verdict)
  /// The new version has all traffic and is watched until the given time.
  case baking(String, version: String, until: Timestamp)
  /// The new version is the stable one.
  case promoted(String, version: String)
  /// All traffic is back on `to`.
  case rolledBack(String, from: String, to: String)
  /// The alias was read back after a rollback and gives the version before all traffic.
  case verified(String)
  /// The rollout stands still at the weight it has.
  case held(String, reason: String)
  /// What a version that was taken back has logged and cost.
  case explained(String, errors: [LoggedError], cost: CostComparison?)
  /// Why a function, or (nil) the run, did not come to its good end.
  case failed(String?, ReleaseError)
  /// How it has ended for a function.
  case ended(String, Outcome)
  /// The change that a function was on trial for was taken back in the repository: its canary has ended as was wanted.
  case abandoned(String)
  /// How it has ended as a whole.
  case concluded(Outcome)
  /// The run was told to stop.
  case interrupted
  /// Something went wrong without changing how it ends: a sentence.
  case warning(String?, String)
  /// Anything else worth a line.
  case note(String?, String)
}
