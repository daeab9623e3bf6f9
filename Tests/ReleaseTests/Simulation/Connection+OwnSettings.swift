import AWSClient
import Core

// Settings that have calls of their own.
extension Connection {
  func tagResource(_ arn: String, tags: [String: String]) async throws(AWSError) {
    let name = arn.split(separator: ":").last.map(String.init) ?? ""
    try await call("TagResource", name) { () throws(AWSError) in
      try account.with(name, "TagResource") { function, _ throws(AWSError) in
        function.tags.merge(tags) { $1 }
        function.revision += 1
      }
    }
  }

  func setFunctionConcurrency(_ function: String, reserved: Int?) async throws(AWSError) {
    try await call("PutFunctionConcurrency", function) { () throws(AWSError) in
      try account.with(function, "PutFunctionConcurrency") { simulated, _ throws(AWSError) in
        simulated.reserved = reserved
      }
    }
  }

  func getFunctionCodeSigningConfig(_ function: String) async throws(AWSError) -> String? {
    try await call("GetFunctionCodeSigningConfig", function) { () throws(AWSError) in
      try account.with(function, "GetFunctionCodeSigningConfig") { function, _ throws(AWSError) in
        function.codeSigning
      }
    }
  }

  func setFunctionCodeSigningConfig(_ function: String, arn: String?) async throws(AWSError) {
    try await call("PutFunctionCodeSigningConfig", function) { () throws(AWSError) in
      try account.with(function, "PutFunctionCodeSigningConfig") { function, _ throws(AWSError) in
        function.codeSigning = arn
      }
    }
  }

  func getRuntimeManagementConfig(
    _ function: String, qualifier: String
  ) async throws(AWSError) -> JSONObject {
    try await call("GetRuntimeManagementConfig", function) { () throws(AWSError) in
      try account.with(function, "GetRuntimeManagementConfig") { function, _ throws(AWSError) in
        function.runtimeManagement[qualifier] ?? JSONObject([("UpdateRuntimeOn", "Auto")])
      }
    }
  }

  func putRuntimeManagementConfig(
    _ function: String, qualifier: String, configuration: JSONObject
  ) async throws(AWSError) {
    try await call("PutRuntimeManagementConfig", function) { () throws(AWSError) in
      try account.with(function, "PutRuntimeManagementConfig") { function, _ throws(AWSError) in
        function.runtimeManagement[qualifier] = configuration
      }
    }
  }

  func getFunctionRecursionConfig(_ function: String) async throws(AWSError) -> String? {
    try await call("GetFunctionRecursionConfig", function) { () throws(AWSError) in
      try account.with(function, "GetFunctionRecursionConfig") { function, _ throws(AWSError) in
        function.recursion
      }
    }
  }

  func putFunctionRecursionConfig(_ function: String, loop: String) async throws(AWSError) {
    try await call("PutFunctionRecursionConfig", function) { () throws(AWSError) in
      try account.with(function, "PutFunctionRecursionConfig") { function, _ throws(AWSError) in
        function.recursion = loop
      }
    }
  }

  func setProvisionedConcurrency(
    _ function: String, qualifier: String, provisioned: Int?
  ) async throws(AWSError) {
    try await call("PutProvisionedConcurrencyConfig", function) { () throws(AWSError) in
      try account.with(function, "PutProvisionedConcurrencyConfig") { function, _ throws(AWSError) in
        function.provisioned[qualifier] = provisioned.map {
          ProvisionedConcurrency(requested: $0, available: $0, allocated: $0, status: "READY")
        }
      }
    }
  }

  func getProvisionedConcurrencyConfig(
    _ function: String, qualifier: String
  ) async throws(AWSError) -> ProvisionedConcurrency? {
    try await call("GetProvisionedConcurrencyConfig", function) { () throws(AWSError) in
      try account.with(function, "GetProvisionedConcurrencyConfig") { function, _ throws(AWSError) in
        function.provisioned[qualifier]
      }
    }
  }
}
