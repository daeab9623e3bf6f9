internal import AWSClient
internal import Core
internal import Glibc
internal import Packager

extension InvokeCommand: RunnableCommand {
  /// Calls the function once; its answer is the result, its failure the exit code.
  func run(in context: Context) async throws -> ExitCode {
    // Read before anything is asked of AWS: a mistake in it is no reason to look for credentials.
    let given = try event.map { try read($0, in: context) } ?? nil
    return try await Session.with(
      globals, environment: function.environment, need: function.need(alias: alias), in: context
    ) { session in
      try await session.checkAccount()
      let function = try await session.function(function)
      let payload = try given ?? eventOfUnit(function) ?? Array("{}".utf8)
      let qualifier = version?.text ?? alias ?? session.environment.alias
      let began = SystemClock().now()
      let request = InvocationRequest(
        function.functionName, qualifier: qualifier, payload: payload,
        kind: queued ? .event : .requestResponse, logs: true, tenant: tenant?.text,
        durableName: durableName?.text)
      let result = try await Self.send(request, session)
      let answer = InvocationAnswer(
        function: function.name, functionName: function.functionName, qualifier: qualifier,
        result: result, duration: SystemClock().now() - began)
      if globals.json {
        context.printDocument(answer.document(schema: Self.schema))
      } else {
        context.output.write(
          answer.text(isPretty: context.outputTerminal.isLive), as: answer.isDocument ? .document : .prose)
        if !globals.quiet { context.errors.write(answer.log(style: context.errorTerminal.style)) }
      }
      if let failure = answer.failure {
        context.ending.withLock { $0.error = failure.json }
        context.tell(failure, verbose: globals.verbose)
      }
      return answer.failure == nil ? .done : .failed
    }
  }

  private static func send(_ request: InvocationRequest, _ session: Session) async throws -> InvokeResult {
    do {
      return try await session.aws.lambda.invoke(request)
    } catch {
      guard error.isNotFound else { throw error }
      throw Failure(.failed, error.description, fix: "lamctl status shows what there is to call")
    }
  }

  /// The most bytes of an event whose answer is waited for.
  private static let limit = 6_291_456

  /// The event of a file or of stdin; nil where the file is not there, so that it may be one of the function's own.
  private func read(_ source: String, in context: Context) throws -> [UInt8]? {
    if source == "-" {
      return try checked(
        Files.readAll(from: STDIN_FILENO, path: "standard input", limit: Self.limit), "standard input")
    }
    let path = source.hasPrefix("/") ? source : "\(context.folder)/\(source)"
    guard access(path, F_OK) == 0 else { return nil }
    return try checked(Files.read(path, limit: Self.limit), source)
  }

  /// The event of the unit's own folder that the option names, with or without `.json`.
  private func eventOfUnit(_ function: NamedFunction) throws -> [UInt8]? {
    guard let event else { return nil }
    let known =
      function.eventsFolder.flatMap { try? Files.names(in: $0) }?.filter { $0.hasSuffix(".json") } ?? []
    if let folder = function.eventsFolder,
      let name = known.first(where: { $0 == event || $0 == event + ".json" })
    {
      return try checked(Files.read("\(folder)/\(name)", limit: Self.limit), name)
    }
    let nearest = Suggestion.nearest(to: event, in: known)
    throw Failure(
      .usage, "--event \(event): there is no such file, and \(function.name) has no event of that name",
      fix: nearest.map { "did you mean '\($0)'?" }
        ?? (known.isEmpty ? nil : "its events are \(known.sorted().joined(separator: ", "))"))
  }

  private func checked(_ bytes: [UInt8], _ source: String) throws -> [UInt8] {
    do throws(JSONSyntaxError) {
      _ = try JSON(parsing: bytes)
    } catch {
      throw Failure(.config, "\(source): \(error)", fix: "an event is JSON")
    }
    return bytes
  }
}

/// What a call came to. Pure.
struct InvocationAnswer: Sendable {
  let function: String
  let functionName: String
  let qualifier: String
  let result: InvokeResult
  /// Until the answer was here, in real time.
  let duration: TimeSpan

  /// Why the function has failed, where it did.
  var failure: Failure? {
    guard let kind = result.functionError else { return nil }
    let message = result.errorMessage.map { ": \($0)" } ?? ""
    let version = result.executedVersion.map { " version \($0)" } ?? ""
    return Failure(.failed, "\(function)\(version) failed (\(kind))\(message)")
  }

  /// Whether the answer is JSON.
  var isDocument: Bool { (try? JSON(parsing: result.payload)) != nil }

  /// The answer: as it came for a program, indented for a person.
  func text(isPretty: Bool) -> String {
    guard let payload = result.shownPayload else { return "" }
    if case .string(let text) = payload, !isDocument { return PlainText.line(text) + "\n" }
    return payload.text(isPretty ? .pretty : .compact) + "\n"
  }

  /// What is told beside it: which version ran, how long it took, and the end of its log.
  func log(style: Style) -> String {
    let time = "\((duration.seconds * 1000).formatted(digits: 0)) ms"
    let ran = result.executedVersion.map { "version \($0)" } ?? qualifier
    let head =
      result.statusCode == 202
      ? "\(function) \(ran): the event is in its queue"
      : "\(function) \(ran): \(time) until the answer was here"
    let durable = result.durableExecutionARN.map { ["durable execution: \($0)"] } ?? []
    return ([head] + durable + result.logLines.map { "  \($0)" })
      .map { style.paint($0, .faint) + "\n" }.joined()
  }

  func document(schema: String) -> JSON {
    [
      "schema": .string(schema), "exitCode": failure == nil ? 0 : 1, "function": .string(function),
      "functionName": .string(functionName), "qualifier": .string(qualifier),
      "executedVersion": .optional(result.executedVersion), "statusCode": .int(result.statusCode),
      "functionError": .optional(result.functionError),
      "durationMilliseconds": .double((duration.seconds * 1000).rounded()),
      "durableExecution": .optional(result.durableExecutionARN), "payload": result.shownPayload ?? .null,
      "log": .array(result.logLines.map(JSON.string)), "error": failure?.json ?? .null,
    ]
  }
}
