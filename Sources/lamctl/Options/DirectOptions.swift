/// Functions by their names in AWS: what acts on aliases needs no checkout where these are given.
struct DirectOptions: Equatable, Sendable {
  /// Names in AWS; empty for the functions of the repository.
  var functions: [LambdaName] = []
  /// The alias; nil for the environment's.
  var alias: String?

  /// The options that name them.
  var words: [String] {
    functions.flatMap { ["--function", $0.text] } + (alias.map { ["--alias", $0] } ?? [])
  }

  /// Checks what no single option can see.
  func validate() throws(UsageError) {
    guard functions.isEmpty, alias != nil else { return }
    throw UsageError(
      message: "'--alias' belongs to '--function'", fix: "name the functions too, or an environment instead")
  }
}

extension Parameter<DirectOptions> {
  static let direct: [Parameter<DirectOptions>] = {
    let list: [Parameter<DirectOptions>] = [
      .options(
        "function", "NAME", \.functions,
        "A function by its name in AWS, instead of those of the repository; its files are then not needed"
      ).excluding("selection"),
      // Hooks get a variable LAMCTL_ALIAS, which is not meant for what they run.
      .option("alias", "ALIAS", \.alias, "With --function: the alias (default: the environment's)")
        .withoutVariable(),
    ]
    return list.map { $0.under("Without a checkout") }
  }()
}

/// The name of a function in AWS.
struct LambdaName: Hashable, ParameterValue {
  let text: String

  init(argument: String) throws(ValueError) {
    let isPlain = argument.utf8.allSatisfy { byte in
      switch byte {
      case 45, 48...57, 65...90, 95, 97...122: true
      default: false
      }
    }
    guard isPlain, (1...64).contains(argument.utf8.count) else {
      throw ValueError("'\(argument)' is no name of a function: write for example shop-orders")
    }
    text = argument
  }
}
