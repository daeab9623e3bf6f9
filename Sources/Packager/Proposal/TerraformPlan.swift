internal import Core

/// The functions of a plan or a state, as `terraform show -json` prints them.
///
/// Source: https://developer.hashicorp.com/terraform/internals/json-format
struct TerraformPlan {
  private let document: JSONNode
  private let path: RepositoryPath

  init(_ document: JSONNode, path: RepositoryPath) {
    self.document = document
    self.path = path
  }

  func proposal() -> Proposal {
    var proposal = Proposal(source: path.text)
    var types: Set<String> = []
    var unknown: [String: JSONNode] = [:]
    for change in document["resource_changes"]?.elements ?? [] {
      if let address = change["address"]?.string { unknown[address] = change["change"]?["after_unknown"] }
    }
    let values = document["planned_values"] ?? document["values"]
    var modules = [values?["root_module"]].compactMap { $0 }
    while let module = modules.popLast() {
      modules += module["child_modules"]?.elements ?? []
      for resource in module["resources"]?.elements ?? [] {
        let type = resource["type"]?.string ?? ""
        types.insert(type)
        guard type == "aws_lambda_function", resource["mode"]?.string != "data" else { continue }
        add(resource, unknown: unknown[resource["address"]?.string ?? ""], to: &proposal)
      }
    }
    if proposal.functions.isEmpty {
      proposal.notes = ["it has " + types.sorted().prefix(6).joined(separator: ", ").escaped]
    }
    return proposal
  }

  /// What has another name in Terraform than the Lambda API's.
  private static let renamed = [
    "reserved_concurrent_executions": "reservedConcurrency", "kms_key_arn": "kmsKeyArn",
    "file_system_config": "fileSystemConfigs", "image_config": "imageConfig",
  ]
  /// What is the code's or the result's, and no setting.
  private static let ignored: Set<String> = [
    "arn", "id", "filename", "s3_bucket", "s3_key", "s3_object_version", "source_code_hash",
    "source_code_size",
    "code_sha256", "image_uri", "publish", "version", "qualified_arn", "invoke_arn", "qualified_invoke_arn",
    "last_modified", "signing_job_arn", "signing_profile_version_arn", "skip_destroy", "tags_all", "timeouts",
    "region", "replace_security_groups_on_destroy", "replacement_security_group_ids",
    "response_streaming_invoke_arn",
  ]

  private func add(_ resource: JSONNode, unknown: JSONNode?, to proposal: inout Proposal) {
    let address = resource["address"]?.string ?? resource["name"]?.string ?? "a function"
    var builder = SettingsBuilder(function: address.escaped)
    var name: String?
    for member in resource["values"]?.members ?? [] {
      if case .null = member.value.kind { continue }
      let isSensitive = resource["sensitive_values"]?[member.key].map { $0.bool == true } ?? false
      guard !Self.ignored.contains(member.key) else { continue }
      // A block is a list of one, and an absent one a list of none.
      let value = Self.camel(Self.block(member))
      switch member.key {
      case _ where isSensitive: builder.note("\(member.key) is sensitive and not written down")
      case "function_name":
        name = value.string
        builder.take("functionName", value, resolve: Intrinsic.literal)
      case "environment":
        builder.takeVariables(Self.block(member)["variables"]?.members ?? [], resolve: Intrinsic.literal)
      case "tags": builder.take("tags", Self.block(member), resolve: Intrinsic.literal)
      default:
        if case .array(let elements) = value.kind, elements.isEmpty { continue }
        let key = Self.renamed[member.key] ?? Self.camel(member.key)
        if ConfigTable.functionFile[key] == nil {
          builder.note("\(member.key) stays with Terraform")
        } else if !Self.isUnset(key, value) {
          builder.take(key, value, resolve: Intrinsic.literal)
        }
      }
    }
    for member in unknown?.members ?? [] where member.value.bool == true && !Self.ignored.contains(member.key)
    {
      builder.note("\(member.key) is known after terraform apply only")
    }
    proposal.functions.append(
      ProposedFunction(
        name: Naming.clean(name ?? resource["name"]?.string ?? address), unit: nil, settings: builder.settings
      ))
    proposal.notes += builder.notes
  }

  /// -1 stands for no reservation, an empty text for none.
  private static func isUnset(_ key: String, _ value: JSONNode) -> Bool {
    key == "reservedConcurrency" && value.word == "-1" || value.string?.isEmpty == true
  }

  private static func block(_ member: JSONNode.Member) -> JSONNode {
    let lists: Set = ["architectures", "layers", "file_system_config"]
    guard case .array(let elements) = member.value.kind, elements.count == 1, !lists.contains(member.key)
    else {
      return member.value
    }
    return elements[0]
  }

  /// `node` with the keys of its objects as the Lambda API spells them.
  private static func camel(_ node: JSONNode) -> JSONNode {
    switch node.kind {
    case .object(let members):
      let renamed = members.filter { if case .null = $0.value.kind { false } else { true } }.map {
        JSONNode.Member(key: camel($0.key), keyPosition: $0.keyPosition, value: camel($0.value))
      }
      return JSONNode(kind: .object(renamed), position: node.position)
    case .array(let elements): return JSONNode(kind: .array(elements.map(camel)), position: node.position)
    case .null, .bool, .number, .string: return node
    }
  }

  private static func camel(_ key: String) -> String {
    let words = key.split(separator: "_")
    return words.prefix(1).joined()
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
