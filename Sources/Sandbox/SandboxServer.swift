package import Core

/// A local AWS: Lambda, CloudWatch, Logs, S3, STS, SSM, Scheduler, EventBridge and SQS on 127.0.0.1, with real handlers
/// behind real weighted aliases.
///
/// It listens on loopback only, takes no request that a web page can make a browser send, and none that is not signed
/// with the secret of its state folder. It is no security boundary for what it runs: handlers run as the user.
package final class SandboxServer: Sendable {
  /// The access key id of every sandbox: it says whose secret is meant, and is a word that anybody may read.
  package static let accessKey = SandboxCredentials.commonKey

  private enum Phase {
    case new
    case running(SandboxParts)
    case stopped
  }

  private let options: SandboxOptions
  private let phase: Lock<Phase>
  private let fallbackClock: ScaledClock

  /// A sandbox that does nothing before ``start()``.
  package init(options: SandboxOptions) {
    self.options = options
    phase = Lock(.new)
    let now = SystemClock().now()
    fallbackClock = ScaledClock(
      speed: max(options.speed, .leastNonzeroMagnitude), realAnchor: now, anchor: now)
  }

  /// Takes up the folder's state, listens, and sends traffic.
  ///
  /// - Throws: ``SandboxError`` when the folder is in use or unreadable, the port is taken, or the speed is not above 0.
  package func start() throws(SandboxError) {
    guard options.speed > 0, options.speed.isFinite else { throw .speed(options.speed) }
    let parts = try SandboxParts(options)
    phase.withLock { $0 = .running(parts) }
  }

  private var parts: SandboxParts? {
    phase.withLock { phase in
      guard case .running(let parts) = phase else { return nil }
      return parts
    }
  }

  /// `http://127.0.0.1:PORT`; empty unless it runs.
  package var endpoint: String { parts?.endpoint.url ?? "" }

  /// The environment variables with which any AWS client signs requests that it takes; empty unless it runs.
  package var credentials: [String: String] { parts?.endpoint.credentials ?? [:] }

  /// The addresses of its HTTP APIs, by name; none unless it runs.
  package var apis: [(name: String, url: String)] { parts?.apis ?? [] }

  /// How many connections it has had; nil unless it runs.
  package var connections: ConnectionCount? { parts?.connections }

  /// The region that its ARNs name.
  package var region: String { options.region }

  /// The sandbox's time of day, which everything in it follows; never behind what an earlier run has stamped.
  package var clock: ScaledClock { parts?.clock ?? fallbackClock }

  /// Makes other faults from now on.
  package func setFaults(_ faults: SandboxFaults) { parts?.faults.replace(faults) }

  /// Ends traffic, runtimes and connections, and writes what is not on disk yet. The folder is free afterwards.
  package func stop() async {
    let parts = phase.withLock { phase -> SandboxParts? in
      guard case .running(let parts) = phase else { return nil }
      phase = .stopped
      return parts
    }
    guard let parts else { return }
    // Waits for threads, so it must not hold one of the global pool.
    await Threads.run { parts.stop() }
  }

  /// What clients need of a live sandbox whose state is in `folder`; nil when there is none.
  package static func running(in folder: String) -> SandboxEndpoint? { SandboxFolder.running(in: folder) }
}
