internal import AWSClient
internal import Packager
internal import Release
internal import Triggers

extension Failure {
  /// What an error of the repository means.
  init(_ error: PackagerError) {
    switch error {
    case .config, .discovery, .undeclared, .inputs, .archive, .artifacts:
      self.init(.config, error.description, fix: error.fix)
    case .gate: self.init(.gateFailed, error.description, fix: error.fix)
    case .build(_, _, let output): self.init(.failed, error.description, fix: error.fix, details: output)
    case .several(let errors):
      let failures = errors.map { Failure($0) }
      self = failures.first ?? Failure(.config, error.description)
      more = Array(failures.dropFirst())
    case .store(_, _, let isPermission): self.init(isPermission ? .permission : .failed, error.description)
    case .system, .cancelled: self.init(.failed, error.description, fix: error.fix)
    }
  }

  /// What an error of AWS means.
  init(_ error: AWSError) {
    let code: ExitCode
    switch error {
    case .missingRegion, .badConfiguration: code = .config
    case .service, .transport, .noCredentials, .brokenCredentials, .malformedAnswer, .localFile,
      .limitExceeded,
      .cancelled:
      code = error.isCredentials || error.isPermission ? .permission : .failed
    }
    self.init(code, error.description, fix: error.fix)
  }

  /// What an error of a release means.
  init(_ error: ReleaseError) {
    switch error {
    case .aws(let cause, let function):
      let failure = Failure(cause)
      self.init(
        failure.exitCode, (function.map { "\($0): " } ?? "") + failure.message,
        fix: failure.fix)
    case .owned, .standing, .takenOver, .overtaken, .changedMeanwhile:
      self.init(.busy, error.description, fix: error.fix)
    case .package(let failure):
      let code: ExitCode =
        switch failure.kind {
        case .configuration: .config
        case .gate: .gateFailed
        case .other: .failed
        }
      self.init(code, error.description, fix: error.fix)
      brief = failure.brief.map { "\(failure.function): \($0)" }
    case .edge(let edge, let isBefore):
      let isRefused = edge.cause.map { $0.isPermission || $0.isCredentials } ?? false
      self.init(
        isBefore ? isRefused ? .permission : .failed : .partial, error.description, fix: error.fix)
    case .otherSteps, .splitsRelease: self.init(.usage, error.description, fix: error.fix)
    case .unknownAlarms: self.init(.config, error.description, fix: error.fix)
    case .touched: self.init(.failed, error.description, fix: error.fix)
    case .notTakenBack: self.init(.held, error.description, fix: error.fix)
    case .smokeFailed, .hookFailed: self.init(.gateFailed, error.description, fix: error.fix)
    case .failedInLambda, .timedOut, .interrupted, .quarantined, .notCreatable, .preflight, .noTarget,
      .noVersion,
      .unreadableRecord, .nothingHeld, .notHeld, .incomplete, .outdated, .unseen, .foreignWeights,
      .credentialsEnd, .bareCallers, .foreignChanges, .foreignAlias:
      self.init(.failed, error.description, fix: error.fix)
    }
  }
}
