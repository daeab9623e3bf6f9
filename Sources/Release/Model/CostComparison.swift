internal import AWSClient

/// What an invocation of one version takes, on average.
package struct RunningCost: Hashable, Sendable {
  /// Mean duration in milliseconds.
  package let milliseconds: Double
  /// Memory in MB.
  package let memorySize: Int

  /// Memory times time, in GB-seconds: what AWS charges for.
  package var gigabyteSeconds: Double { milliseconds / 1_000 * Double(memorySize) / 1_024 }

  init?(_ milliseconds: Double?, _ configuration: FunctionConfiguration) {
    guard let milliseconds, milliseconds > 0, let memorySize = configuration.memorySize else { return nil }
    self.milliseconds = milliseconds
    self.memorySize = memorySize
  }
}

/// What the new version costs against the one it was to replace, both in the time of the rollout.
package struct CostComparison: Hashable, Sendable {
  /// The new version's.
  package let canary: RunningCost
  /// The stable version's.
  package let stable: RunningCost

  /// How many times as much the new version costs.
  package var ratio: Double { canary.gigabyteSeconds / stable.gigabyteSeconds }

  init?(canary: RunningCost?, stable: RunningCost?) {
    guard let canary, let stable else { return nil }
    self.canary = canary
    self.stable = stable
  }
}
