internal import AWSClient
internal import Core

/// Reads one alias of many functions.
struct AliasReader: Sendable {
  let lambda: any LambdaAliases
  let alias: String
  let parallel: Int

  /// The alias of each of `subjects` that has one, by logical name.
  func read(_ subjects: [FunctionName]) async throws(ReleaseError) -> [String: AliasConfiguration] {
    let results = await Concurrent.map(subjects, limit: parallel) {
      subject -> Result<AliasConfiguration?, ReleaseError> in
      do throws(AWSError) {
        return .success(try await lambda.getAlias(subject.functionName, name: alias))
      } catch {
        return error.isNotFound ? .success(nil) : .failure(.aws(error, function: subject.function))
      }
    }
    var aliases: [String: AliasConfiguration] = [:]
    for (subject, result) in zip(subjects, results) { aliases[subject.function] = try result.get() }
    return aliases
  }
}
