internal import Core

/// The functions of a `serverless.yml`.
///
/// Source: https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml
struct ServerlessFile {
  private let document: JSONNode
  private let path: RepositoryPath

  init(_ document: JSONNode, path: RepositoryPath) {
    self.document = document
    self.path = path
  }

  /// What has another name than the Lambda API's.
  private static let renamed = [
    "name": "functionName", "architecture": "architectures", "vpc": "vpcConfig", "iamRole": "role",
    "ephemeralStorageSize": "ephemeralStorage", "tracing": "tracingConfig", "onError": "deadLetterConfig",
  ]

  func proposal() -> Proposal {
    var proposal = Proposal(source: path.text)
    let provider = document["provider"]
    let variables = ServerlessVariables(document)
    if case .value(.string(let region))? = provider?["region"].map(variables.resolve), !region.contains("${")
    {
      proposal.region = region
    }
    if let service = (document["service"]?["name"] ?? document["service"])?.string {
      proposal.name = "\(Naming.clean(service))-{environment}-{function}"
      proposal.keepsNames = true
      proposal.notes.append("the stage is taken for the environment: name environments like stages")
    }
    let provided = ["runtime", "memorySize", "timeout", "architecture", "tags", "vpc", "logs"]
    var common = provider?.members.filter { provided.contains($0.key) } ?? []
    common += (provider?["tracing"]?["lambda"]).map { [Self.member("tracing", $0)] } ?? []
    common += (provider?["iam"]?["role"] ?? provider?["role"]).map { [Self.member("role", $0)] } ?? []
    for function in document["functions"]?.members ?? [] {
      add(function, common, provider?["environment"]?.members ?? [], variables, to: &proposal)
    }
    if proposal.functions.isEmpty { proposal.notes = ["it has " + ProposalReader.keys(of: document)] }
    return proposal
  }

  private static func member(_ key: String, _ value: JSONNode) -> JSONNode.Member {
    JSONNode.Member(key: key, keyPosition: value.position, value: value)
  }

  private func add(
    _ function: JSONNode.Member, _ common: [JSONNode.Member], _ environment: [JSONNode.Member],
    _ variables: ServerlessVariables, to proposal: inout Proposal
  ) {
    var builder = SettingsBuilder(function: function.key)
    let own = function.value.members
    let names = Set(own.map(\.key))
    var others: [String] = []
    for member in common.filter({ !names.contains($0.key) }) + own where member.key != "environment" {
      let key = Self.renamed[member.key] ?? member.key
      switch member.key {
      case "ephemeralStorageSize", "onError", "tracing":
        let inner =
          ["ephemeralStorageSize": "size", "onError": "targetArn", "tracing": "mode"][member.key] ?? ""
        if case .bool(let isOn) = member.value.kind {
          builder.take(key, [inner: isOn ? "Active" : "PassThrough"])
        } else {
          let object = JSONNode(
            kind: .object([Self.member(inner, member.value)]), position: member.value.position)
          builder.take(key, object, resolve: variables.resolve)
        }
      case _ where ConfigTable.settings.contains { $0.name == key }:
        builder.take(key, member.value, resolve: variables.resolve)
      default: others.append(member.key)
      }
    }
    let variablesOfOwn = function.value["environment"]?.members ?? []
    let ownNames = Set(variablesOfOwn.map(\.key))
    builder.takeVariables(
      environment.filter { !ownNames.contains($0.key) } + variablesOfOwn, resolve: variables.resolve)
    if !others.isEmpty { builder.note("\(others.joined(separator: ", ").escaped) stay with serverless.yml") }
    proposal.functions.append(
      ProposedFunction(name: Naming.clean(function.key), unit: path.parent, settings: builder.settings))
    proposal.notes += builder.notes
  }
}
