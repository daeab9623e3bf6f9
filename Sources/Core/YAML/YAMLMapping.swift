/// The members of a mapping that is being read.
struct YAMLMapping {
  private var members: [JSONNode.Member] = []
  private var names: Set<MemberName> = []
  private var merges: [JSONNode] = []

  /// Adds a member; what `<<` names is merged in the end.
  mutating func add(
    _ key: String, at position: JSONNode.Position, _ value: JSONNode
  ) throws(JSONSyntaxError) {
    if key == "<<" {
      switch value.kind {
      case .object: return merges.append(value)
      case .array(let all) where all.allSatisfy({ if case .object = $0.kind { true } else { false } }):
        merges += all
        return
      default: throw JSONSyntaxError(position: position, reason: "'<<' merges mappings only")
      }
    }
    guard names.insert(MemberName(key)).inserted else {
      throw JSONSyntaxError(position: position, reason: "the key \"\(key)\" stands here twice")
    }
    members.append(JSONNode.Member(key: key, keyPosition: position, value: value))
  }

  /// The members with those of merged mappings that they do not have themselves.
  mutating func merged(counting parser: inout YAMLParser) throws(JSONSyntaxError) -> [JSONNode.Member] {
    for merge in merges {
      guard case .object(let more) = merge.kind else { continue }
      try parser.count(more.count)
      members += more.filter { names.insert(MemberName($0.key)).inserted }
    }
    return members
  }
}
