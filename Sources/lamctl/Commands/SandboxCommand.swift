internal import Sandbox

/// Options of `lamctl sandbox`.
struct SandboxCommand: Command {
  var globals = GlobalOptions()
  /// The environment whose aliases get the traffic; nil for the default one.
  var environment: String?
  /// The port on 127.0.0.1; nil lets the tool choose.
  var port: Int?
  /// What calls the functions besides what `lamctl.json` says.
  var traffic: [TrafficRate] = []
  /// Who answers for services that the sandbox does not have.
  var upstream: String?
  /// Whether AWS's rate limits hold.
  var strict = false
  /// Faults to rehearse, in the sandbox's own notation.
  var faults: [String] = []

  static let name = "sandbox"
  static let summary =
    "Serve Lambda and what calls and watches it (APIs, S3, SQS, SNS, EventBridge, CloudWatch, …) on 127.0.0.1, running the real handlers"

  static func operations(_: PolicyNeeds) -> [Operation] { [] }

  static var parameters: [Parameter<SandboxCommand>] {
    [
      .environment(\.environment),
      .option("port", "N", \.port, "Port on 127.0.0.1 (default: any free one)"),
      .options("traffic", "FUNCTION=N/s", \.traffic, "Call a function with its sample events"),
      .option(
        "upstream", "URL", \.upstream,
        "Pass other services on to a server of this machine: http://localhost:5000"),
      .flag("strict", \.strict, "Hold to the rate limits of AWS"),
      .options(
        "fault", "FAULT", \.faults, "Rehearse a fault: GetAlias=error:0.1, Invoke=slow:2s, metrics=delay:5m"),
    ]
  }

  static let examples = [
    Example(
      "lamctl sandbox --traffic orders=20/m",
      "Serve, and call one function 20 times a minute of the rehearsal")
  ]

  func validate() throws(UsageError) {
    if let port, port > 65_535 {
      throw UsageError(message: "--port: \(port) is not a port", fix: "write a number from 1 to 65535")
    }
    if let upstream, Upstream(upstream) == nil {
      throw UsageError(
        message: "--upstream: '\(upstream)' is no server of this machine",
        fix: "write for example http://localhost:5000")
    }
    do {
      _ = try SandboxFaults(parsing: faults.joined(separator: ","))
    } catch {
      throw UsageError(message: "--fault: \(error)", fix: "write for example GetAlias=error:0.1")
    }
  }
}
