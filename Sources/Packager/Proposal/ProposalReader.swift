package import Core

/// Reads what other tools say of functions, once: afterwards lamctl's own files are the truth.
package enum ProposalReader {
  /// The functions of a SAM or CloudFormation template, a `serverless.yml`, a plan or state of
  /// `terraform show -json`, or a folder that `cdk synth` wrote.
  ///
  /// - Parameter path: of the file or folder, from the root of `workspace`.
  /// - Throws: ``PackagerError`` when it cannot be read or understood, or names no function: then what was seen.
  package static func read(_ path: RepositoryPath, in workspace: Workspace) throws(PackagerError) -> Proposal
  {
    guard Files.exists(path.absolute(in: workspace.root)) else {
      throw .discovery(reason: "there is no \(path)", fix: maker(of: path))
    }
    var proposal: Proposal
    if Files.isFolder(path.absolute(in: workspace.root)) {
      proposal = try CDKAssembly.proposal(path, in: workspace)
    } else {
      let document = try document(path, in: workspace)
      if document["resource_changes"] != nil || document["planned_values"] != nil || document["values"] != nil
      {
        proposal = TerraformPlan(document, path: path).proposal()
      } else if document["Resources"] != nil {
        proposal = CloudFormationTemplate(document, path: path, root: workspace.root).proposal()
      } else if document["functions"] != nil || document["provider"] != nil {
        proposal = ServerlessFile(document, path: path).proposal()
      } else {
        throw .discovery(
          reason: "\(path) is no template, serverless.yml or plan: it has \(keys(of: document))",
          fix:
            "name a SAM or CloudFormation template, serverless.yml, the output of terraform show -json, or cdk.out"
        )
      }
    }
    guard !proposal.functions.isEmpty else {
      throw .discovery(
        reason: "\(path) has no Lambda function" + (proposal.notes.first.map { ": \($0)" } ?? ""), fix: "")
    }
    proposal.place(in: workspace)
    return proposal
  }

  /// What makes the file or folder, where its name tells.
  private static func maker(of path: RepositoryPath) -> String {
    if path.isNamed("cdk.out") { return "run cdk synth, which writes it" }
    if path.hasSuffix(".json") {
      return "for Terraform run terraform plan -out plan.bin, and terraform show -json plan.bin > \(path)"
    }
    return "name a file from the folder that you are in"
  }

  /// The document at `path`, in JSON or YAML.
  static func document(_ path: RepositoryPath, in workspace: Workspace) throws(PackagerError) -> JSONNode {
    let absolute = path.absolute(in: workspace.root)
    let bytes = try system { () throws(SystemError) in try Files.read(absolute, limit: 64 << 20) }
    do throws(JSONSyntaxError) {
      let isJSON = bytes.first { ![9, 10, 13, 32].contains($0) } == UInt8(ascii: "{")
      if isJSON { return try JSONNode(parsing: bytes, repeatedKeys: true) }
      return try JSONNode(yaml: bytes)
    } catch {
      throw .config(
        location: "\(path):\(error.position.line):\(error.position.column)", reason: error.reason.escaped)
    }
  }

  static func keys(of document: JSONNode) -> String {
    let keys = document.members.map(\.key)
    guard !keys.isEmpty else { return "no keys" }
    return keys.prefix(6).joined(separator: ", ").escaped + (keys.count > 6 ? ", …" : "")
  }
}

/// The settings of one function, put together from values of which some may not be known.
struct SettingsBuilder {
  private(set) var settings = JSONObject()
  private(set) var notes: [String] = []
  let function: String

  init(function: String) { self.function = function }

  mutating func note(_ text: String) { notes.append("\(function): \(text)") }

  /// Takes a value for a key of `function.json`, as the table of that file says; parts that are unknown are left out and
  /// noted.
  mutating func take(_ key: String, _ value: JSONNode, resolve: (JSONNode) -> Resolved) {
    guard let type = ConfigTable.functionFile[key]?.type else {
      return note("\"\(key)\" is no setting of lamctl")
    }
    guard let json = converted(value, type, path: key, resolve) else { return }
    settings[key] = json
  }

  mutating func take(_ key: String, _ value: JSON) { settings[key] = value }

  /// Takes the environment variables. Where one is left out, those in AWS stay.
  mutating func takeVariables(_ variables: [JSONNode.Member], resolve: (JSONNode) -> Resolved) {
    guard !variables.isEmpty else { return }
    var known = JSONObject()
    var isWhole = true
    for variable in variables {
      switch resolve(variable.value) {
      case .value(let json) where !Secrets.isSecretName(variable.key) || isReference(json):
        known[variable.key] = text(json)
      case .value:
        isWhole = false
        note(
          "the variable \(variable.key) looks like a secret and is not written down: put it into SSM and write ${ssm:/…}"
        )
      case .unknown(let why):
        isWhole = false
        note("the variable \(variable.key): \(why)")
      }
    }
    var environment = JSONObject()
    if !isWhole { environment["mode"] = "merge" }
    if !known.isEmpty { environment["variables"] = .object(known) }
    settings["environment"] = .object(environment)
  }

  private func isReference(_ json: JSON) -> Bool { json.string?.utf8.starts(with: "${".utf8) ?? false }

  /// Variables are texts, whatever they look like in YAML.
  private func text(_ json: JSON) -> JSON {
    switch json {
    case .number(let digits): .string(digits)
    case .bool(let value): .string(value ? "true" : "false")
    case .null, .string, .array, .object: json
    }
  }

  private mutating func converted(
    _ value: JSONNode, _ type: ConfigType, path: String, _ resolve: (JSONNode) -> Resolved
  ) -> JSON? {
    switch (type.plain, value.kind) {
    case (.object(let table), .object(let members)) where !Intrinsic.isOne(value):
      var object = JSONObject()
      for member in members {
        let name = member.key.prefix(1).lowercased() + member.key.dropFirst()
        guard let key = table.keys.first(where: { $0.api == member.key || $0.name == name }) else {
          note("\(path).\(member.key) is no setting of lamctl")
          continue
        }
        if let inner = converted(member.value, key.type, path: "\(path).\(key.name)", resolve) {
          object[key.name] = inner
        }
      }
      return object.isEmpty ? nil : .object(object)
    case (.list(let element), .array(let elements)):
      var whole: [JSON] = []
      for node in elements {
        // A list that lacks an element is another list.
        guard let inner = converted(node, element, path: path, resolve) else { return nil }
        whole.append(inner)
      }
      return .array(whole)
    case (.map(let element), .object(let members)) where !Intrinsic.isOne(value):
      var object = JSONObject()
      for member in members {
        object[member.key] = converted(member.value, element, path: "\(path).\(member.key)", resolve)
      }
      return .object(object)
    default:
      switch resolve(value) {
      case .value(let json): return scalar(json, type)
      case .unknown(let why):
        note("\(path): \(why)")
        return nil
      }
    }
  }

  private func scalar(_ json: JSON, _ type: ConfigType) -> JSON {
    switch type.plain {
    case .string, .text: return text(json)
    case .integer, .number:
      guard case .string(let digits) = json, Int(digits) != nil else { return json }
      return .number(digits)
    case .list(let element):
      guard case .string = json else { return json }
      return .array([scalar(json, element)])
    default: return json
    }
  }
}

/// What a value of another tool's file comes to.
enum Resolved {
  /// A value for lamctl's files.
  case value(JSON)
  /// Only that tool or AWS knows it: why, in half a sentence.
  case unknown(String)
}
