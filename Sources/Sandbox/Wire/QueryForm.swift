internal import Core

/// The query protocol's form bodies: `MetricDataQueries.member.1.Id=a`.
enum QueryForm {
  private final class Node {
    var text: String?
    var children: [(key: String, node: Node)] = []

    func child(_ key: String) -> Node {
      if let found = children.first(where: { $0.key == key }) { return found.node }
      let node = Node()
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
  static func decode(_ body: [UInt8]) -> JSON {
    let root = Node()
    for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      var node = root
      for key in Percent.decode(parts[0], plusIsSpace: true).split(separator: ".") {
        node = node.child(String(key))
      }
      node.text = parts.count > 1 ? Percent.decode(parts[1], plusIsSpace: true) : ""
    }
    return .object(JSONObject(root.children.map { ($0.key, $0.node.json) }))
  }
}
