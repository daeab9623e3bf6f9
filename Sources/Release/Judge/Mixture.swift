internal import Glibc

/// The counts of both versions at one share of the traffic.
struct Stratum {
  let canary: Counts
  let stable: Counts
  /// The chance that an error hits a canary that is no worse.
  let q: Double

  /// Invocations from which on the observed share is believed.
  private static let shareFrom = 200

  /// The counts of a step at `weight`. A share above the weight counts as it is, which is the milder reading.
  init(canary: Counts, stable: Counts, weight: Double) {
    self.canary = canary
    self.stable = stable
    let total = canary.invocations + stable.invocations
    let share = total >= Self.shareFrom ? Double(canary.invocations) / Double(total) : 0
    q = min(max(weight, share, 0), 1)
  }

  /// The counts of a bake against those of another time.
  init(bake canary: Counts, baseline stable: Counts) {
    self.canary = canary
    self.stable = stable
    q = Self.share(canary, stable) ?? 1
  }

  static func share(_ canary: Counts, _ stable: Counts) -> Double? {
    let total = canary.invocations + stable.invocations
    return total > 0 ? Double(canary.invocations) / Double(total) : nil
  }
}

/// The mixture likelihood ratio over "which version did each error hit?".
///
/// If the canary is no worse, each error hits it with probability `q`, whatever the rate of errors is and however
/// it changes. The ratios are nonnegative martingales then, so the chance that their mean ever reaches 1/a is at
/// most a, however often one looks (Ville 1939; Lindon and Malek, "Anytime-Valid Inference for Multinomial Count
/// Data", NeurIPS 2022).
enum Mixture {
  /// How many times as often the canary may fail.
  static let ratios: [Double] = [1.5, 2.5, 5, 20, 1_000]

  /// The logarithm of the likelihood ratio for each of ``ratios``, taken to the power 1/`phi`.
  ///
  /// - Parameter nullRatio: how many times as often the canary may fail and still count as no worse.
  static func logs(_ strata: [Stratum], phi: Double, nullRatio: Double = 1) -> [Double] {
    ratios.map { ratio in
      var sum = 0.0
      for stratum in strata {
        let hits = Double(stratum.canary.errors)
        let errors = hits + Double(stratum.stable.errors)
        guard errors > 0 else { continue }
        let alternative = log1p(stratum.q * (ratio * nullRatio - 1))
        let null = log1p(stratum.q * (nullRatio - 1))
        sum += hits * log(ratio) - errors * (alternative - null)
      }
      return sum / phi
    }
  }

  /// The logarithm of the mean of the values whose logarithms these are.
  static func logMean(_ logs: [Double]) -> Double {
    guard let largest = logs.max(), largest.isFinite else { return logs.max() ?? 0 }
    let sum = logs.reduce(0) { $0 + exp($1 - largest) }
    return largest + log(sum / Double(logs.count))
  }

  /// The value of a logarithm, at most the largest finite number.
  static func value(_ logarithm: Double) -> Double { min(exp(logarithm), .greatestFiniteMagnitude) }
}

/// The same idea for a limit on the canary's own error rate.
enum AbsoluteLimit {
  private static let parts: [Double] = [0.05, 0.15, 0.4, 0.7, 0.98]

  /// The logarithm of the evidence that `counts` come from a rate above `limit`.
  static func logE(_ counts: Counts, limit: Double) -> Double {
    guard limit < 1 else { return 0 }
    // A limit of nothing at all would make the first error infinitely surprising.
    let limit = max(limit, 1e-9)
    let errors = Double(counts.errors)
    let successes = Double(max(counts.invocations - counts.errors, 0))
    return Mixture.logMean(
      parts.map { part in
        let rate = limit + (1 - limit) * part
        return errors * log(rate / limit) + successes * (log1p(-rate) - log1p(-limit))
      })
  }
}

/// How errors bunch.
enum Dispersion {
  private static let minutes = 180
  private static let fewestErrors = 10
  private static let largest = 5.0

  /// The variance of the errors of single minutes over that of independent ones: 1 to 5, and 1 where the last
  /// 180 minutes have fewer than ten errors.
  static func phi(_ history: [Counts]) -> Double {
    let known = history.suffix(minutes).filter { $0.invocations > 0 }
    let total = Counts.sum(known)
    guard total.errors >= fewestErrors, known.count > 1, let rate = total.rate else { return 1 }
    let squares = known.reduce(0.0) { sum, minute in
      let expected = Double(minute.invocations) * rate
      let excess = Double(minute.errors) - expected
      return sum + excess * excess / expected
    }
    return min(max(squares / Double(known.count - 1), 1), largest)
  }
}
