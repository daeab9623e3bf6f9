/// `[ENVIRONMENT] FUNCTION`: two bare words, of which the last is the function.
struct FunctionArguments: Equatable, Sendable {
  /// The environment where a function follows, else the function.
  var first: String?
  var second: String?
  /// A function by its name in AWS, for which no checkout is needed; the words are then the environment alone.
  var direct: LambdaName?

  /// The environment; nil for the default one.
  var environment: String? { direct != nil || second != nil ? first : nil }

  /// Logical name, or name in AWS, of the function that is meant; nil where it is named directly.
  var function: String? { second ?? first }

  /// Checks what no single option can see.
  func validate(command: String) throws(UsageError) {
    if direct != nil, second != nil {
      throw UsageError(message: "the function is named twice", fix: "leave out '--function' or the word")
    }
    if direct == nil, first == nil {
      throw UsageError(
        message: "no function is named", fix: "'lamctl list' names them: lamctl \(command) FUNCTION")
    }
  }
}

extension Parameter<FunctionArguments> {
  static let words: [Parameter<FunctionArguments>] = [
    .environment(\.first),
    .positional(
      "FUNCTION", \.second, "Logical name of the function; alone, the environment is the default one"),
  ]

  static let direct = option(
    "function", "NAME", \.direct,
    "The function by its name in AWS, instead of one of the repository; its files are then not needed")
}
