/// How a sandbox is set up.
package struct SandboxOptions: Sendable {
  /// Folder of its state; made if missing.
  package var folder: String
  /// Port on 127.0.0.1; nil for any free one.
  package var port: Int?
  /// Seconds of virtual time that pass in a real one; above 0.
  package var speed: Double
  /// Region that ARNs name.
  package var region: String
  /// Account that ARNs name: 12 digits.
  package var account: String
  /// Steady traffic to send.
  package var traffic: [TrafficSource]
  /// What to make where it is missing.
  package var resources: SandboxResources
  /// Faults to rehearse.
  package var faults: SandboxFaults
  /// Who answers for services that the sandbox does not have; nil for nobody.
  package var upstream: Upstream?
  /// Whether the control plane's real rate limits hold, in real time.
  package var strict: Bool
  /// Makes the choice between an alias's versions repeatable; nil for chance.
  package var seed: UInt64?
  /// Where interpreters are looked up.
  package var searchPath: String
  /// The user's home folder, which version managers of interpreters need.
  package var home: String
  /// Told of every request, in one line.
  package var log: @Sendable (String) -> Void

  /// The account where none is meant.
  package static let account = "000000000000"

  /// A sandbox in `folder`.
  package init(
    folder: String, port: Int? = nil, speed: Double = 1, region: String = "us-east-1",
    account: String = SandboxOptions.account, traffic: [TrafficSource] = [],
    resources: SandboxResources = SandboxResources(), faults: SandboxFaults = SandboxFaults(),
    upstream: Upstream? = nil, strict: Bool = false, seed: UInt64? = nil,
    searchPath: String = "/usr/local/bin:/usr/bin:/bin",
    home: String = "/tmp", log: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.folder = folder
    self.port = port
    self.speed = speed
    self.region = region
    self.account = account
    self.traffic = traffic
    self.resources = resources
    self.faults = faults
    self.upstream = upstream
    self.strict = strict
    self.seed = seed
    self.searchPath = searchPath
    self.home = home
    self.log = log
  }
}
