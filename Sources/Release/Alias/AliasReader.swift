internal import AWSClient
internal import Core

/// Reads one alias of many functions.
struct AliasReader: Sendable {
  let lambda: any LambdaAliasReading
  let alias: String
  let parallel: Int

  /// The alias of each of `subjects` that has one, by logical name.
  ///
  /// - Throws: ``ReleaseError/aws(_:function:)`` for the first that cannot be read.
  func read(_ subjects: [FunctionName]) async throws(ReleaseError) -> [String: AliasSnapshot] {
    let found = try await Concurrent.map(subjects, limit: parallel) {
      subject async throws(ReleaseError) -> AliasSnapshot? in try await read(subject)
    }
    var aliases: [String: AliasSnapshot] = [:]
    for (subject, alias) in zip(subjects, found) { aliases[subject.function] = alias }
    return aliases
  }

  /// The alias of one function; nil where it has none.
  ///
  /// - Throws: ``ReleaseError/aws(_:function:)``.
  func read(_ subject: FunctionName) async throws(ReleaseError) -> AliasSnapshot? {
    do throws(AWSError) {
      return AliasSnapshot(try await lambda.getAlias(subject.functionName, name: alias))
    } catch {
      if error.isNotFound { return nil }
      throw .aws(error, function: subject.function)
    }
  }
}
