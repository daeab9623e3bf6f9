internal import Core

/// What an argument can be turned into.
protocol ParameterValue: Sendable {
  /// Reads the text of one argument.
  init(argument: String) throws(ValueError)
  /// The words accepted, where there are only a few.
  static var choices: [String] { get }
}

extension ParameterValue {
  static var choices: [String] { [] }
}

extension String: ParameterValue {
  init(argument: String) throws(ValueError) {
    guard !argument.isEmpty else { throw ValueError("the value is empty") }
    self = argument
  }
}

extension Int: ParameterValue {
  /// More than anybody means, and far from where sums and products of such numbers end.
  private static let mostWritten = 1_000_000_000

  init(argument: String) throws(ValueError) {
    guard let value = Int(argument), value > 0 else {
      throw ValueError("'\(argument)' is not a whole number above 0")
    }
    guard value <= Self.mostWritten else {
      throw ValueError("'\(argument)' is more than \(Self.mostWritten)")
    }
    self = value
  }
}

extension TimeSpan: ParameterValue {
  init(argument: String) throws(ValueError) {
    do throws(UnitError) { try self.init(parsing: argument) } catch { throw ValueError(error.description) }
  }
}

extension Weight: ParameterValue {
  init(argument: String) throws(ValueError) {
    do throws(UnitError) { try self.init(parsing: argument) } catch { throw ValueError(error.description) }
  }
}

extension StepPlan: ParameterValue {
  init(argument: String) throws(ValueError) {
    do throws(UnitError) { try self.init(parsing: argument) } catch { throw ValueError(error.description) }
  }
}

/// One of a few words.
protocol ChoiceValue: ParameterValue, RawRepresentable, CaseIterable where RawValue == String {}

extension ChoiceValue {
  static var choices: [String] { allCases.map(\.rawValue) }

  /// The words as a placeholder: `rollback|leave`.
  static var words: String { choices.joined(separator: "|") }

  init(argument: String) throws(ValueError) {
    guard let value = Self(rawValue: argument) else {
      throw ValueError("'\(argument)' is none of: \(Self.choices.joined(separator: ", "))")
    }
    self = value
  }
}
