internal import Core
internal import Glibc

/// Hands what a run came to to the later steps of a job and to the page of the CI run: in files, and in the notation of the
/// CI system. What cannot be written is a warning and changes nothing about the run.
struct RunPublisher {
  let globals: GlobalOptions
  let context: Context

  private var system: CISystem? { CISystem(environment: context.environment) }
  private var markup: LogMarkup { LogMarkup(system) }

  /// Tells the outputs of a run that may have moved traffic.
  func publish(_ outputs: RunOutputs) {
    warnIfFails("the outputs of the step are not written") { () throws(SystemError) in
      try GitHubFiles(environment: context.environment, hiding: context.secrets).write(outputs)
    }
    if let path = globals.outputs.map(absolute) {
      warnIfFails("the outputs are not written") { () throws(SystemError) in
        let lines = outputs.plain.map { "LAMCTL_\($0.name.uppercased())=\($0.value)\n" }.joined()
        try Files.writeAtomically(Array(context.secrets.shielded(lines).utf8), to: path)
      }
    }
    guard system?.kind == .azurePipelines else { return }
    for (name, value) in outputs.plain {
      context.errors.write(
        markup.azure("task.setvariable", "variable=lamctl.\(name);isOutput=true", value))
    }
  }

  /// Shows Markdown where people look.
  func publish(summary: String, of environment: String, level: LogMarkup.Level) async {
    let told = context.way.withLock { $0 }
      .spelled(summary, in: context.table, escaping: { Markdown.escaped($0) })
    let summary = context.secrets.shielded(told)
    warnIfFails("the summary of the step is not written") { () throws(SystemError) in
      try GitHubFiles(environment: context.environment, hiding: context.secrets).appendSummary(summary)
    }
    var file = globals.summary.map(absolute)
    if let file {
      warnIfFails("the summary is not written") { () throws(SystemError) in
        try Files.writeAtomically(Array(summary.utf8), to: file)
      }
    }
    switch system?.kind {
    case .buildkite: await annotate(summary, environment, level)
    case .azurePipelines:
      if file == nil, let folder = context.environment["AGENT_TEMPDIRECTORY"], !folder.isEmpty {
        let path = "\(folder)/lamctl-\(environment.filter { $0.isASCII && $0.isLetter || $0.isNumber }).md"
        warnIfFails("the summary is not written") { () throws(SystemError) in
          try Files.writeAtomically(Array(summary.utf8), to: path)
          file = path
        }
      }
      if let file { context.errors.write(markup.azure("task.uploadsummary", nil, file)) }
    default: break
    }
  }

  /// The most bytes of an argument; Buildkite takes a megabyte.
  private static let annotationLimit = 100_000

  /// Buildkite takes annotations from its agent alone.
  private func annotate(_ summary: String, _ environment: String, _ level: LogMarkup.Level) async {
    let style =
      switch level {
      case .error: "error"
      case .warning: "warning"
      case .notice: "success"
      }
    let text = String(decoding: Array(summary.utf8.prefix(Self.annotationLimit)), as: UTF8.self)
    // The agent's program needs what the agent has set for it, its token included.
    let variables = context.environment.filter { name, _ in
      name.hasPrefix("BUILDKITE")
        || ["PATH", "HOME", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"].contains(name)
    }
    do {
      let exit = try await ChildProcess.run(
        .init(
          arguments: [
            "buildkite-agent", "annotate", text, "--style", style, "--context", "lamctl-\(environment)",
          ],
          environment: .exactly(variables), timeout: .seconds(20))
      ) { _, _ in }
      if !exit.isSuccess {
        context.warn("the annotation of the build is not made: buildkite-agent has failed")
      }
    } catch {
      context.warn("the annotation of the build is not made: \(error)")
    }
  }

  private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(context.folder)/\(path)" }

  private func warnIfFails(_ what: String, _ work: () throws(SystemError) -> Void) {
    do throws(SystemError) {
      try work()
    } catch {
      context.warn("\(what): \(error)")
    }
  }
}
