package import Core

/// Faults that the sandbox makes on purpose.
package struct SandboxFaults: Sendable {
  /// What goes wrong.
  package enum Kind: Sendable {
    /// 500 ServiceException instead of the operation, in this share of calls.
    case error(rate: Double)
    /// 429 instead of the operation, in this share of calls.
    case throttle(rate: Double)
    /// 403 AccessDeniedException instead of the operation, in this share of calls.
    case deny(rate: Double)
    /// The answer is this much real time late.
    case slow(TimeSpan)
    /// The connection is closed before the operation, in this share of calls.
    case drop(rate: Double)
    /// The operation happens, but the connection is closed before its answer, in this share of calls.
    case loseAnswer(rate: Double)
  }

  /// A fault of an operation.
  package struct Rule: Sendable {
    /// The operation's name, or `*` for all.
    package var operation: String
    /// What goes wrong.
    package var kind: Kind

    /// A fault of `operation`.
    package init(operation: String, kind: Kind) {
      self.operation = operation
      self.kind = kind
    }
  }

  /// All rules; each that matches is tried.
  package var rules: [Rule]
  /// How long, in virtual time, points of metrics stay invisible after their minute's end; nil: visible at once.
  package var metricsDelay: TimeSpan?
  /// How long, in virtual time, a new statement of a function's policy counts for nothing; nil: it counts at once.
  package var permissionDelay: TimeSpan?

  /// No faults but these.
  package init(rules: [Rule] = [], metricsDelay: TimeSpan? = nil, permissionDelay: TimeSpan? = nil) {
    self.rules = rules
    self.metricsDelay = metricsDelay
    self.permissionDelay = permissionDelay
  }

  /// Reads a list such as `UpdateAlias=throttle:0.5,*=slow:200ms,GetMetricData=error:1,metrics=delay:3m`.
  ///
  /// - Throws: ``SandboxFaultError`` for anything else.
  package init(parsing text: String) throws(SandboxFaultError) {
    self.init()
    for part in text.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1)
      let fault = pair.count == 2 ? pair[1].split(separator: ":", maxSplits: 1).map(String.init) : []
      guard fault.count == 2 else { throw SandboxFaultError(text: String(part)) }
      let operation = String(pair[0])
      switch fault[0] {
      case "delay" where operation == "metrics": metricsDelay = try Self.span(fault[1], part)
      case "delay" where operation == "permissions": permissionDelay = try Self.span(fault[1], part)
      case "slow": rules.append(Rule(operation: operation, kind: .slow(try Self.span(fault[1], part))))
      case "error":
        rules.append(Rule(operation: operation, kind: .error(rate: try Self.rate(fault[1], part))))
      case "throttle":
        rules.append(Rule(operation: operation, kind: .throttle(rate: try Self.rate(fault[1], part))))
      case "deny": rules.append(Rule(operation: operation, kind: .deny(rate: try Self.rate(fault[1], part))))
      case "drop": rules.append(Rule(operation: operation, kind: .drop(rate: try Self.rate(fault[1], part))))
      case "lose-answer":
        rules.append(Rule(operation: operation, kind: .loseAnswer(rate: try Self.rate(fault[1], part))))
      default: throw SandboxFaultError(text: String(part))
      }
    }
  }

  private static func rate(_ text: String, _ part: Substring) throws(SandboxFaultError) -> Double {
    guard let rate = Double(text), (0...1).contains(rate) else { throw SandboxFaultError(text: String(part)) }
    return rate
  }

  private static func span(_ text: String, _ part: Substring) throws(SandboxFaultError) -> TimeSpan {
    if text.hasSuffix("ms"), let value = Double(text.dropLast(2)) { return .seconds(value / 1_000) }
    do throws(UnitError) {
      return try TimeSpan(parsing: text)
    } catch {
      throw SandboxFaultError(text: String(part))
    }
  }
}

/// A fault that cannot be understood.
package struct SandboxFaultError: Error, Sendable, CustomStringConvertible {
  /// The part that was given.
  package let text: String

  /// One sentence for the user.
  package var description: String {
    "'\(text)' is no fault: write OPERATION=error:RATE, throttle:RATE, deny:RATE, drop:RATE, lose-answer:RATE, slow:TIME, "
      + "metrics=delay:TIME or permissions=delay:TIME, with rates from 0 to 1"
  }
}
