internal import Core

/// Functions of CloudFormation, as tags or as keys.
enum Intrinsic {
  /// Whether `node` is a call such as `{"Ref": …}` or `!Ref …`, rather than an object of data.
  static func isOne(_ node: JSONNode) -> Bool { call(node) != nil }

  /// The function's name without `Fn::` and its argument; nil for data.
  static func call(_ node: JSONNode) -> (name: String, argument: JSONNode)? {
    guard node.members.count == 1, let member = node.members.first else { return nil }
    let key = member.key
    if key.utf8.first == UInt8(ascii: "!") { return (String(key.dropFirst()), member.value) }
    if key.utf8.starts(with: "Fn::".utf8) { return (String(key.dropFirst(4)), member.value) }
    return key == "Ref" || key == "Condition" ? (key, member.value) : nil
  }

  /// `node` with what lamctl has words for; what only a stack knows is unknown.
  static func resolve(_ node: JSONNode) -> Resolved {
    guard let (name, argument) = call(node) else {
      if case .object = node.kind { return .unknown("an object stands where a value was expected") }
      return literal(node)
    }
    switch (name, argument.word) {
    case ("Ref", let target?):
      guard let word = pseudo(target) else { return .unknown("only the stack knows what Ref \(target) is") }
      return .value(.string(word))
    case ("Sub", let template?): return substituted(template)
    case ("GetAtt", let target?): return .unknown("only the stack knows what GetAtt \(target) is")
    default: return .unknown("only the stack knows what \(name) makes of it")
    }
  }

  /// `node` as it is: what would be a reference to lamctl is written as none.
  static func literal(_ node: JSONNode) -> Resolved {
    guard let text = node.string else { return .value(node.json) }
    return .value(.string(text.replacing("${", with: "$${")))
  }

  /// lamctl's word for a pseudo parameter.
  private static func pseudo(_ name: String) -> String? {
    switch name {
    case "AWS::Region": "${region}"
    case "AWS::AccountId": "${account}"
    default: nil
    }
  }

  private static func substituted(_ template: String) -> Resolved {
    var text = ""
    var rest = template[...]
    while let open = rest.firstRange(of: "${") {
      text += rest[..<open.lowerBound]
      rest = rest[open.upperBound...]
      guard let close = rest.firstIndex(of: "}") else {
        return .unknown("'\(template)' has no closing brace")
      }
      let name = String(rest[..<close])
      rest = rest[close...].dropFirst()
      if name.utf8.first == UInt8(ascii: "!") {
        text += "$${\(name.dropFirst())}"
      } else if let word = pseudo(name) {
        text += word
      } else {
        return .unknown("only the stack knows what ${\(name)} in '\(template)' is")
      }
    }
    return .value(.string(text + rest))
  }
}
