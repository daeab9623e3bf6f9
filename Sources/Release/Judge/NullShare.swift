/// The chance that an error hits a canary that is no worse: `q` of the formulas.
enum NullShare {
  /// Invocations of both versions from which on the observed share is believed.
  private static let believedFrom = 200
  /// How unlikely the canary's invocations must be under the weight for the weight not to be believed.
  private static let refuted = 0.01

  /// The weight, or the observed share where it is larger and to be believed: the milder reading of the two.
  static func chance(weight: Double, canary: Int, stable: Int) -> Double {
    let total = canary + stable
    guard total > 0 else { return weight }
    let isBelieved =
      total >= believedFrom || stable == 0
      || BinomialTail.probability(atLeast: Double(canary), of: Double(total), chance: weight) < refuted
    return min(isBelieved ? max(weight, Double(canary) / Double(total)) : weight, 1)
  }
}
