extension YAMLParser {
  /// Reads `[…]` or `{…}`.
  mutating func flowCollection(at position: JSONNode.Position) throws(JSONSyntaxError) -> JSONNode {
    let isList = cursor.next == UInt8(ascii: "[")
    let close = isList ? UInt8(ascii: "]") : UInt8(ascii: "}")
    cursor.step(1)
    var elements: [JSONNode] = []
    var mapping = YAMLMapping()
    while true {
      try skipSpace(inFlow: true)
      if cursor.next == close { break }
      let place = cursor.mark()
      let element = try flowNode()
      try skipSpace(inFlow: true)
      if cursor.next == UInt8(ascii: ":") {
        cursor.step(1)
        let key = try Self.key(element.node, written: element.text)
        let value = try flowValue(close)
        if isList {
          var single = YAMLMapping()
          try single.add(key, at: place, value)
          elements.append(JSONNode(kind: .object(try single.merged(counting: &self)), position: place))
        } else {
          try mapping.add(key, at: place, value)
        }
      } else if isList {
        elements.append(element.node)
      } else {
        try mapping.add(
          Self.key(element.node, written: element.text), at: place, JSONNode(kind: .null, position: place))
      }
      try skipSpace(inFlow: true)
      if cursor.next == close { break }
      guard cursor.next == UInt8(ascii: ",") else {
        throw cursor.fault("',' or '\(Character(UnicodeScalar(close)))' was expected")
      }
      cursor.step(1)
    }
    cursor.step(1)
    return JSONNode(
      kind: isList ? .array(elements) : .object(try mapping.merged(counting: &self)), position: position)
  }

  private static func key(_ node: JSONNode, written: String?) throws(JSONSyntaxError) -> String {
    if let written { return written }
    guard case .string(let text) = node.kind else {
      throw JSONSyntaxError(position: node.position, reason: "only texts can be keys")
    }
    return text
  }

  /// Reads the value behind a colon, if there is one.
  private mutating func flowValue(_ close: UInt8) throws(JSONSyntaxError) -> JSONNode {
    try skipSpace(inFlow: true)
    if cursor.next == UInt8(ascii: ",") || cursor.next == close {
      return JSONNode(kind: .null, position: cursor.mark())
    }
    return try flowNode().node
  }

  /// Reads a value inside brackets; `text` is how a plain one is written.
  private mutating func flowNode() throws(JSONSyntaxError) -> (node: JSONNode, text: String?) {
    var properties = YAMLProperties(position: cursor.mark())
    try readProperties(into: &properties)
    try skipSpace(inFlow: true)
    var text: String?
    let node = try finish(properties) { parser, position throws(JSONSyntaxError) in
      try parser.count()
      try parser.enter()
      defer { parser.depth -= 1 }
      switch parser.cursor.next {
      case UInt8(ascii: "[")?, UInt8(ascii: "{")?: return try parser.flowCollection(at: position)
      case UInt8(ascii: "\"")?, UInt8(ascii: "'")?:
        return JSONNode(kind: .string(try parser.quoted()), position: position)
      case UInt8(ascii: "*")?: return try parser.alias()
      case UInt8(ascii: ",")?, UInt8(ascii: "]")?, UInt8(ascii: "}")?:
        guard !properties.isEmpty else { throw parser.cursor.fault("a value was expected") }
        return JSONNode(kind: .null, position: position)
      case nil: throw parser.cursor.fault("the text ends inside brackets")
      default:
        let plain = try parser.plain(below: -1, inFlow: true)
        if properties.isEmpty { text = plain }
        return JSONNode(kind: Self.resolved(plain), position: position)
      }
    }
    return (node, text)
  }
}

extension YAMLParser {
  /// Reads tags and anchors before a value.
  mutating func readProperties(into properties: inout YAMLProperties) throws(JSONSyntaxError) {
    while let byte = cursor.next, byte == UInt8(ascii: "!") || byte == UInt8(ascii: "&") {
      let isTag = byte == UInt8(ascii: "!")
      if properties.isEmpty { properties.position = cursor.mark() }
      let start = isTag ? cursor.index : cursor.index + 1
      if !isTag { cursor.step(1) }
      while let byte = cursor.next, !Self.isBreakOrSpace(byte), !Self.isFlowIndicator(byte) { cursor.step(1) }
      let word = cursor.text(from: start)
      guard (isTag ? properties.tag : properties.anchor) == nil else {
        throw cursor.fault("a value has one tag and one anchor at most")
      }
      guard !word.isEmpty else { throw cursor.fault("an anchor needs a name") }
      if isTag { properties.tag = word } else { properties.anchor = word }
      skipBlanks()
    }
  }

  static func isFlowIndicator(_ byte: UInt8?) -> Bool {
    switch byte {
    case UInt8(ascii: ",")?, UInt8(ascii: "[")?, UInt8(ascii: "]")?, UInt8(ascii: "{")?, UInt8(ascii: "}")?:
      true
    default: false
    }
  }

  /// Reads `*name`.
  mutating func alias() throws(JSONSyntaxError) -> JSONNode {
    let place = cursor.position
    let start = cursor.index + 1
    cursor.step(1)
    while let byte = cursor.next, !Self.isBreakOrSpace(byte), !Self.isFlowIndicator(byte) { cursor.step(1) }
    let name = cursor.text(from: start)
    guard let anchor = anchors[MemberName(name)] else {
      throw JSONSyntaxError(position: place, reason: "no anchor '\(name.prefix(40))' stands above")
    }
    // It begins on the present level.
    reached = max(reached, depth + anchor.height - 1)
    guard reached <= Self.deepest else {
      throw cursor.fault("nested deeper than \(Self.deepest) levels")
    }
    try count(anchor.size)
    return anchor.node
  }

  /// `node` as its tag says.
  func tagged(
    _ node: JSONNode, _ tag: String, at position: JSONNode.Position
  ) throws(JSONSyntaxError) -> JSONNode {
    switch tag {
    case "!!str", "!":
      switch node.kind {
      case .number(let digits): return JSONNode(kind: .string(digits), position: node.position)
      case .bool(let value): return JSONNode(kind: .string(value ? "true" : "false"), position: node.position)
      case .null: return JSONNode(kind: .string(""), position: node.position)
      case .string, .array, .object: return node
      }
    case _ where tag.hasPrefix("!!"): return node
    default:
      let member = JSONNode.Member(key: tag, keyPosition: position, value: node)
      return JSONNode(kind: .object([member]), position: position)
    }
  }
}
