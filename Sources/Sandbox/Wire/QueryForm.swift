internal import Core

/// The query protocol's form bodies: `MetricDataQueries.member.1.Id=a`.
enum QueryForm {
  /// The most names in one key; AWS's own have up to ten.
  private static let deepest = 32

  private final class Node {
    var text: String?
    private(set) var children: [(key: String, node: Node)] = []
    private var places: [String: Int] = [:]

    func child(_ key: String) -> Node {
      if let place = places[key] { return children[place].node }
      let node = Node()
      places[key] = children.count
      children.append((key, node))
      return node
    }

    var json: JSON {
      if let text, children.isEmpty { return .string(text) }
      if children.count == 1, children[0].key == "member" {
        let items = children[0].node.children.compactMap { item in Int(item.key).map { ($0, item.node) } }
        return .array(items.sorted { $0.0 < $1.0 }.map(\.1.json))
      }
      return .object(JSONObject(children.map { ($0.key, $0.node.json) }))
    }
  }

  /// The parameters of a form as a tree: numbered `member`s are lists, all leaves are text.
  ///
  /// - Throws: 400 for a key of more names than any operation has.
  static func decode(_ body: [UInt8]) throws(ServiceError) -> JSON {
    let root = Node()
    for pair in body.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let names = Percent.decode(parts[0], plusIsSpace: true)
        .split(separator: UInt8(ascii: "."), maxSplits: deepest)
      guard names.count <= deepest else {
        throw ServiceError(400, "MalformedInput", "A parameter has more than \(deepest) names")
      }
      var node = root
      for name in names { node = node.child(String(decoding: name, as: UTF8.self)) }
      let value = parts.count > 1 ? Percent.decode(parts[1], plusIsSpace: true) : []
      node.text = String(decoding: value, as: UTF8.self)
    }
    return .object(JSONObject(root.children.map { ($0.key, $0.node.json) }))
  }
}
