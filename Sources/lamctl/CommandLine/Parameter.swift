/// A property that a parameter sets.
typealias Path<Root, Value> = any (WritableKeyPath<Root, Value> & Sendable)

/// How the parameter is written.
enum ParameterForm: Equatable, Sendable {
  /// `--name`, or `--name=false` to overrule a variable.
  case flag
  /// `--name VALUE` or `--name=VALUE`.
  case option(placeholder: String)
  /// A bare word, recognised by its place.
  case positional
}

/// One positional, option or flag of a command, tied to a property of `Root`.
struct Parameter<Root>: Sendable {
  /// Without dashes; in capitals for a positional.
  let name: String
  /// How it is written.
  let form: ParameterForm
  /// One phrase for the help, without a full stop.
  let help: String
  /// Whether several values add up instead of being an error.
  var repeats = false
  /// The words accepted, where there are only a few.
  var choices: [String] = []
  /// Parameters with the same word here cannot be given together.
  var exclusion: String?
  /// Whether an environment variable may stand in.
  var takesVariable = true
  /// The heading in the help.
  var section = "Options"
  /// Takes one text into the property; a flag gets `true` or `false`.
  let apply: @Sendable (inout Root, String) throws(ValueError) -> Void

  /// As a user writes it: `--canary`, `ENVIRONMENT`.
  var spelling: String { form == .positional ? name : "--\(name)" }

  /// The environment variable that stands in when the option is not given; positionals have none.
  var variable: String? { takesVariable ? variableName : nil }

  /// What that variable is called, or would be.
  var variableName: String? {
    guard form != .positional else { return nil }
    return "LAMCTL_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
  }

  /// The spelling with its placeholder, for help.
  var synopsis: String {
    guard case .option(let placeholder) = form else { return spelling }
    return "\(spelling) \(placeholder)"
  }
}

extension Parameter where Root: Sendable {
  /// This parameter for a value that holds a `Root` at `path`.
  func lifted<Outer>(into path: Path<Outer, Root>) -> Parameter<Outer> {
    let apply = apply
    var lifted = Parameter<Outer>(name: name, form: form, help: help) {
      (outer: inout Outer, text: String) throws(ValueError) in
      try apply(&outer[keyPath: path], text)
    }
    lifted.repeats = repeats
    lifted.choices = choices
    lifted.exclusion = exclusion
    lifted.takesVariable = takesVariable
    lifted.section = section
    return lifted
  }

  /// This parameter under another heading.
  func under(_ section: String) -> Self {
    var copy = self
    copy.section = section
    return copy
  }

  /// This parameter, which no environment variable stands in for.
  func withoutVariable() -> Self {
    var copy = self
    copy.takesVariable = false
    return copy
  }

  /// This parameter, which cannot be combined with the others that carry the same word.
  func excluding(_ group: String) -> Self {
    var copy = self
    copy.exclusion = group
    return copy
  }
}
