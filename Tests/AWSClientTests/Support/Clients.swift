import Core
import TestSupport

@testable import AWSClient

/// Keys of AWS's own documentation.
enum ExampleKeys {
  static let keyID = "AKIDEXAMPLE"
  static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
  static let environment = ["AWS_ACCESS_KEY_ID": keyID, "AWS_SECRET_ACCESS_KEY": secret]
  static let credentials = Credentials(keyID: keyID, secretKey: secret, source: "a test")
}

extension AWS {
  /// A client of one loopback server, whose waits take no time.
  static func testing(
    _ server: LoopbackServer, environment: [String: String] = [:], clock: any WallClock = ManualClock(),
    parallel: Int = 4, log: (@Sendable (String) -> Void)? = nil
  ) throws -> AWS {
    try testing(url: server.url, environment: environment, clock: clock, parallel: parallel, log: log)
  }

  static func testing(
    url: String, environment: [String: String] = [:], clock: any WallClock = ManualClock(), parallel: Int = 4,
    log: (@Sendable (String) -> Void)? = nil
  ) throws -> AWS {
    var all = ExampleKeys.environment
    all["AWS_REGION"] = "eu-central-1"
    all["HOME"] = "/nonexistent"
    all.merge(environment) { $1 }
    let settings = AWSSettings(endpointURL: url, parallel: parallel, log: log)
    return try AWS(settings: settings, environment: all, clock: clock)
  }
}

/// The error that `work` throws, or nil.
func failure(_ work: () async throws(AWSError) -> Void) async -> AWSError? {
  do throws(AWSError) {
    try await work()
    return nil
  } catch {
    return error
  }
}
