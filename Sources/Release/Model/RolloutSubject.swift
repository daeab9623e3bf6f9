/// A function that a command about rollouts under way looks at.
public struct RolloutSubject: Hashable, Sendable {
  /// Its names.
  public let name: FunctionName
  /// Whether the user has selected it. What is not selected is looked at too: it may belong to the same release.
  public let isSelected: Bool
  /// Whether it has smoke tests, which a version on trial has passed before its first weight.
  public let isSmoked: Bool
  /// The user's programs around the shift of its traffic.
  public let hooks: FunctionHooks

  /// Joins name and selection.
  public init(name: FunctionName, isSelected: Bool, isSmoked: Bool, hooks: FunctionHooks = FunctionHooks()) {
    self.name = name
    self.isSelected = isSelected
    self.isSmoked = isSmoked
    self.hooks = hooks
  }
}
