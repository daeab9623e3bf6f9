internal import Core

/// One event on its way to a runtime.
struct Invocation: Sendable {
  let id: String
  let payload: [UInt8]
  /// The ARN that was called, with the qualifier if one was.
  let arn: String
  /// `X-Amz-Client-Context`, as sent.
  let clientContext: String?
  /// Whom it is for, where the function keeps tenants apart.
  let tenant: String?
}

/// What became of an invocation.
struct InvocationOutcome: Sendable {
  var payload: [UInt8]
  /// Whether it counts as a function error.
  var isError: Bool
  /// Whether the sandbox ended the environment before the handler could answer; that says nothing about it.
  var wasCutOff = false
  /// Real milliseconds that the handler ran.
  var duration: Double
  /// What the handler printed, with START, END and REPORT; collected only on demand.
  var log: String = ""

  /// A failure that the sandbox words itself, as Lambda does.
  static func failure(_ type: String, _ message: String, duration: Double) -> InvocationOutcome {
    let body = JSON.object(JSONObject([("errorType", .string(type)), ("errorMessage", .string(message))]))
    return InvocationOutcome(payload: Array(body.text().utf8), isError: true, duration: duration)
  }
}

/// What an execution environment is started for.
struct RuntimeTarget: Sendable {
  let function: String
  let version: String
  let runtime: String
  let handler: String
  /// Real seconds.
  let timeout: Double
  /// MB.
  let memory: Int
  let variables: [String: String]
  /// The unpacked package.
  let folder: String
  /// The unpacked layers, in the order in which the version names them: of two with one file the later one's is meant.
  let layers: [String]
  let logGroup: String

  init(_ record: VersionRecord, function: String, codes: CodeStore, layers: [String]) {
    let settings = record.settings
    self.function = function
    version = record.number
    runtime = settings["Runtime"]?.string ?? "container images"
    handler = settings["Handler"]?.string ?? ""
    timeout = min(max(settings["Timeout"]?.double ?? 3, 1), 5_400)
    memory = settings["MemorySize"]?.int ?? 128
    var variables: [String: String] = [:]
    for (key, value) in settings["Environment"]?["Variables"]?.object?.members ?? [] {
      variables[key] = value.string
    }
    self.variables = variables
    folder = codes.unpackedFolder(record.code)
    self.layers = layers
    logGroup = settings["LoggingConfig"]?["LogGroup"]?.string ?? "/aws/lambda/\(function)"
  }
}
