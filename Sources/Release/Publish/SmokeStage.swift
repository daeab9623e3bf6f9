internal import AWSClient
internal import Core

/// Tries versions by their smoke tests, whatever alias is to name them.
struct SmokeStage: Sendable {
  let services: ReleaseServices
  let settings: ReleaseSettings
  let journal: ReleaseJournal

  /// Runs the smoke tests of versions, those of one version one after the other.
  ///
  /// - Throws: the first failure; all of them are told, each of its function.
  func run(_ subjects: [(input: FunctionInput, version: String)]) async throws(ReleaseError) {
    let lambda = services.lambda
    let waiter = Waiter(services, timeout: settings.timeout)
    let failures = await Concurrent.map(subjects, limit: settings.parallel) {
      input, version -> ReleaseError? in
      do throws(ReleaseError) {
        for test in input.smokeTests {
          try await test.run(input, version: version, with: lambda, waiter: waiter)
        }
        return nil
      } catch {
        return error
      }
    }
    if Task.isCancelled { throw .interrupted }
    for (subject, failure) in zip(subjects, failures) {
      guard let failure else {
        tell(subject.input, subject.version)
        continue
      }
      journal.tell(.ended(subject.input.function, .failed))
      journal.tell(.failed(subject.input.function, failure))
    }
    if let first = failures.compactMap({ $0 }).first { throw first }
  }

  private func tell(_ input: FunctionInput, _ version: String) {
    guard let first = input.smokeTests.first else { return }
    let count = input.smokeTests.count
    journal.tell(
      .note(
        input.function,
        "version \(version) has passed "
          + (count == 1 ? "its smoke test (\(first.name))" : "its \(count) smoke tests")))
  }
}
