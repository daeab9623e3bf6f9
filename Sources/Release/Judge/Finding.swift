/// What a rule found.
struct Finding {
  let kind: Verdict.Kind
  let rule: Int
  let cause: Verdict.Cause
  /// The trial it rests on; nil for that of the phase under way.
  var trial: Trial?
  /// The evidence where it is not the trial's: its logarithm.
  var logE: Double?
  /// The evidence without the best minute where it is not the trial's: its logarithm.
  var logRest: Double?
  /// The rates where they are not the trial's.
  var rates: StandardisedRates?
  /// The error rate that was gone beyond.
  var limit: Double?
  /// The sentence without its beginning, and without the minute.
  let text: String
}
