internal import Core

/// What a canary of a given size can and cannot see.
public enum Power {
  /// The error rate that `invocations` of the canary show with 90 % when the stable version is clean: three errors
  /// must be met, which takes 5.3 expected ones.
  public static func detectableRate(invocations: Double) -> Double {
    invocations > 0 ? min(5.3 / invocations, 1) : 1
  }

  /// The error rate that `invocations` without an error exclude with 95 % (the rule of three).
  public static func errorFreeBound(invocations: Double) -> Double {
    invocations > 0 ? min(3 / invocations, 1) : 1
  }

  /// What a plan says of a step that will give the canary about `expected` invocations.
  public static func planSentence(function: String, expected: Double, minInvocations: Int) -> String {
    let count = Wording.count(Int(min(max(expected.rounded(), 0), 1e15)))
    if expected < Double(minInvocations) {
      return
        "\(function): about \(count) canary invocations expected, \(minInvocations) are needed for a verdict."
    }
    return "\(function): about \(count) canary invocations expected: an error rate of about "
      + "\(Wording.about(detectableRate(invocations: expected))) is caught with 90 %."
  }
}
