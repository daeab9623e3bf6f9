internal import Triggers

/// What of an environment's configuration brings further calls with it.
struct PolicyNeeds: Hashable, Sendable {
  var creates = false
  var statesRole = false
  var smokes = false
  /// The settings with calls of their own that some function states, by their names in the API.
  var stated: Set<String> = []
  var alarms = false
  var deadMan = false
  var companions = false
  /// Whether `preview` is configured with this environment, and gives functions addresses, or names a role.
  var preview = false
  var previewURL = false
  var previewRole = false
  var prunes = false
  var bucket = false
  /// Whether machines share what builds have made in a bucket.
  var cache = false
  var parameters = false
  /// The kinds of triggers that some function states.
  var triggers: Set<TriggerKind> = []
  /// Whether some layer is the repository's.
  var layers = false
  /// Whether some function is a container image that goes to ECR.
  var images = false

  /// All of them.
  static let all = PolicyNeeds(
    creates: true, statesRole: true, smokes: true, stated: Set(Operation.ownCalls.keys), alarms: true,
    deadMan: true, companions: true, preview: true, previewURL: true, previewRole: true, prunes: true,
    bucket: true, cache: true, parameters: true, triggers: Set(TriggerKind.allCases), layers: true,
    images: true)
}
