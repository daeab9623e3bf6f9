/// Runs the user's programs.
package protocol HookRunning: Sendable {
  /// Runs one to its end; a cancelled task ends it.
  func run(_ call: HookCall) async throws(HookFailure)
}
