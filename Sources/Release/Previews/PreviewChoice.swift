internal import AWSClient
internal import Core

/// Which version of one function a preview shows. Pure: two plans in, choice out.
struct PreviewChoice: Sendable {
  /// Where its version comes from.
  enum Source: Hashable, Sendable {
    /// It is there: the environment's, when nothing differs from that, or the preview's own of an earlier push.
    case there(version: String)
    /// It is to be published.
    case publish
  }

  /// What is to be done, without what is not a version's own: settings of the function as a whole belong to the
  /// environment, and nothing is kept ready for a preview.
  let plan: FunctionPlan
  let source: Source
  /// The comparison with the version that the preview shows; nil where it shows none, or nobody has looked.
  let standing: FunctionPlan?

  private static let ofNoPreview = "ProvisionedConcurrentExecutions"

  /// - Parameters:
  ///   - base: the comparison with what the environment's alias serves.
  ///   - standing: the comparison with what the preview's alias shows; nil where nobody has looked.
  init(_ base: FunctionPlan, standing: FunctionPlan?) {
    var plan = base
    plan.own = []
    plan.input.configuration.members[Self.ofNoPreview] = nil
    let shown = standing.flatMap { if case .serving = $0.deployed { $0 } else { nil } }
    self.standing = shown
    let version: String? =
      if base.change == .none {
        base.servingVersion
      } else if let record = base.unfinished?.record, base.unfinished?.relation == .same {
        // The environment has just this on trial.
        record.canary
      } else if let shown, shown.change == .none {
        shown.servingVersion
      } else {
        nil
      }
    if let version {
      source = .there(version: version)
      plan.change = .none
      plan.reasons = []
    } else {
      source = .publish
    }
    // What the environment has on trial is not a preview's to go on with, or to end.
    plan.unfinished = nil
    self.plan = plan
  }

  /// Whether `package` with the wanted settings is what the preview shows already.
  func isShown(_ package: String) -> String? {
    guard let standing, standing.change == .code, standing.provenance?.package == package else { return nil }
    return standing.servingVersion
  }

  /// The ARN of the function without a qualifier; empty for one that is not there yet.
  var arn: String {
    switch plan.deployed {
    case .missing: ""
    case .withoutAlias(let latest): latest.configuration.unqualifiedARN
    case .serving(let serving): serving.description.configuration.unqualifiedARN
    }
  }

  /// `pkg` of a version that was there before; nil where that is not known.
  func package(of version: String) -> String? {
    [standing, plan].first { $0?.servingVersion == version }??.provenance?.package
  }

  /// Whether writing `$LATEST` would change what the environment serves.
  var servesLatest: Bool { plan.servingVersion == "$LATEST" }
}
