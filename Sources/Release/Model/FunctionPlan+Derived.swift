internal import AWSClient
package import Core
internal import LambdaSettings
internal import Triggers

extension FunctionPlan {
  /// Whether its package must be built: also to hold it against other layers.
  var isToBeBuilt: Bool { change != .none && unfinished?.relation != .same && (uploads || changesLayers) }

  /// Whether layers that the repository makes are to be others.
  var changesLayers: Bool {
    guard configures, !input.layers.isEmpty else { return false }
    return !input.openLayers.isEmpty || differences.contains { $0.setting == "Layers" }
  }

  /// The layers of which a version must be made known before the function gets its settings.
  var openLayers: [LayerInput] {
    if case .missing = deployed { return input.openLayers }
    return configures ? input.openLayers : []
  }

  /// The configuration of the version that serves; nil before the first deploy.
  var servingConfiguration: FunctionConfiguration? {
    guard case .serving(let serving) = deployed else { return nil }
    return serving.description.configuration
  }

  /// Why it changes, and what others have changed.
  ///
  /// - Parameter policy: what becomes of the others' settings.
  package func reasons(_ policy: DriftPolicy) -> [String] { reasons + (foreign?.clauses(policy) ?? []) }

  /// `cfg` of the version to be: the deployed one where settings are not touched.
  var configurationDigest: String {
    input.ownsConfiguration
      ? input.configurationDigest : provenance?.configuration ?? input.configurationDigest
  }

  /// How long an invocation may take, with the settings before and those after.
  var timeout: TimeSpan {
    var seconds = input.ownsConfiguration ? input.configuration.members["Timeout"]?.int ?? 0 : 0
    if case .serving(let serving) = deployed {
      seconds = max(seconds, serving.description.configuration.timeout ?? 0)
    }
    return .seconds(Double(seconds))
  }

  /// How long an invocation may take, and whether the release makes it longer.
  var longestInvocation: InvocationTimeout? {
    guard timeout > .zero else { return nil }
    guard case .serving(let serving) = deployed, let present = serving.description.configuration.timeout
    else { return InvocationTimeout(longest: timeout, isRaised: false) }
    return InvocationTimeout(longest: timeout, isRaised: timeout > .seconds(Double(present)))
  }

  /// What the Description of the serving version says of its origin.
  package var provenance: VersionProvenance? {
    guard case .serving(let serving) = deployed else { return nil }
    return serving.provenance
  }
}
