/// What may stand before a value.
struct YAMLProperties {
  var tag: String?
  var anchor: String?
  var position: JSONNode.Position
  /// Whether the value begins on the same line.
  var isInline = true

  var isEmpty: Bool { tag == nil && anchor == nil }
}

extension YAMLParser {
  /// Reads the value at the cursor, which belongs to something indented by `indent`; null where nothing is indented
  /// deeper.
  ///
  /// - Parameters:
  ///   - isValue: whether it follows a key, beside which no collection can begin.
  ///   - list: the indent that is enough for a list: the one of its key.
  mutating func node(
    below indent: Int, isValue: Bool = false, list: Int? = nil
  ) throws(JSONSyntaxError) -> JSONNode {
    var isBesideKey = isValue
    var properties = YAMLProperties(position: cursor.mark())
    if skipToLineEnd() {
      try skipSpace()
      isBesideKey = false
    }
    try readProperties(into: &properties)
    if !properties.isEmpty, skipToLineEnd() {
      try skipSpace()
      isBesideKey = false
      properties.isInline = false
    }
    let beginsList = cursor.next == UInt8(ascii: "-") && Self.isBreakOrSpace(cursor.peek(1))
    let isHere = continues(below: indent) || beginsList && cursor.column == list && !isAtMarker("---")
    return try finish(properties) { parser, position throws(JSONSyntaxError) in
      guard isHere else { return JSONNode(kind: .null, position: properties.position) }
      return try parser.content(
        below: indent, at: position, isBesideKey: isBesideKey, properties: properties)
    }
  }

  /// Reads a value with `read` and gives it the name and the tag of `properties`.
  mutating func finish(
    _ properties: YAMLProperties,
    _ read: (inout YAMLParser, JSONNode.Position) throws(JSONSyntaxError) -> JSONNode
  ) throws(JSONSyntaxError) -> JSONNode {
    let before = (values: values, reached: reached)
    reached = depth
    let position = cursor.mark()
    var node = try read(&self, position)
    if let tag = properties.tag { node = try tagged(node, tag, at: properties.position) }
    if let anchor = properties.anchor {
      anchors[MemberName(anchor)] = Anchor(
        node: node, size: max(1, values - before.values), height: max(1, reached - depth))
    }
    reached = max(reached, before.reached)
    return node
  }

  private mutating func content(
    below indent: Int, at position: JSONNode.Position, isBesideKey: Bool, properties: YAMLProperties
  ) throws(JSONSyntaxError) -> JSONNode {
    try count()
    try enter()
    defer { depth -= 1 }
    switch cursor.next {
    case UInt8(ascii: "-")? where Self.isBreakOrSpace(cursor.peek(1)):
      guard !isBesideKey else { throw cursor.fault("a list cannot begin beside its key") }
      return JSONNode(kind: .array(try sequence(at: cursor.column)), position: position)
    case UInt8(ascii: "?")? where Self.isBreakOrSpace(cursor.peek(1)) && !isBesideKey:
      return JSONNode(kind: .object(try mapping(at: cursor.column, first: nil)), position: position)
    case UInt8(ascii: "|")?, UInt8(ascii: ">")?:
      return JSONNode(kind: .string(try blockScalar(below: indent)), position: position)
    case UInt8(ascii: "[")?, UInt8(ascii: "{")?: return try flowCollection(at: position)
    case UInt8(ascii: "*")?: return try alias()
    case UInt8(ascii: "\"")?, UInt8(ascii: "'")?:
      let column = cursor.column
      let line = cursor.line
      let text = try quoted()
      guard cursor.line == line, isAtKeyEnd() else {
        return JSONNode(kind: .string(text), position: position)
      }
      return try mappingNode(text, column, at: position, isBesideKey: isBesideKey, properties: properties)
    default: break
    }
    let column = cursor.column
    let start = cursor
    let key = try plainLine()
    if isAtKeyEnd() {
      return try mappingNode(key, column, at: position, isBesideKey: isBesideKey, properties: properties)
    }
    cursor = start
    return JSONNode(kind: Self.resolved(try plain(below: indent)), position: position)
  }

  /// Whether a key ends at the cursor, but for blanks.
  private func isAtKeyEnd() -> Bool {
    var offset = 0
    while let byte = cursor.peek(offset), byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
      offset += 1
    }
    return cursor.peek(offset) == UInt8(ascii: ":") && Self.isBreakOrSpace(cursor.peek(offset + 1))
  }

  private mutating func mappingNode(
    _ key: String, _ column: Int, at position: JSONNode.Position, isBesideKey: Bool,
    properties: YAMLProperties
  ) throws(JSONSyntaxError) -> JSONNode {
    guard !isBesideKey else { throw cursor.fault("a text with ': ' in it needs quotes") }
    guard properties.isEmpty || !properties.isInline else {
      throw JSONSyntaxError(
        position: properties.position, reason: "tags and anchors of keys are not read here")
    }
    return JSONNode(kind: .object(try mapping(at: column, first: (key, position))), position: position)
  }

  private mutating func sequence(at column: Int) throws(JSONSyntaxError) -> [JSONNode] {
    var elements: [JSONNode] = []
    while cursor.next == UInt8(ascii: "-"), cursor.column == column, Self.isBreakOrSpace(cursor.peek(1)),
      !isAtMarker("---")
    {
      cursor.step(1)
      elements.append(try node(below: column))
      try skipSpace()
    }
    guard !continues(below: column) else { throw misplaced() }
    return elements
  }

  private mutating func mapping(
    at column: Int, first: (key: String, position: JSONNode.Position)?
  ) throws(JSONSyntaxError) -> [JSONNode.Member] {
    var mapping = YAMLMapping()
    var isFirst = true
    while true {
      let (key, position): (String, JSONNode.Position)
      if isFirst, let first { (key, position) = first } else { (key, position) = try self.key() }
      isFirst = false
      skipBlanks()
      guard cursor.next == UInt8(ascii: ":") else { throw cursor.fault("':' was expected after the key") }
      cursor.step(1)
      let value = try node(below: column, isValue: true, list: column)
      try mapping.add(key, at: position, value)
      try skipSpace()
      guard cursor.next != nil, cursor.column == column, !isAtMarker("---"), !isAtMarker("...") else { break }
    }
    guard !continues(below: column) else { throw misplaced() }
    return try mapping.merged(counting: &self)
  }

  /// Reads a key, in one line or behind a question mark.
  private mutating func key() throws(JSONSyntaxError) -> (key: String, position: JSONNode.Position) {
    let position = cursor.mark()
    switch cursor.next {
    case UInt8(ascii: "?")? where Self.isBreakOrSpace(cursor.peek(1)):
      let column = cursor.column
      cursor.step(1)
      let key = try node(below: column)
      guard case .string(let text) = key.kind else { throw cursor.fault("only texts can be keys") }
      try skipSpace()
      guard cursor.column == column else { throw cursor.fault("':' was expected below the '?'") }
      return (text, position)
    case UInt8(ascii: "\"")?, UInt8(ascii: "'")?:
      let line = cursor.line
      let text = try quoted()
      guard cursor.line == line else { throw cursor.fault("a key must end in its line") }
      return (text, position)
    default:
      let text = try plainLine()
      guard !text.isEmpty else { throw misplaced() }
      guard isAtKeyEnd() else { throw cursor.fault("':' was expected after the key '\(text.prefix(40))'") }
      return (text, position)
    }
  }
}
