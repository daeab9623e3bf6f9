internal import Core

/// One parameter. Its description does not show the value.
package struct SSMParameter: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  /// The name it was asked for by.
  package let name: String
  /// Possibly a secret.
  package let value: String
  /// `String`, `StringList` or `SecureString`.
  package let type: String
  /// Counts from 1.
  package let version: Int

  /// A parameter of these values.
  package init(name: String, value: String, type: String, version: Int) {
    self.name = name
    self.value = value
    self.type = type
    self.version = version
  }

  /// Name, type and version.
  package var description: String { "\(name) (\(type), version \(version))" }
  /// The same.
  package var debugDescription: String { description }
}

/// The operations of Systems Manager's parameter store. All throw ``AWSError``.
package struct SSMClient: Sendable {
  private static let namesPerRequest = 10

  let pipeline: Pipeline

  init(pipeline: Pipeline) {
    self.pipeline = pipeline
  }

  /// The parameters of these names, secrets decrypted, and the names of those that do not exist.
  package func getParameters(
    _ names: [String]
  ) async throws(AWSError) -> (found: [String: SSMParameter], missing: [String]) {
    var found: [String: SSMParameter] = [:]
    var missing: [String] = []
    var rest = names[...]
    while !rest.isEmpty {
      let some = rest.prefix(Self.namesPerRequest)
      rest = rest.dropFirst(Self.namesPerRequest)
      let members = JSONObject([("Names", .array(some.map(JSON.string))), ("WithDecryption", true)])
      var call = APICall.json(.ssm, "GetParameters", target: "AmazonSSM", version: "1.1", members)
      call.resource = some.joined(separator: ", ")
      let answer = try await pipeline.answer(call).object
      missing += answer["InvalidParameters"]?.array?.compactMap(\.string) ?? []
      for parameter in answer["Parameters"]?.array ?? [] {
        guard let name = parameter["Name"]?.string else { continue }
        // With a selector the answer holds name and selector apart.
        let asked = name + (parameter["Selector"]?.string ?? "")
        found[asked] = SSMParameter(
          name: asked, value: parameter["Value"]?.string ?? "", type: parameter["Type"]?.string ?? "",
          version: parameter["Version"]?.int ?? 0)
      }
    }
    return (found, missing)
  }
}
