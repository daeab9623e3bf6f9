extension Parameter where Root: Sendable {
  /// A flag that switches `path` on.
  static func flag(_ name: String, _ path: Path<Root, Bool>, _ help: String) -> Self {
    Parameter(name: name, form: .flag, help: help) { (root: inout Root, text: String) throws(ValueError) in
      root[keyPath: path] = text == "true"
    }
  }

  /// A flag that stands for one value of a choice.
  static func flag<Value: Sendable>(
    _ name: String, _ path: Path<Root, Value?>, chooses value: Value, _ help: String
  ) -> Self {
    Parameter(name: name, form: .flag, help: help) { (root: inout Root, text: String) throws(ValueError) in
      if text == "true" { root[keyPath: path] = value }
    }
  }

  /// An option with a default.
  static func option<Value: ParameterValue>(
    _ name: String, _ placeholder: String, _ path: Path<Root, Value>, _ help: String
  ) -> Self {
    var parameter = Parameter(name: name, form: .option(placeholder: placeholder), help: help) {
      (root: inout Root, text: String) throws(ValueError) in
      root[keyPath: path] = try Value(argument: text)
    }
    parameter.choices = Value.choices
    return parameter
  }

  /// An option that may be left out.
  static func option<Value: ParameterValue>(
    _ name: String, _ placeholder: String, _ path: Path<Root, Value?>, _ help: String
  ) -> Self {
    var parameter = Self.option(name, placeholder, path, help) { (text: String) throws(ValueError) in
      try Value(argument: text)
    }
    parameter.choices = Value.choices
    return parameter
  }

  /// An option with a grammar of its own.
  static func option<Value: Sendable>(
    _ name: String, _ placeholder: String, _ path: Path<Root, Value?>, _ help: String,
    parsing parse: @escaping @Sendable (String) throws(ValueError) -> Value
  ) -> Self {
    Parameter(name: name, form: .option(placeholder: placeholder), help: help) {
      (root: inout Root, text: String) throws(ValueError) in
      root[keyPath: path] = try parse(text)
    }
  }

  /// An option whose values add up.
  static func options<Value: ParameterValue>(
    _ name: String, _ placeholder: String, _ path: Path<Root, [Value]>, _ help: String
  ) -> Self {
    var parameter = Parameter(name: name, form: .option(placeholder: placeholder), help: help) {
      (root: inout Root, text: String) throws(ValueError) in
      root[keyPath: path].append(try Value(argument: text))
    }
    parameter.repeats = true
    parameter.choices = Value.choices
    return parameter
  }

  /// A bare word that may be left out.
  static func positional<Value: ParameterValue>(
    _ name: String, _ path: Path<Root, Value?>, _ help: String
  ) -> Self {
    var parameter = Parameter(name: name, form: .positional, help: help) {
      (root: inout Root, text: String) throws(ValueError) in
      root[keyPath: path] = try Value(argument: text)
    }
    parameter.choices = Value.choices
    parameter.section = "Arguments"
    return parameter
  }
}
