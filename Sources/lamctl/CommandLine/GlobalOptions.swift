internal import Core

/// The options that every command takes.
struct GlobalOptions: Equatable, Sendable {
  /// The configuration file; nil looks for `lamctl.json` from the working folder upwards.
  var config: String?
  /// AWS region, over the environment's and the profile's.
  var region: String?
  /// Profile of the AWS configuration files.
  var profile: String?
  /// Where the AWS services are instead of AWS: `http://127.0.0.1:4566`.
  var endpointURL: String?
  /// Whether to work against the local sandbox.
  var sandbox = false
  /// How many times as fast as real time a rollout runs; only for an endpoint on this machine.
  var speed: Double?
  /// Whether stdout carries one JSON document.
  var json = false
  /// Where to write events as NDJSON: a file, or `-` for stdout.
  var events: String?
  /// Where a release, a rollback or a plan is told as Markdown.
  var summary: String?
  /// Where a release or a rollback tells later steps what it came to, as `LAMCTL_NAME=value`.
  var outputs: String?
  /// Whether stderr carries errors only.
  var quiet = false
  /// Whether errors and progress carry details such as request ids.
  var verbose = false
  /// Whether colours are off whatever the terminal can do.
  var noColor = false
  /// How many functions are worked on at once; nil lets the tool choose.
  var parallel: Int?
  /// The longest that a wait for AWS may take.
  var timeout: TimeSpan?

  static let parameters = list.map { $0.under("Everywhere") }

  private static let list: [Parameter<GlobalOptions>] = [
    .option("config", "FILE", \.config, "The configuration (default: lamctl.json here or above)"),
    .option("region", "REGION", \.region, "AWS region, over that of the environment"),
    .option("profile", "NAME", \.profile, "Profile of the AWS configuration files"),
    .option(
      "endpoint-url", "URL", \.endpointURL, "Where the AWS services are, instead of AWS", parsing: endpoint
    )
    .excluding("endpoint"),
    .flag("sandbox", \.sandbox, "Work against the local sandbox; starts one when none runs").excluding(
      "endpoint"),
    .option(
      "speed", "N", \.speed, "Rollout time runs N times faster; only for a loopback endpoint (sandbox: 60)",
      parsing: speedFactor),
    .flag("json", \.json, "Print the result as one JSON document"),
    .option("events", "FILE|-", \.events, "Write a JSON line per event to a file, or to stdout"),
    // No variables: a hook that calls lamctl would write over the files of the run that it belongs to.
    .option("summary", "FILE", \.summary, "Write what a run came to, or a plan, as Markdown")
      .withoutVariable(),
    .option(
      "outputs", "FILE", \.outputs, "Write LAMCTL_OUTCOME, _RELEASE, _CHANGED and _VERSIONS for later steps"
    )
    .withoutVariable(),
    .flag("quiet", \.quiet, "Only errors on stderr").excluding("loudness"),
    .flag("verbose", \.verbose, "Add details such as request ids; never secrets").excluding("loudness"),
    .flag("no-color", \.noColor, "No colours, whatever the terminal can do"),
    .option("parallel", "N", \.parallel, "How many requests to AWS to have under way at once (default: 8)"),
    .option("timeout", "T", \.timeout, "Longest wait for AWS, or a hook, to finish one thing (default: 10m)"),
  ]

  /// Each takes a connection, and a process may have 1,024 files open where nobody has raised that.
  private static let mostParallel = 256

  /// Checks what no single option can see.
  func validate() throws(UsageError) {
    if json, events == "-" {
      throw UsageError(
        message: "'--json' and '--events -' both want stdout",
        fix: "write the events to a file: --events FILE")
    }
    if let parallel, parallel > Self.mostParallel {
      throw UsageError(
        message: "--parallel: \(parallel) requests at once are too many",
        fix: "write a number from 1 to \(Self.mostParallel); AWS's rates allow no more than a few anyway")
    }
    if let timeout, timeout <= .zero {
      throw UsageError(message: "--timeout: a wait of \(timeout) cannot succeed", fix: "write for example 5m")
    }
    if speed != nil, let endpointURL, !Self.isLoopback(endpointURL) {
      throw UsageError(
        message:
          "'--speed' is only for an endpoint on this machine, and \(URLSecrets.hidden(endpointURL)) is none",
        fix: "leave '--speed' out, or rehearse with '--sandbox'")
    }
  }

  /// What can be seen of them where the arguments make no sense as a whole.
  static func seen(in arguments: [String], environment: [String: String]) -> GlobalOptions {
    let words = Array(arguments.prefix { $0 != "--" })
    var options = GlobalOptions()
    for parameter in parameters {
      var text = parameter.variable.flatMap { environment[$0] }
      if let index = words.firstIndex(of: parameter.spelling) {
        text = parameter.form == .flag ? "true" : words.dropFirst(index + 1).first
      } else if let word = words.first(where: { $0.hasPrefix(parameter.spelling + "=") }) {
        text = String(word.dropFirst(parameter.spelling.count + 1))
      }
      if parameter.form == .flag { text = text.map { ["true", "1"].contains($0) ? "true" : "false" } }
      // One that is wrong is as good as none here.
      if let text, !text.isEmpty { try? parameter.apply(&options, text) }
    }
    return options
  }

  /// Whether `url` names this machine by a loopback address, so that nothing reached there is AWS.
  static func isLoopback(_ url: String) -> Bool {
    guard let scheme = url.firstRange(of: "://") else { return false }
    let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    if place.hasPrefix("[") { return place.dropFirst().prefix { $0 != "]" } == "::1" }
    let host = place.prefix { $0 != ":" }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return host == "localhost"
      || (parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil })
  }

  private static func endpoint(_ text: String) throws(ValueError) -> String {
    let rest = ["http://", "https://"].first { text.hasPrefix($0) }.map { text.dropFirst($0.count) }
    guard let rest, !rest.isEmpty else {
      throw ValueError("'\(URLSecrets.hidden(text))' is not a URL: write for example http://127.0.0.1:4566")
    }
    return text
  }

  private static func speedFactor(_ text: String) throws(ValueError) -> Double {
    guard let speed = Double(text), ScaledClock.speeds.contains(speed) else {
      throw ValueError(
        "'\(text)' is no pace: write a number from \(ScaledClock.speeds.lowerBound.formatted(digits: 3)) to "
          + ScaledClock.speeds.upperBound.formatted(digits: 0))
    }
    return speed
  }
}
