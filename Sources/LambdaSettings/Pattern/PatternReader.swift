/// A pattern as a tree.
indirect enum PatternTree: Sendable {
  case one(ScalarSet)
  case sequence([PatternTree])
  case choice([PatternTree])
  /// `most` is nil without an upper bound.
  case count(PatternTree, least: Int, most: Int?)
  case atBeginning
  case atEnd
}

/// Reads a pattern into a tree.
struct PatternReader {
  /// The deepest that groups may be nested.
  private static let deepest = 32
  /// The largest number in a count.
  private static let mostTimes = 1_000

  private var rest: ArraySlice<Unicode.Scalar>
  private var depth = 0

  init(_ source: String) {
    rest = Array(source.unicodeScalars)[...]
  }

  /// The whole pattern; nil for what is not understood.
  mutating func read() -> PatternTree? {
    guard let tree = choice(), rest.isEmpty else { return nil }
    return tree
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard rest.first == scalar else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func choice() -> PatternTree? {
    var ways: [PatternTree] = []
    repeat {
      guard let way = sequence() else { return nil }
      ways.append(way)
    } while take("|")
    return ways.count == 1 ? ways[0] : .choice(ways)
  }

  private mutating func sequence() -> PatternTree? {
    var parts: [PatternTree] = []
    while let next = rest.first, next != "|", next != ")" {
      guard let atom = atom(), let counted = counted(atom) else { return nil }
      parts.append(counted)
    }
    return .sequence(parts)
  }

  private mutating func counted(_ atom: PatternTree) -> PatternTree? {
    if take("*") { return .count(atom, least: 0, most: nil) }
    if take("+") { return .count(atom, least: 1, most: nil) }
    if take("?") { return .count(atom, least: 0, most: 1) }
    guard take("{") else { return atom }
    guard let least = number() else { return nil }
    if take("}") { return .count(atom, least: least, most: least) }
    guard take(",") else { return nil }
    if take("}") { return .count(atom, least: least, most: nil) }
    guard let most = number(), take("}"), least <= most else { return nil }
    return .count(atom, least: least, most: most)
  }

  private mutating func number() -> Int? {
    var digits = ""
    while let next = rest.first, ("0"..."9").contains(next) {
      digits.unicodeScalars.append(next)
      rest.removeFirst()
    }
    guard let number = Int(digits), number <= Self.mostTimes else { return nil }
    return number
  }

  private mutating func atom() -> PatternTree? {
    guard let next = rest.popFirst() else { return nil }
    switch next {
    case "^": return .atBeginning
    case "$": return .atEnd
    case ".": return .one(.any)
    case "\\": return escape().map(PatternTree.one)
    case "[": return set().map(PatternTree.one)
    case "(": return group()
    case "*", "+", "?", "{": return nil
    default: return .one(Self.just(next))
    }
  }

  private mutating func group() -> PatternTree? {
    if take("?") { guard take(":") else { return nil } }
    depth += 1
    guard depth <= Self.deepest, let tree = choice(), take(")") else { return nil }
    depth -= 1
    return tree
  }

  private static func just(_ scalar: Unicode.Scalar) -> ScalarSet {
    ScalarSet(ranges: [scalar.value...scalar.value])
  }

  /// What a backslash stands before.
  private mutating func escape() -> ScalarSet? {
    guard let next = rest.popFirst() else { return nil }
    switch next {
    case "d": return .digits
    case "s": return .blanks
    case "S": return ScalarSet(ranges: ScalarSet.blanks.ranges, isNegated: true)
    case "p":
      guard take("{"), let letter = rest.popFirst(), take("}") else { return nil }
      return ScalarSet(categories: [Character(letter)])
    default: return next.properties.isAlphabetic ? nil : Self.just(next)
    }
  }

  private mutating func set() -> ScalarSet? {
    var set = ScalarSet(isNegated: take("^"))
    while let next = rest.popFirst() {
      if next == "]" { return set }
      if next == "\\" {
        guard let escaped = escape(), !escaped.isNegated else { return nil }
        set.ranges += escaped.ranges
        set.categories.formUnion(escaped.categories)
      } else if rest.first == "-", let last = rest.dropFirst().first, last != "]", last != "\\" {
        guard next.value <= last.value else { return nil }
        rest.removeFirst(2)
        set.ranges.append(next.value...last.value)
      } else {
        set.ranges.append(next.value...next.value)
      }
    }
    return nil
  }
}

/// Writes a tree as places, from its end to its beginning.
struct PatternWriter {
  private(set) var nodes: [PatternNode] = [.end]
  /// Where everything has fitted.
  let end = 0

  /// The place where `tree` begins, with `next` behind it.
  mutating func write(_ tree: PatternTree, then next: Int) -> Int {
    // A pattern that grows beyond its bound is refused as a whole.
    guard nodes.count <= TextPattern.limit else { return next }
    switch tree {
    case .one(let set): return add(.one(set, next))
    case .atBeginning: return add(.atBeginning(next))
    case .atEnd: return add(.atEnd(next))
    case .sequence(let parts):
      var place = next
      for part in parts.reversed() { place = write(part, then: place) }
      return place
    case .choice(let ways): return add(.fork(ways.map { write($0, then: next) }))
    case .count(let inner, let least, let most): return write(inner, least, most, then: next)
    }
  }

  private mutating func write(_ inner: PatternTree, _ least: Int, _ most: Int?, then next: Int) -> Int {
    var place = next
    if let most {
      for _ in least..<max(most, least) {
        guard nodes.count <= TextPattern.limit else { return place }
        let once = write(inner, then: place)
        place = add(.fork([once, next]))
      }
    } else {
      let loop = add(.fork([]))
      let again = write(inner, then: loop)
      nodes[loop] = .fork([again, next])
      place = loop
    }
    for _ in 0..<least {
      guard nodes.count <= TextPattern.limit else { return place }
      place = write(inner, then: place)
    }
    return place
  }

  private mutating func add(_ node: PatternNode) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }
}
