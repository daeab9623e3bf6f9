import Core
import TestSupport
import Testing

@testable import AWSClient

/// The account's limits, kept by a server in the time of a clock that runs fast.
@Suite("Rate limits")
struct RateLimitTests {
  /// Refuses what goes beyond `rate` a second, with a burst of one second's worth.
  private final class Limit: Sendable {
    private let state: Lock<(tokens: Double, updated: Timestamp, refused: Int)>
    private let rate: Double
    private let clock: any WallClock

    init(rate: Double, clock: any WallClock) {
      self.rate = rate
      self.clock = clock
      state = Lock((rate, clock.now(), 0))
    }

    var refused: Int { state.withLock { $0.refused } }

    func admit() -> Bool {
      state.withLock { state in
        let now = clock.now()
        state.tokens = min(rate, state.tokens + max(0, (now - state.updated).seconds) * rate)
        state.updated = now
        guard state.tokens >= 1 else {
          state.refused += 1
          return false
        }
        state.tokens -= 1
        return true
      }
    }
  }

  @Test("two hundred functions are read and written without a throttle, and no faster than the limits allow")
  func manyFunctions() async throws {
    let real = SystemClock().now()
    let clock = ScaledClock(speed: 5, realAnchor: real, anchor: Timestamp(seconds: 1_763_704_140))
    let reads = Limit(rate: 100, clock: clock)
    let control = Limit(rate: 15, clock: clock)
    let server = try LoopbackServer { request, _ in
      let isRead = request.method == "GET" && request.path.split(separator: "/").count == 3
      guard (isRead ? reads : control).admit() else {
        return .error(429, "TooManyRequestsException", "Rate exceeded")
      }
      return isRead ? .json(200, PipelineTests.function) : .json(200, #"{"Name":"live","RevisionId":"r"}"#)
    }
    let aws = try AWS.testing(server, clock: clock, parallel: 8)
    let started = clock.now()
    let errors = await withTaskGroup(of: AWSError?.self) { group in
      for index in 0..<200 {
        group.addTask {
          await failure { () async throws(AWSError) in
            _ = try await aws.lambda.getFunction("f\(index)")
            _ = try await aws.lambda.updateAlias(
              "f\(index)", name: "live", version: "1", weights: [:], description: "", revisionID: "r")
          }
        }
      }
      return await group.reduce(into: [AWSError]()) { errors, error in if let error { errors.append(error) } }
    }
    #expect(errors.isEmpty)
    #expect(reads.refused == 0)
    #expect(control.refused == 0)
    #expect(server.requests.count == 400)
    // How much longer it takes is the machine's affair, and measured by the benchmarks.
    #expect((clock.now() - started).seconds > 200 / 15)
  }
}
