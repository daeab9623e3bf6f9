internal import AWSClient
internal import Core

// What of a function's settings lies beside its versions.
extension ReleaseRun {
  /// Writes settings that need no version.
  func update(_ plans: [FunctionPlan]) async throws(ReleaseError) {
    let writer = SettingWriter(services, timeout: settings.timeout)
    for plan in plans {
      guard case .serving(let serving) = plan.deployed else { continue }
      // The ARN of what the alias names ends with a qualifier.
      let arn = serving.description.configuration.unqualifiedARN
      do throws(ReleaseError) {
        try await writer.write(plan, arn: arn)
      } catch {
        journal.tell(.ended(plan.input.function, .failed))
        journal.tell(.failed(plan.input.function, error))
        throw error
      }
      journal.tell(.note(plan.input.function, "settings written: \(Comparison.words(plan.own))"))
      journal.tell(.ended(plan.input.function, .updated))
    }
  }

  /// Lets go of environments that were kept ready for versions which have no traffic any more.
  func letGo() async {
    let writer = SettingWriter(services, timeout: settings.timeout)
    for plan in plan.functions where plan.input.ownsConfiguration {
      guard plan.input.configuration.members["ProvisionedConcurrentExecutions"] != nil,
        let report = journal.report.functions.first(where: { $0.function == plan.input.function }),
        let version = report.outcome == .promoted
          ? report.fromVersion : report.outcome == .rolledBack ? report.toVersion : nil,
        report.serving[version] == nil, !Task.isCancelled
      else { continue }
      do throws(ReleaseError) {
        try await writer.release(version, of: plan.input)
      } catch {
        journal.tell(
          .warning(
            plan.input.function, "the provisioned concurrency of version \(version) stays: \(error)"))
      }
    }
  }
}
