internal import Core

/// The notation in which a CI system's log takes folds and annotations. All of it belongs on stderr:
/// stdout is the result.
struct LogMarkup: Equatable, Sendable {
  /// Weight of an annotation.
  enum Level: String, Sendable {
    case error, warning, notice
  }

  private let kind: CISystem.Kind?
  private let logGuard: LogGuard?

  init(_ system: CISystem?) {
    kind = system?.kind
    logGuard = system?.logGuard
  }

  /// What others have written, as it may stand within a command.
  private func harmless(_ text: String) -> String { logGuard?.prose(text) ?? text }

  /// A line that the system shows at the top of the run; nil where it has no notation for that.
  ///
  /// - Parameters:
  ///   - file: path from the repository's root that the message is about.
  ///   - line: line in that file, from 1.
  func annotation(
    _ level: Level, _ message: String, title: String? = nil, file: String? = nil, line: Int? = nil
  ) -> LogCommand? {
    if kind == .azurePipelines, level != .notice {
      return azure("task.logissue", "type=\(level.rawValue)", message)
    }
    guard kind == .githubActions else { return nil }
    let properties = [("title", title), ("file", file), ("line", line.map(String.init))].compactMap {
      name, value in
      value.map { "\(name)=\(Self.escapedProperty(harmless($0)))" }
    }
    let list = properties.isEmpty ? "" : " " + properties.joined(separator: ",")
    return LogCommand("::\(level.rawValue)\(list)::\(Self.escaped(harmless(message)))\n")
  }

  /// What begins a fold; empty where the system has none.
  ///
  /// - Parameters:
  ///   - id: names the section for GitLab; letters, digits, `_`, `.` and `-`.
  ///   - time: when it begins, for GitLab, which shows how long it took.
  func beginFold(_ title: String, id: String, at time: Timestamp) -> LogCommand {
    let line = harmless(PlainText.line(title))
    return switch kind {
    case .githubActions: LogCommand("::group::\(Self.escaped(line))\n")
    case .gitlab:
      LogCommand(
        "\u{1B}[0Ksection_start:\(Int(clamping: time.seconds.rounded(.down))):\(id)[collapsed=true]\r\u{1B}[0K\(line)\n"
      )
    case .buildkite: LogCommand("--- \(line)\n")
    case .azurePipelines: LogCommand("##[group]\(line)\n")
    case .jenkins, .circleCI, .codeBuild, .bitbucket, .other, nil: LogCommand("")
    }
  }

  /// What ends the fold that ``beginFold(_:id:at:)`` began.
  func endFold(id: String, at time: Timestamp) -> LogCommand {
    switch kind {
    case .githubActions: LogCommand("::endgroup::\n")
    case .gitlab:
      LogCommand("\u{1B}[0Ksection_end:\(Int(clamping: time.seconds.rounded(.down))):\(id)\r\u{1B}[0K\n")
    case .azurePipelines: LogCommand("##[endgroup]\n")
    case .buildkite, .jenkins, .circleCI, .codeBuild, .bitbucket, .other, nil: LogCommand("")
    }
  }

  /// A logging command of Azure Pipelines (learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands): the agent
  /// reads them off everything that a step prints.
  func azure(_ command: String, _ properties: String?, _ text: String) -> LogCommand {
    let data = harmless(text).unicodeScalars.map { scalar in
      switch scalar {
      case "%": "%AZP25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: String(scalar)
      }
    }.joined()
    return LogCommand("##vso[\(command)\(properties.map { " \($0)" } ?? "")]\(data)\n")
  }

  /// The data of a workflow command: what would end or split its line is written in percent notation.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: String(scalar)
      }
    }.joined()
  }

  /// A property of a workflow command: commas and colons end one.
  private static func escapedProperty(_ text: String) -> String {
    escaped(text).map { character in
      switch character {
      case ":": "%3A"
      case ",": "%2C"
      default: String(character)
      }
    }.joined()
  }
}
