/// What becomes of a rollout that had too little traffic for a verdict until the end of its waiting time.
package enum LowTrafficPolicy: String, Hashable, Sendable, CaseIterable {
  /// Goes on if a smoke test passed, else holds.
  case promoteIfSmoked = "promote-if-smoked"
  /// Waits for a person.
  case hold
  /// Goes back.
  case rollback
}

/// What a finding other than errors leads to.
package enum FindingAction: String, Hashable, Sendable, CaseIterable {
  /// Waits for a person.
  case hold
  /// Goes back.
  case rollback
}

/// What becomes of a rollout whose run is told to stop.
package enum InterruptPolicy: String, Hashable, Sendable, CaseIterable {
  /// All traffic goes back to the stable version.
  case rollback
  /// The weights stay; any later run goes on from the record.
  case leave
}

/// When what calls a function is bound to its alias.
package enum TriggerMoment: String, Hashable, Sendable, CaseIterable {
  /// When the new version serves for good, after the bake: until then the old one may come back.
  case end
  /// When the new version has all traffic, while it bakes.
  case promotion
}

/// What becomes of settings that others have changed in `$LATEST`, and that the manifest does not state.
package enum DriftPolicy: String, Hashable, Sendable, CaseIterable {
  /// They go into the next version, by name.
  case tell
  /// A release ends before anything is uploaded.
  case refuse
  /// The next version has what the one that serves has.
  case restore
}

/// How a manifest owns a function's environment variables.
package enum EnvironmentMode: String, Hashable, Sendable, CaseIterable {
  /// The function has exactly the manifest's variables.
  case replace
  /// The manifest's variables are laid over those that the function has.
  case merge
  /// The variables are somebody else's.
  case unmanaged
}
