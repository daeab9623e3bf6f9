internal import Core

/// A pattern of EventBridge: which events a rule is for.
///
/// Known are exact values, `prefix`, `suffix`, `equals-ignore-case`, `anything-but`, `numeric`, `exists`, `wildcard` and
/// `$or`; `cidr` is refused. The rules are those of
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
struct EventPattern: Sendable {
  /// The most bytes of a pattern that are read, as EventBridge's limit is 4,096 characters.
  static let longest = 4_096
  /// The most objects within objects.
  static let deepest = 32

  indirect enum Node: Sendable {
    /// All of the fields must fit.
    case all([(key: String, node: Node)])
    /// One of the nodes must fit.
    case any([Node])
    /// One of the tests must hold for the field's value, or for one of its list's.
    case value([ValueTest])
  }

  let root: Node

  /// - Throws: ``PatternError`` for what EventBridge would refuse too.
  init(parsing text: String) throws(PatternError) {
    guard text.utf8.count <= Self.longest else {
      throw PatternError("it is longer than \(Self.longest) bytes")
    }
    let json: JSON
    do throws(JSONSyntaxError) {
      json = try JSON(parsing: text)
    } catch {
      throw PatternError("it is not JSON: \(error)")
    }
    try self.init(json)
  }

  init(_ json: JSON) throws(PatternError) {
    guard let object = json.object else { throw PatternError("Filter is not an object") }
    guard !object.isEmpty else { throw PatternError("Empty patterns are not allowed") }
    root = try Self.node(object, depth: 0)
  }

  private static func node(_ object: JSONObject, depth: Int) throws(PatternError) -> Node {
    guard depth < deepest else { throw PatternError("objects are nested more than \(deepest) deep") }
    var fields: [(key: String, node: Node)] = []
    var choices: [Node] = []
    for (key, value) in object.members {
      if key == "$or" {
        choices.append(try alternatives(value, depth: depth))
      } else if let inner = value.object {
        guard !inner.isEmpty else { throw PatternError("Empty objects are not allowed") }
        fields.append((key, try node(inner, depth: depth + 1)))
      } else if let values = value.array {
        fields.append((key, .value(try tests(values))))
      } else {
        throw PatternError("\"\(key)\" must be an object or an array")
      }
    }
    guard !choices.isEmpty else { return .all(fields) }
    // The fields beside a choice must fit too; under an empty key stands what belongs to the object itself.
    return .all(fields + choices.map { (key: "", node: $0) })
  }

  private static func alternatives(_ value: JSON, depth: Int) throws(PatternError) -> Node {
    guard let list = value.array, list.count >= 2 else {
      throw PatternError("\"$or\" needs an array of at least two objects")
    }
    var nodes: [Node] = []
    for item in list {
      guard let object = item.object else { throw PatternError("\"$or\" needs an array of objects") }
      nodes.append(try node(object, depth: depth + 1))
    }
    return .any(nodes)
  }

  static func tests(_ values: [JSON]) throws(PatternError) -> [ValueTest] {
    guard !values.isEmpty else { throw PatternError("Empty arrays are not allowed") }
    var tests: [ValueTest] = []
    for value in values { tests.append(try ValueTest(value)) }
    return tests
  }

  /// Whether `event` fits.
  func matches(_ event: JSON) -> Bool { Self.fits(root, event) }

  private static func fits(_ node: Node, _ value: JSON?) -> Bool {
    switch node {
    case .any(let nodes): return nodes.contains { fits($0, value) }
    case .value(let tests): return tests.contains { $0.holds(for: value) }
    case .all(let fields):
      // An object in a list counts as if it stood there alone.
      if let items = value?.array { return items.contains { $0.object != nil && fits(node, $0) } }
      return fields.allSatisfy { key, node in fits(node, key.isEmpty ? value : value?[key]) }
    }
  }
}

/// Why a pattern is refused.
struct PatternError: Error, Hashable, Sendable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
