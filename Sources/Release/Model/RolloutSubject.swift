/// A function that a command about rollouts under way looks at.
package struct RolloutSubject: Hashable, Sendable {
  /// Its names.
  package let name: FunctionName
  /// Whether the user has selected it. What is not selected is looked at too: it may belong to the same release.
  package let isSelected: Bool
  /// Whether it has smoke tests, which a version on trial has passed before its first weight.
  package let isSmoked: Bool
  /// The user's programs around the shift of its traffic.
  package let hooks: FunctionHooks

  /// Joins name and selection.
  package init(name: FunctionName, isSelected: Bool, isSmoked: Bool, hooks: FunctionHooks = FunctionHooks()) {
    self.name = name
    self.isSelected = isSelected
    self.isSmoked = isSmoked
    self.hooks = hooks
  }
}
