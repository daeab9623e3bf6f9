internal import AWSClient
internal import Core
internal import Packager
internal import Release

extension Session {
  /// The functions that the globs select; all of them without globs.
  ///
  /// - Throws: ``PackagerError`` when the repository is wrong or names a parameter that SSM does not have, ``Failure`` when
  ///   nothing is selected, and ``AWSError`` when a value has to be asked of AWS and cannot.
  func functions(only globs: [String]) async throws -> [FunctionDefinition] {
    let values = InterpolationValues(region: aws.region) {
      try await caller.identity().account
    } parameters: { paths in
      try await parameters(paths)
    }
    // Sentences name these, whatever variables hold the same words.
    secrets.show([aws.region, environment.name, environment.alias, workspace.config.project])
    let all = try await workspace.functions(in: environment, values: values)
    let selection = try Selection(globs)
    for pattern in selection.idle(among: all.map(\.name)) {
      warn("--only '!\(pattern)' keeps no function out")
    }
    return try selection.select(all, name: \.name)
  }

  /// The values of parameters that settings refer to, as far as SSM has them: what is missing is told of the place that
  /// names it.
  ///
  /// - Throws: ``AWSError``.
  func parameters(_ paths: [String]) async throws -> [String: String] {
    try await aws.ssm.getParameters(paths).found.mapValues(\.value)
  }

  /// The functions that the globs select, by their names alone; all of them without globs.
  ///
  /// What is wrong with a function's file is told in one line, and the function is there all the same.
  ///
  /// - Throws: ``PackagerError`` when the folders cannot be listed, ``Failure`` when nothing is selected, and
  ///   ``AWSError`` when a name has to be asked of AWS and cannot.
  func names(only globs: [String]) async throws -> [NamedFunction] {
    if let direct { return direct.map { NamedFunction(functionName: $0) } }
    let listing = try await workspace.names(in: environment, region: aws.region) {
      try await caller.identity().account
    }
    secrets.show(listing.functions.flatMap { [$0.name, $0.functionName] })
    for fault in listing.faults {
      let subject = fault.function.map { "\($0): " } ?? ""
      let end =
        switch (fault.function, fault.functionName) {
        case (_, let name?): "; it is taken to be \(name) in AWS"
        case (_?, nil): "; it is left out, because its name in AWS cannot be told: name it with --function"
        case (nil, nil): ""
        }
      warn("\(subject)\(fault.error)\(end)")
    }
    let others = listing.faults.compactMap(\.function)
    return try Selection(globs).select(listing.functions, besides: others, name: \.name)
  }

  /// All functions of the environment, with those marked that the globs select.
  ///
  /// - Throws: as ``names(only:)``.
  func rolloutSubjects(only globs: [String], isWayBack: Bool = false) async throws -> [RolloutSubject] {
    try Self.subjects(try await names(only: []), only: globs, isWayBack: isWayBack)
  }

  /// `functions`, with those marked that the globs select.
  ///
  /// - Throws: ``Failure`` when nothing is selected.
  static func subjects(
    _ functions: [NamedFunction], only globs: [String], isWayBack: Bool = false
  ) throws -> [RolloutSubject] {
    let selection = try Selection(globs)
    let selected = Set(try selection.select(functions, isWayBack: isWayBack, name: \.name).map(\.name))
    return functions.map { function in
      RolloutSubject(
        name: function.inRelease, isSelected: selected.contains(function.name), isSmoked: function.isSmoked,
        hooks: FunctionHooks(beforeTraffic: function.beforeTraffic, afterTraffic: function.afterTraffic))
    }
  }

  /// Makes sure that the credentials are for the account that the environment names.
  ///
  /// - Throws: ``Failure`` when they are for another one.
  func checkAccount() async throws {
    guard let expected = environment.account else { return }
    let identity = try await caller.identity()
    guard identity.account != expected else { return }
    throw Failure(
      .permission,
      "the credentials are for account \(identity.account), and environment \(environment.name) is in \(expected)",
      fix: "use credentials of account \(expected), for example with --profile")
  }

  /// Makes sure that the dead-man switch can work in the account that the environment names.
  ///
  /// - Throws: ``Failure`` when its role is of another one.
  func checkDeadMan() throws {
    guard let expected = environment.account, let role = environment.rollout.deadMan?.role,
      !role.contains(":\(expected):")
    else { return }
    throw Failure(
      .config,
      "rollout.deadMan.role is \(role), and environment \(environment.name) is in account \(expected)",
      fix: "name a role of that account: EventBridge Scheduler assumes no other")
  }

  /// The names of functions, as releases know them.
  static func names(_ definitions: [FunctionDefinition]) -> [FunctionName] {
    definitions.map { FunctionName(function: $0.name, functionName: $0.functionName) }
  }
}

extension NamedFunction {
  /// The names as releases know them.
  var inRelease: FunctionName { FunctionName(function: name, functionName: functionName) }
}
