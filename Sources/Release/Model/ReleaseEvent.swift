public import Core

/// What a run reports while it goes on: for people on a terminal, in a log, or as a line of JSON.
public enum ReleaseEvent: Hashable, Sendable {
  /// What one function is going through before it has traffic.
  public enum Phase: Hashable, Sendable {
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

  /// A function entered a phase.
  case phase(String, Phase)
  /// Another run holds the lease of a function's alias until the given time; this one watches whether it lives.
  case leaseWatched(String, owner: String, until: Timestamp)
  /// A rollout that another run left behind goes on here.
  case resumed(String, step: Int, of: Int, weight: Double)
  /// A version is ready; it had been there before when an earlier run had published the same.
  case published(String, version: String, wasThere: Bool)
  /// The canary of a function has a new weight in step `step` of `of`.
  case shifted(String, version: String, weight: Double, step: Int, of: Int, until: Timestamp)
  /// The judge looked at the function.
  case judged(String, Verdict)
  /// The judge looked at the release as a whole.
  case judgedRelease(Verdict)
  /// The new version has all traffic and is watched until the given time.
  case baking(String, version: String, until: Timestamp)
  /// The new version is the stable one.
  case promoted(String, version: String)
  /// All traffic is back on `to`.
  case rolledBack(String, from: String, to: String)
  /// The rollout stands still at the weight it has.
  case held(String, reason: String)
  /// Anything else worth a line.
  case note(String?, String)
}
