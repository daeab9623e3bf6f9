package import Core

/// Where `${…}` gets the values that only AWS or the caller knows.
package struct InterpolationValues: Sendable {
  /// The region that the run works in.
  package var region: String?
  /// The account's id; asked once, and only when `${account}` is used.
  package var account: @Sendable () async throws -> String
  /// The values of SSM parameters by their paths; asked once, and only when `${ssm:…}` is used.
  package var parameters: @Sendable (_ paths: [String]) async throws -> [String: String]
  /// Settings that lie over all files, as flags do: under the names of `function.json`.
  package var overrides: JSONObject

  /// Values from closures, which are not called where nothing needs them.
  package init(
    region: String?, account: @escaping @Sendable () async throws -> String,
    parameters: @escaping @Sendable (_ paths: [String]) async throws -> [String: String],
    overrides: JSONObject = JSONObject()
  ) {
    self.region = region
    self.account = account
    self.parameters = parameters
    self.overrides = overrides
  }
}
