internal import AWSClient
internal import Core

/// Reads the versions of functions and what refers to them. Writes nothing.
package struct VersionReader: Sendable {
  private let lambda: any LambdaVersions
  private let parallel: Int

  /// A reader that works on `parallel` functions at once.
  package init(services: ReleaseServices, parallel: Int) {
    lambda = services.lambda
    self.parallel = parallel
  }

  /// The history of each of `names`, in their order; a function that AWS does not have is left out.
  ///
  /// - Throws: ``ReleaseError/aws(_:function:)``.
  package func read(_ names: [FunctionName]) async throws(ReleaseError) -> [VersionHistory] {
    let results = await Concurrent.map(names, limit: parallel) { name in await history(of: name) }
    var histories: [VersionHistory] = []
    for result in results {
      if let history = try result.get() { histories.append(history) }
    }
    return histories
  }

  private func history(of name: FunctionName) async -> Result<VersionHistory?, ReleaseError> {
    do throws(AWSError) {
      let versions = try await lambda.listVersions(name.functionName)
      let aliases = try await lambda.listAliases(name.functionName)
      return .success(VersionHistory(name, versions: versions, aliases: aliases))
    } catch {
      return error.isNotFound ? .success(nil) : .failure(.aws(error, function: name.function))
    }
  }
}
