internal import AWSClient
public import Core

extension FunctionPlan {
  /// Whether its package must be built.
  var isToBeBuilt: Bool { change != .none && unfinished?.relation != .same && uploads }

  /// Why it changes, and what others have changed.
  ///
  /// - Parameter policy: what becomes of the others' settings.
  public func reasons(_ policy: DriftPolicy) -> [String] { reasons + (foreign?.clauses(policy) ?? []) }

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

  /// What the Description of the serving version says of its origin.
  public var provenance: VersionProvenance? {
    guard case .serving(let serving) = deployed else { return nil }
    return serving.provenance
  }
}
