package import Core

/// A call that does not get through, and is about to be tried again: without a word of it a run that is throttled for a
/// minute looks as if it hung.
package struct RetryNotice: Hashable, Sendable {
  /// How long a call waits between its attempts, taken together, before anybody is told.
  static let patience = TimeSpan.seconds(3)

  /// Why the last attempt has failed.
  package let error: AWSError
  /// The attempt that has failed, from 1.
  package let attempt: Int
  /// The most attempts that there will be.
  package let most: Int
  /// How long until the next one.
  package let wait: TimeSpan

  /// A sentence without its full stop.
  package var words: String {
    "\(error); trying again in \(wait.seconds.formatted(digits: 0)) s (attempt \(attempt) of \(most) has failed)"
  }
}
