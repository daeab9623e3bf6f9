internal import Release
internal import Triggers

/// How a command deals with triggers.
struct TriggerOptions: Hashable, Sendable {
  var noTriggers = false
  var checkTriggers = false
  var skipValidation = false
  var yes = false

  static let parameters: [Parameter<TriggerOptions>] = [
    .flag("no-triggers", \.noTriggers, "Leave what calls the functions as it is"),
    .flag(
      "check-triggers", \.checkTriggers,
      "Read what calls every function, also where the last deploy left it right, and repair it"),
    .flag(
      "skip-destination-validation", \.skipValidation,
      "Have S3 take a bucket's notifications although it cannot reach a destination there"),
    .flag(
      "yes", \.yes, "Do what cannot be undone: a URL's end or its opening to everybody, a stream's place"),
  ]

  /// As a stage takes them.
  func settings(parallel: Int) -> TriggerSettings {
    var settings = TriggerSettings()
    settings.isSkipped = noTriggers
    settings.isChecked = checkTriggers
    settings.edges.isConfirmed = yes
    settings.edges.skipsValidation = skipValidation
    settings.edges.parallel = parallel
    return settings
  }
}
