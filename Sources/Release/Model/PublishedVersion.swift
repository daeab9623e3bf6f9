/// A version that is ready for traffic.
package struct PublishedVersion: Hashable, Sendable {
  /// Its number.
  package let version: String
  /// Lambda's `CodeSha256` of it.
  package let codeSHA256: String
  /// `pkg` of what is in it; nil when nobody wrote it down.
  package let packageDigest: String?
  /// Whether it had been published before, by a run that did not come to its end.
  package let wasThere: Bool
  /// The execution role, which two versions of one alias must share.
  package let role: String
  /// Where failed asynchronous events go, which they must share too.
  package let deadLetterTarget: String?
  /// Whether it starts from a snapshot, which excludes provisioned concurrency.
  package let usesSnapStart: Bool
  /// Whether Lambda has put it to sleep: it was there before and has had no traffic for long.
  package let isAsleep: Bool
}
