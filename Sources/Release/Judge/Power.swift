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
}
