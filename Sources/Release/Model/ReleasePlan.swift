/// What a deploy would do: a value to look at, to print, or to carry out.
package struct ReleasePlan: Sendable {
  /// Name of the environment.
  package let environment: String
  /// Name of its alias.
  package let alias: String
  /// All selected functions, by logical name in byte order.
  package let functions: [FunctionPlan]

  /// The functions that change.
  package var changed: [FunctionPlan] { functions.filter { $0.change != .none } }

  /// The functions that get no new version, and other settings.
  package var updated: [FunctionPlan] { functions.filter { $0.change == .none && !$0.own.isEmpty } }

  /// The names of the functions in which a difference has been put off.
  package var deferred: [String] { functions.filter(\.input.isDeferred).map(\.input.function) }

  /// Whether there is nothing to do, a rollout under way included.
  package var isEmpty: Bool {
    functions.allSatisfy { $0.change == .none && $0.unfinished == nil && $0.own.isEmpty }
  }
}

extension ReleasePlan {
  /// The names of all its functions.
  var names: [FunctionName] {
    functions.map { FunctionName(function: $0.input.function, functionName: $0.input.functionName) }
  }
}
