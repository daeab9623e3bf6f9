/// A version that is ready for traffic.
public struct PublishedVersion: Hashable, Sendable {
  /// Its number.
  public let version: String
  /// Lambda's `CodeSha256` of it.
  public let codeSHA256: String
  /// `pkg` of what is in it; nil when nobody wrote it down.
  public let packageDigest: String?
  /// Whether it had been published before, by a run that did not come to its end.
  public let wasThere: Bool
  /// The execution role, which two versions of one alias must share.
  public let role: String
  /// Where failed asynchronous events go, which they must share too.
  public let deadLetterTarget: String?
  /// Whether it starts from a snapshot, which excludes provisioned concurrency.
  public let usesSnapStart: Bool
  /// Whether Lambda has put it to sleep: it was there before and has had no traffic for long.
  public let isAsleep: Bool
}
