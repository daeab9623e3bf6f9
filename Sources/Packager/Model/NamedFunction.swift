/// What can be known of a function without building it: what it is called, and what is done around its traffic.
package struct NamedFunction: Sendable {
  /// Logical name.
  package let name: String
  /// Name in AWS.
  package let functionName: String
  /// Absolute paths of the events that new versions are tried with; those that are missing are not there.
  package let smokeEvents: [String]
  /// Whether new versions are tried with events.
  package let isSmoked: Bool
  /// Absolute path of the unit's `events` folder, if it has one.
  package let eventsFolder: String?
  /// Program and arguments to run before the first weight.
  package let beforeTraffic: [String]?
  /// Program and arguments to run once all traffic has moved.
  package let afterTraffic: [String]?
  /// Names of the variables of lamctl's own environment that it is declared to need.
  package let neededVariables: [String]
}

extension NamedFunction {
  /// A function of which nothing but its name in AWS is known.
  package init(functionName: String) {
    self.init(
      name: functionName, functionName: functionName, smokeEvents: [], isSmoked: false, eventsFolder: nil,
      beforeTraffic: nil, afterTraffic: nil, neededVariables: [])
  }
}

/// The functions of a repository by their names, and what is wrong with those whose files are broken.
package struct FunctionListing: Sendable {
  /// A function that something is wrong with.
  package struct Fault: Sendable {
    /// Its logical name; nil where the repository as a whole is meant.
    package let function: String?
    /// The name in AWS under which it is looked for all the same; nil when that cannot be told.
    package let functionName: String?
    /// What is wrong.
    package let error: PackagerError
  }

  /// In the order of their logical names.
  package let functions: [NamedFunction]
  /// One a function at most.
  package let faults: [Fault]
}
