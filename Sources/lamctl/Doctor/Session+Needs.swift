internal import AWSClient
internal import Core
internal import Packager
internal import Triggers

extension Session {
  /// The functions of the environment whatever its parameters hold, and the paths of those that it refers to. AWS is
  /// asked for nothing.
  ///
  /// - Throws: ``PackagerError`` when the repository is wrong.
  func described(
    account: String
  ) async throws -> (definitions: [FunctionDefinition], parameters: [String]) {
    let paths = Lock<Set<String>>([])
    let values = InterpolationValues(region: aws.region) {
      account
    } parameters: { wanted in
      paths.withLock { $0.formUnion(wanted) }
      // What they hold changes nothing about who may do what.
      return Dictionary(wanted.map { ($0, "value") }) { first, _ in first }
    }
    let definitions = try await workspace.functions(in: environment, values: values)
    return (definitions, paths.withLock { $0.sorted() })
  }

  /// What the environment asks for with these functions.
  ///
  /// - Parameter parameters: the paths of the parameters that they refer to.
  /// - Throws: ``PackagerError`` when a value of `preview` cannot be interpolated.
  func needs(
    of definitions: [FunctionDefinition], parameters: [String]
  ) throws(PackagerError) -> PolicyNeeds {
    let preview = try preview
    return PolicyNeeds(
      creates: definitions.contains(where: \.allowsCreate),
      statesRole: !FunctionRoles(definitions).users.isEmpty,
      smokes: definitions.contains { !$0.smoke.isEmpty },
      stated: Set(definitions.flatMap { $0.configuration.members.map(\.key) }),
      alarms: !environment.rollout.alarms.isEmpty, deadMan: environment.rollout.deadMan != nil,
      companions: environment.companions != CompanionConfig(),
      preview: preview != nil, previewURL: preview?.functionURL != nil, previewRole: preview?.role != nil,
      prunes: workspace.config.keepVersions != nil, bucket: environment.bucket != nil,
      cache: workspace.config.cache != nil, parameters: !parameters.isEmpty,
      triggers: Self.kinds(definitions), layers: definitions.contains { !$0.ownLayers.isEmpty },
      images: definitions.contains(where: \.goesToECR))
  }

  /// The kinds of triggers that some function states.
  private static func kinds(_ definitions: [FunctionDefinition]) -> Set<TriggerKind> {
    var kinds: Set<TriggerKind> = []
    for definition in definitions {
      for trigger in definition.triggers ?? [] {
        if let kind = TriggerKind(rawValue: trigger.kind) { kinds.insert(kind) }
      }
      if definition.eventInvoke != nil { kinds.insert(.eventInvoke) }
    }
    return kinds
  }
}

extension FunctionDefinition {
  /// The names of those of its layers that the repository makes.
  var ownLayers: [String] {
    layers.compactMap { choice in
      if case .folder(_, let name) = choice { name } else { nil }
    }
  }

  /// Whether it is a container image that is pushed to ECR.
  var goesToECR: Bool {
    guard packageType == "Image" else { return false }
    return imageRepository.map { $0.registry != .local } ?? true
  }
}
