import Core
import Release
import TestSupport

@testable import AWSClient

// What tests look at, and do by hand.
extension SimulatedAccount {
  /// The function's alias `prod`.
  func alias(_ name: String = "orders") -> AliasConfiguration? {
    state.withLock { $0.functions[name]?.aliases["prod"] }
  }

  /// The record in it.
  func record(_ name: String = "orders") -> RolloutRecord? {
    guard let alias = alias(name), case .record(let record, _) = RolloutRecord.decode(alias.description)
    else {
      return nil
    }
    return record
  }

  /// The code of a version.
  func code(_ version: String?, of name: String = "orders") -> String? {
    state.withLock { state in
      let function = state.functions[name]
      return function?.configuration(version, at: clock.now())?.codeSHA256
    }
  }

  /// The members of a version.
  func members(_ version: String?, of name: String = "orders") -> JSONObject? {
    state.withLock { $0.functions[name]?.configuration(version, at: clock.now())?.members }
  }

  func versionCount(_ name: String = "orders") -> Int {
    state.withLock { $0.functions[name]?.versions.count ?? 0 }
  }

  /// Changes the alias as a person in the console does.
  func edit(
    _ name: String = "orders", version: String? = nil, weights: [String: Double]? = nil,
    description: String? = nil
  ) {
    let now = clock.now()
    state.withLock { state in
      guard let alias = state.functions[name]?.aliases["prod"] else { return }
      let changed = AliasConfiguration(
        name: alias.name, aliasARN: alias.aliasARN, functionVersion: version ?? alias.functionVersion,
        weights: weights ?? alias.weights, description: description ?? alias.description, revisionID: "")
      _ = state.functions[name]?.route(changed, at: now)
    }
  }

  /// Does what a living owner of the lease does every two minutes.
  func heartbeat(_ name: String = "orders") {
    guard var record = record(name) else { return }
    record.leaseEnd = clock.now() + .minutes(5)
    edit(name, description: record.encoded().text)
  }

  /// Sets what the traffic of a function is a minute.
  func setTraffic(_ invocations: Int, of name: String = "orders") {
    state.withLock { $0.traffic[name] = invocations }
  }

  /// Changes what is known of a function.
  func change(_ name: String = "orders", _ body: (inout SimulatedFunction) -> Void) {
    state.withLock { state in
      guard var function = state.functions[name] else { return }
      body(&function)
      state.functions[name] = function
    }
  }

  /// Wakes a version.
  ///
  /// - Returns: whether it was asleep.
  func wake(_ name: String, _ version: String?) throws(AWSError) -> Bool {
    try with(name, "Invoke") { function, now throws(AWSError) in
      guard let version, let number = Int(version), function.asleep.remove(version) != nil else {
        return false
      }
      function.versions[number - 1].activeAt = now + Self.updateTime
      return true
    }
  }

  /// Lets CloudWatch fail from now on for `span`.
  func breakMetrics(for span: TimeSpan) {
    let now = clock.now()
    state.withLock { $0.outage = now..<(now + span) }
  }
}
