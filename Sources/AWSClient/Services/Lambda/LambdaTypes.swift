public import Core

/// How a function is invoked.
public enum InvocationKind: String, Sendable {
  /// Waits for the function's answer.
  case requestResponse = "RequestResponse"
  /// Puts the event into the function's queue.
  case event = "Event"
  /// Only checks that it would be allowed.
  case dryRun = "DryRun"
}

/// What an invocation came to.
public struct InvokeResult: Sendable {
  /// 200, 202 for events, 204 for dry runs.
  public let statusCode: Int
  /// `Handled` or `Unhandled` when the function itself failed; the payload then says how.
  public let functionError: String?
  /// The function's answer, as it came: for decisions, not to be shown.
  public let payload: [UInt8]
  /// The version that ran: behind a weighted alias, whichever was drawn.
  public let executedVersion: String?
  /// The end of the log, at most 4 KB, when it was asked for.
  public let logTail: ForeignText?
  /// The durable execution that the call has begun or found.
  public let durableExecutionARN: String?
  private let secrets: Secrets?

  /// A result of these values.
  public init(
    statusCode: Int, functionError: String? = nil, payload: [UInt8], executedVersion: String? = nil,
    logTail: String? = nil, durableExecutionARN: String? = nil, hiding secrets: Secrets? = nil
  ) {
    self.durableExecutionARN = durableExecutionARN
    self.statusCode = statusCode
    self.functionError = functionError
    self.payload = payload
    self.executedVersion = executedVersion
    self.logTail = logTail.map { ForeignText($0, hiding: secrets) }
    self.secrets = secrets
  }

  /// The end of the log line by line, as it may be shown.
  public var logLines: [String] {
    guard let text = logTail?.unmasked else { return [] }
    return text.split(whereSeparator: \.isNewline).map {
      ForeignText(String($0), hiding: secrets).description
    }
  }

  /// The answer as it may be shown: JSON, or a text where it is none; nil where there is no answer.
  public var shownPayload: JSON? {
    guard !payload.isEmpty else { return nil }
    let text = String(decoding: payload, as: UTF8.self)
    let masked = secrets?.masked(text) ?? text
    return (try? JSON(parsing: masked)) ?? .string(masked)
  }

  /// What the function says went wrong; nil where its answer holds no such thing.
  public var errorMessage: ForeignText? {
    (try? JSON(parsing: payload))?["errorMessage"]?.string.map { ForeignText($0, hiding: secrets) }
  }
}

extension InvokeResult: Hashable {
  /// Equal in everything that the service said.
  public static func == (a: InvokeResult, b: InvokeResult) -> Bool {
    a.statusCode == b.statusCode && a.functionError == b.functionError && a.payload == b.payload
      && a.executedVersion == b.executedVersion && a.logTail == b.logTail
      && a.durableExecutionARN == b.durableExecutionARN
  }

  /// As equality.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(statusCode)
    hasher.combine(payload)
  }
}

/// Concurrency kept ready for one version or alias.
public struct ProvisionedConcurrency: Hashable, Sendable {
  /// The version or alias, as lists name it; nil in an answer about one alone.
  public let functionARN: String?
  /// What was asked for.
  public let requested: Int
  /// What is ready to be used.
  public let available: Int
  /// What serves this version or alias.
  public let allocated: Int
  /// `IN_PROGRESS`, `READY`, `FAILED`, or newer.
  public let status: String
  /// Why it failed.
  public let statusReason: String?

  /// A state of these values.
  public init(
    functionARN: String? = nil, requested: Int, available: Int, allocated: Int, status: String,
    statusReason: String? = nil
  ) {
    self.functionARN = functionARN
    self.requested = requested
    self.available = available
    self.allocated = allocated
    self.status = status
    self.statusReason = statusReason
  }
}

/// The account's limits for Lambda in a region.
public struct AccountSettings: Hashable, Sendable {
  /// Concurrent executions over all functions.
  public let concurrentExecutions: Int?
  /// Those that no function has reserved.
  public let unreservedConcurrentExecutions: Int?
  /// Bytes that packages of all versions may take together.
  public let totalCodeSize: Int?
  /// Bytes that they take.
  public let usedCodeSize: Int?
  /// Functions there are.
  public let functionCount: Int?

  /// Limits of these values.
  public init(
    concurrentExecutions: Int? = nil, unreservedConcurrentExecutions: Int? = nil, totalCodeSize: Int? = nil,
    usedCodeSize: Int? = nil, functionCount: Int? = nil
  ) {
    self.concurrentExecutions = concurrentExecutions
    self.unreservedConcurrentExecutions = unreservedConcurrentExecutions
    self.totalCodeSize = totalCodeSize
    self.usedCodeSize = usedCodeSize
    self.functionCount = functionCount
  }
}

/// A function's resource policy.
public struct FunctionPolicy: Hashable, Sendable {
  /// The policy document.
  public let document: JSON
  /// The policy's own revision.
  public let revisionID: String

  /// A policy of these values.
  public init(document: JSON, revisionID: String) {
    self.document = document
    self.revisionID = revisionID
  }
}
