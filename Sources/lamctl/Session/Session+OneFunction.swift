internal import Core
internal import Packager

extension Session {
  /// The one function that a command is about.
  ///
  /// - Throws: ``Failure`` when there is none of the name, and what reading the repository throws.
  func function(_ arguments: FunctionArguments) async throws -> NamedFunction {
    let functions = try await names(only: [])
    guard let name = arguments.direct == nil ? arguments.function : nil else {
      guard let function = functions.first else { throw Failure(.usage, "no function is named") }
      return function
    }
    if let function = functions.first(where: { $0.name == name })
      ?? functions.first(where: { $0.functionName == name })
    {
      return function
    }
    let nearest = Suggestion.nearest(to: name, in: functions.map(\.name))
    throw Failure(
      .usage, "there is no function '\(name)'",
      fix: nearest.map { "did you mean '\($0)'?" }
        ?? "'lamctl list' names them; --function takes a name in AWS")
  }
}

extension FunctionArguments {
  /// What of the repository is needed for it.
  func need(alias: String? = nil) -> RepositoryNeed {
    var options = DirectOptions()
    options.functions = direct.map { [$0] } ?? []
    options.alias = direct == nil ? nil : alias
    return .names(options)
  }
}
