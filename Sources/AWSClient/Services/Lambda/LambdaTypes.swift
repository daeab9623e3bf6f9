package import Core

/// How a function is invoked.
package enum InvocationKind: String, Sendable {
  /// Waits for the function's answer.
  case requestResponse = "RequestResponse"
  /// Puts the event into the function's queue.
  case event = "Event"
  /// Only checks that it would be allowed.
  case dryRun = "DryRun"
}

/// What an invocation came to.
package struct InvokeResult: Sendable {
  /// 200, 202 for events, 204 for dry runs.
  package let statusCode: Int
  /// `Handled` or `Unhandled` when the function itself failed; the payload then says how.
  package let functionError: String?
  /// The function's answer, as it came: for decisions, not to be shown.
  package let payload: [UInt8]
  /// The version that ran: behind a weighted alias, whichever was drawn.
  package let executedVersion: String?
  /// The end of the log, at most 4 KB, when it was asked for.
  package let logTail: ForeignText?
  /// The durable execution that the call has begun or found.
  package let durableExecutionARN: String?
  private let secrets: Secrets?

  /// A result of these values.
  package init(
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
  package var logLines: [String] {
    guard let text = logTail?.unmasked else { return [] }
    return text.split(whereSeparator: \.isNewline).map {
      ForeignText(String($0), hiding: secrets).description
    }
  }

  /// The answer as it may be shown: JSON, or a text where it is none; nil where there is no answer.
  package var shownPayload: JSON? {
    guard !payload.isEmpty else { return nil }
    let text = String(decoding: payload, as: UTF8.self)
    let masked = secrets?.masked(text) ?? text
    return (try? JSON(parsing: masked)) ?? .string(masked)
  }

  /// What the function says went wrong; nil where its answer holds no such thing.
  package var errorMessage: ForeignText? {
    (try? JSON(parsing: payload))?["errorMessage"]?.string.map { ForeignText($0, hiding: secrets) }
  }
}

extension InvokeResult: Hashable {
  /// Equal in everything that the service said.
  package static func == (a: InvokeResult, b: InvokeResult) -> Bool {
    a.statusCode == b.statusCode && a.functionError == b.functionError && a.payload == b.payload
      && a.executedVersion == b.executedVersion && a.logTail == b.logTail
      && a.durableExecutionARN == b.durableExecutionARN
  }

  /// As equality.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(statusCode)
    hasher.combine(payload)
  }
}

/// Concurrency kept ready for one version or alias.
package struct ProvisionedConcurrency: Hashable, Sendable {
  /// The version or alias, as lists name it; nil in an answer about one alone.
  package let functionARN: String?
  /// What was asked for.
  package let requested: Int
  /// What is ready to be used.
  package let available: Int
  /// What serves this version or alias.
  package let allocated: Int
  /// `IN_PROGRESS`, `READY`, `FAILED`, or newer.
  package let status: String
  /// Why it failed.
  package let statusReason: String?

  /// A state of these values.
  package init(
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
package struct AccountSettings: Hashable, Sendable {
  /// Concurrent executions over all functions.
  package let concurrentExecutions: Int?
  /// Those that no function has reserved.
  package let unreservedConcurrentExecutions: Int?
  /// Bytes that packages of all versions may take together.
  package let totalCodeSize: Int?
  /// Bytes that they take.
  package let usedCodeSize: Int?
  /// Functions there are.
  package let functionCount: Int?

  /// Limits of these values.
  package init(
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
package struct FunctionPolicy: Hashable, Sendable {
  /// The policy document.
  package let document: JSON
  /// The policy's own revision.
  package let revisionID: String

  /// A policy of these values.
  package init(document: JSON, revisionID: String) {
    self.document = document
    self.revisionID = revisionID
  }
}
