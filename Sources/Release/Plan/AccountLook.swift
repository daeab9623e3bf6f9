package import AWSClient

/// What AWS has of the functions of an environment, before anything is compared with it.
package struct AccountLook: Sendable {
  /// `$LATEST` of those that exist, by name in AWS.
  let latest: Result<[String: FunctionConfiguration], ReleaseError>
  /// The names on the pages of ListFunctions that were read, those of others among them: in a large account not all.
  package let listed: [String]
  /// The version that the alias names, by name in AWS; nil where there is no function, or no alias.
  let served: [String: Result<FunctionDescription?, ReleaseError>]

  /// The function as it is: the version that serves, or `$LATEST` where there is no alias yet. Nil for one that does not
  /// exist or could not be read.
  ///
  /// - Parameter functionName: its name in AWS.
  package func present(_ functionName: String) -> FunctionConfiguration? {
    if let served = try? served[functionName]?.get() { return served.configuration }
    return (try? latest.get())?[functionName]
  }
}
