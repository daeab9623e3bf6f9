internal import Core

/// The functions of a SAM or CloudFormation template.
///
/// Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html and
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html
struct CloudFormationTemplate {
  private let document: JSONNode
  private let path: RepositoryPath
  /// Absolute path of the repository's root.
  private let root: String

  init(_ document: JSONNode, path: RepositoryPath, root: String) {
    self.document = document
    self.path = path
    self.root = root
  }

  func proposal() -> Proposal {
    var proposal = Proposal(source: path.text)
    var types: Set<String> = []
    for resource in document["Resources"]?.members ?? [] {
      let type = resource.value["Type"]?.string ?? ""
      types.insert(type)
      guard ["AWS::Serverless::Function", "AWS::Lambda::Function"].contains(type) else { continue }
      add(resource, isServerless: type == "AWS::Serverless::Function", to: &proposal)
    }
    if proposal.functions.isEmpty {
      proposal.notes = ["it has " + types.sorted().prefix(6).joined(separator: ", ").escaped]
    }
    return proposal
  }

  private func add(_ resource: JSONNode.Member, isServerless: Bool, to proposal: inout Proposal) {
    var properties = resource.value["Properties"]?.members ?? []
    if isServerless { properties = Self.merged(document["Globals"]?["Function"]?.members ?? [], properties) }
    var builder = SettingsBuilder(function: resource.key)
    var unit: RepositoryPath?
    var others: [String] = []
    for property in properties {
      let value = property.value
      switch property.key {
      case "CodeUri", "Code": unit = self.unit(value, &builder)
      case "FunctionName": builder.take("functionName", value, resolve: Intrinsic.resolve)
      case "Environment":
        builder.takeVariables(value["Variables"]?.members ?? [], resolve: Intrinsic.resolve)
      case "ReservedConcurrentExecutions":
        builder.take("reservedConcurrency", value, resolve: Intrinsic.resolve)
      case "Tracing": builder.take("tracingConfig", ["mode": value.json])
      case "DeadLetterQueue":
        if let target = value["TargetArn"] {
          builder.take(
            "deadLetterConfig",
            JSONNode(
              kind: .object([JSONNode.Member(key: "TargetArn", keyPosition: target.position, value: target)]),
              position: value.position), resolve: Intrinsic.resolve)
        }
      case "Tags": builder.take("tags", Self.tags(value), resolve: Intrinsic.resolve)
      case "ImageUri", "InlineCode": builder.note("\(property.key): its code is no folder of the repository")
      default:
        if let key = ConfigTable.settings.first(where: {
          $0.api?.lowercased() == property.key.lowercased()
        }) {
          builder.take(key.name, value, resolve: Intrinsic.resolve)
        } else {
          others.append(property.key)
        }
      }
    }
    if !others.isEmpty { builder.note("\(others.joined(separator: ", ").escaped) stay with the template") }
    if builder.settings["functionName"] == nil {
      builder.note("its name in AWS is the stack's: give it \"functionName\"")
    }
    if isServerless, !properties.contains(where: { $0.key == "CodeUri" }),
      builder.settings["packageType"] == nil
    {
      unit = path.parent
    }
    proposal.functions.append(
      ProposedFunction(name: Naming.clean(resource.key), unit: unit, settings: builder.settings))
    proposal.notes += builder.notes
  }

  /// The folder that the code lies in; what is built elsewhere is noted.
  private func unit(_ code: JSONNode, _ builder: inout SettingsBuilder) -> RepositoryPath? {
    guard let text = code.string else {
      builder.note("its code is no folder of the repository")
      return nil
    }
    guard let folder = path.parent.resolving(text) else {
      builder.note("its code lies outside of the repository: \(text)")
      return nil
    }
    guard Files.isFolder(folder.absolute(in: root)) else {
      builder.note("its code is \(folder), which is no folder here: it may be what a build makes")
      return nil
    }
    return folder
  }

  /// The properties of a function over those that all have: maps merge, lists follow one another.
  ///
  /// Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
  private static func merged(_ globals: [JSONNode.Member], _ own: [JSONNode.Member]) -> [JSONNode.Member] {
    var members = globals
    for member in own {
      guard let index = members.firstIndex(where: { $0.key == member.key }) else {
        members.append(member)
        continue
      }
      let old = members[index].value
      var value = member.value
      switch (old.kind, value.kind) {
      case (.object(let a), .object(let b)) where !Intrinsic.isOne(old) && !Intrinsic.isOne(value):
        value = JSONNode(kind: .object(merged(a, b)), position: value.position)
      case (.array(let a), .array(let b)): value = JSONNode(kind: .array(a + b), position: value.position)
      default: break
      }
      members[index] = JSONNode.Member(key: member.key, keyPosition: member.keyPosition, value: value)
    }
    return members
  }

  /// Tags as a map, which CloudFormation writes as a list of pairs.
  private static func tags(_ node: JSONNode) -> JSONNode {
    guard case .array(let pairs) = node.kind else { return node }
    let members = pairs.compactMap { pair -> JSONNode.Member? in
      guard let key = pair["Key"]?.string, let value = pair["Value"] else { return nil }
      return JSONNode.Member(key: key, keyPosition: pair.position, value: value)
    }
    return JSONNode(kind: .object(members), position: node.position)
  }
}
