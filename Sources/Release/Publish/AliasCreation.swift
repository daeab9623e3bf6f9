internal import AWSClient
internal import Core

/// Gives a function that has no alias its first one.
struct AliasCreation {
  /// How often it is created anew where nobody heard the answer.
  private static let attempts = 4

  let services: ReleaseServices
  let timeout: TimeSpan
  let alias: String
  let version: String
  let description: String

  /// - Throws: ``ReleaseError/owned(function:alias:by:)`` where somebody else has created it meanwhile, and what AWS
  ///   answers to the call.
  func create(for name: FunctionName) async throws(ReleaseError) {
    let waiter = Waiter(services, timeout: timeout)
    for attempt in 1... {
      do throws(ReleaseError) {
        _ = try await waiter.whenFound(version, of: name) { () async throws(AWSError) in
          try await services.lambda.createAlias(
            name.functionName, name: alias, version: version, description: description)
        }
        return
      } catch {
        guard case .aws(let cause, _) = error else { throw error }
        if cause.conflict == .alreadyExists, try await isOurs(name) { return }
        if cause.conflict == .alreadyExists {
          throw .owned(function: name.function, alias: alias, by: "it has just been created")
        }
        guard cause.mayHaveBeenProcessed, attempt < Self.attempts else { throw error }
      }
    }
  }

  /// Whether the alias that exists is the one that was asked for: an answer was lost. Reads may be older than it.
  private func isOurs(_ name: FunctionName) async throws(ReleaseError) -> Bool {
    let reader = AliasReader(lambda: services.lambda, alias: alias, parallel: 1)
    let seen = try await FreshRead(reader: reader, clock: services.clock).alias(of: name) { $0 == nil }
    guard let created = seen?.alias else { return false }
    return created.functionVersion == version && created.description == description && created.weights.isEmpty
  }
}
