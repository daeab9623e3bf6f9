import Core
import Release
import TestSupport

@testable import AWSClient

extension Connection {
  func listLayerVersions(_ name: String) async throws(AWSError) -> [LayerVersion] {
    try await call("ListLayerVersions", name) { () throws(AWSError) in
      account.state.withLock { $0.layers[name] ?? [] }
    }
  }

  func publishLayerVersion(
    _ name: String, content: FunctionCode, details: LayerDetails
  ) async throws(AWSError) -> LayerVersion {
    try await call("PublishLayerVersion", name) { () throws(AWSError) in
      let now = account.clock.now()
      return account.state.withLock { state in
        let number = (state.layers[name]?.last?.version ?? 0) + 1
        let version = LayerVersion(
          arn: "arn:aws:lambda:eu-west-1:1:layer:\(name):\(number)", version: number,
          description: details.description, created: now)
        state.layers[name, default: []].append(version)
        return version
      }
    }
  }

  func deleteLayerVersion(_ name: String, version: Int) async throws(AWSError) {
    try await call("DeleteLayerVersion", "\(name):\(version)") { () throws(AWSError) in
      account.state.withLock { $0.layers[name]?.removeAll { $0.version == version } }
    }
  }

  func listAllVersions() async throws(AWSError) -> [FunctionConfiguration] {
    try await call("ListFunctions", "") { () throws(AWSError) in
      let now = account.clock.now()
      return account.state.withLock { state in
        state.functions.values.flatMap { function in
          ([nil] + function.versions.indices.map { String($0 + 1) }).compactMap {
            function.configuration($0, at: now)
          }
        }
      }
    }
  }
}
