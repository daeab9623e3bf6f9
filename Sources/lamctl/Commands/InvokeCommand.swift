internal import Core

/// Options of `lamctl invoke`.
struct InvokeCommand: Command {
  var globals = GlobalOptions()
  var function = FunctionArguments()
  /// The version to run; nil for the alias.
  var version: FunctionVersion?
  /// The alias to run; nil for the environment's.
  var alias: String?
  /// File of the event, or `-`; nil for an empty object.
  var event: String?
  /// Whether the event only goes into the function's queue.
  var queued = false
  var tenant: TenantID?
  var durableName: DurableName?

  static let name = "invoke"
  static let summary = "Call a function through its alias, or one version of it, and show its answer"

  static func operations(_: PolicyNeeds) -> [Operation] { [.invoke] }

  static var parameters: [Parameter<InvokeCommand>] {
    Parameter.words.map { $0.lifted(into: \.function) } + [
      .option("version", "V", \.version, "This version: a number, or $LATEST").excluding("qualifier")
        .withoutVariable(),
      .option("alias", "ALIAS", \.alias, "This alias (default: the environment's)").excluding("qualifier")
        .withoutVariable(),
      .option(
        "event", "FILE|-", \.event,
        "The event: a file, one of the function's events folder by its name, or stdin (default: {})"
      ).withoutVariable(),
      .flag("queued", \.queued, "Put the event into the function's queue and do not wait for an answer"),
      .option("tenant-id", "ID", \.tenant, "For whom it runs, where the function keeps tenants apart"),
      .option(
        "durable-name", "NAME", \.durableName,
        "Name of the durable execution, by which a second call finds the first"
      ).withoutVariable(),
      Parameter<FunctionArguments>.direct.lifted(into: \.function),
    ]
  }

  static let examples = [
    Example("lamctl invoke prod orders --event created.json", "Through the alias, as callers do"),
    Example("lamctl invoke prod orders --version 42", "One version, whatever traffic it has"),
  ]

  func validate() throws(UsageError) { try function.validate(command: Self.name) }
}

/// A version of a function: `42` or `$LATEST`.
struct FunctionVersion: Hashable, ParameterValue {
  let text: String

  init(argument: String) throws(ValueError) {
    let isNumber =
      !argument.isEmpty && argument.utf8.allSatisfy { (48...57).contains($0) } && argument.utf8.first != 48
    guard argument == "$LATEST" || (isNumber && argument.utf8.count <= 18) else {
      throw ValueError("'\(argument)' is no version: write a number, or $LATEST")
    }
    text = argument
  }
}

/// Whom an invocation is for (API model of 2015-03-31, shape TenantId).
struct TenantID: Hashable, ParameterValue {
  let text: String

  init(argument: String) throws(ValueError) {
    let isPlain = argument.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "._:/=+-@ ".contains($0))
    }
    guard isPlain, (1...256).contains(argument.utf8.count) else {
      throw ValueError("'\(argument)' is no tenant: 1 to 256 letters, digits, spaces and ._:/=+-@")
    }
    text = argument
  }
}

/// Name of a durable execution (API model of 2015-03-31, shape DurableExecutionName).
struct DurableName: Hashable, ParameterValue {
  let text: String

  init(argument: String) throws(ValueError) {
    let isPlain = argument.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
    guard isPlain, (1...64).contains(argument.utf8.count) else {
      throw ValueError("'\(argument)' is no name of a durable execution: 1 to 64 letters, digits, - and _")
    }
    text = argument
  }
}
