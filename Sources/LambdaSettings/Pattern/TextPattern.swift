/// A regular expression as AWS's models write them, for whole texts: literals, classes, groups, alternatives and
/// counts.
///
/// Texts are walked once, with the set of all places in the pattern that they may have led to, so that the time is that
/// of the text's length whatever the pattern. Look-around and back references are not known.
package struct TextPattern: Sendable {
  /// What was written.
  package let source: String
  let nodes: [PatternNode]
  let start: Int

  /// - Returns: nil for what cannot be read, or has more than ``limit`` places.
  package init?(_ source: String) {
    var reader = PatternReader(source)
    guard let tree = reader.read() else { return nil }
    var writer = PatternWriter()
    let start = writer.write(tree, then: writer.end)
    guard writer.nodes.count <= Self.limit else { return nil }
    self.source = source
    self.start = start
    nodes = writer.nodes
  }

  /// The most places of a pattern.
  package static let limit = 4_096

  /// Whether all of `text` fits.
  package func matches(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    var places = PlaceSet(count: nodes.count)
    reach(start, at: 0, of: scalars.count, into: &places)
    for (index, scalar) in scalars.enumerated() {
      var next = PlaceSet(count: nodes.count)
      for place in places.members {
        guard case .one(let set, let following) = nodes[place], set.contains(scalar) else { continue }
        reach(following, at: index + 1, of: scalars.count, into: &next)
      }
      guard !next.members.isEmpty else { return false }
      places = next
    }
    return places.members.contains { if case .end = nodes[$0] { true } else { false } }
  }

  /// Notes `place` and all that it leads to without a character.
  private func reach(_ place: Int, at index: Int, of count: Int, into places: inout PlaceSet) {
    var open = [place]
    while let place = open.popLast() {
      guard places.insert(place) else { continue }
      switch nodes[place] {
      case .one, .end: break
      case .fork(let ways): open += ways
      case .atBeginning(let next): if index == 0 { open.append(next) }
      case .atEnd(let next): if index == count { open.append(next) }
      }
    }
  }
}

/// A place in a pattern.
enum PatternNode: Sendable {
  /// One character of a set.
  case one(ScalarSet, Int)
  /// Any of several ways.
  case fork([Int])
  case atBeginning(Int)
  case atEnd(Int)
  /// All has fitted.
  case end
}

/// Places, each once, in the order they were found.
private struct PlaceSet {
  private(set) var members: [Int] = []
  private var isThere: [Bool]

  init(count: Int) {
    isThere = Array(repeating: false, count: count)
  }

  /// Whether `place` is new.
  mutating func insert(_ place: Int) -> Bool {
    guard !isThere[place] else { return false }
    isThere[place] = true
    members.append(place)
    return true
  }
}

/// Characters of a class.
struct ScalarSet: Hashable, Sendable {
  var ranges: [ClosedRange<UInt32>] = []
  /// First letters of general categories: `L` for letters.
  var categories: Set<Character> = []
  var isNegated = false

  static let any = ScalarSet(isNegated: true)
  static let digits = ScalarSet(ranges: [0x30...0x39])
  static let blanks = ScalarSet(ranges: [0x09...0x0D, 0x20...0x20])

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let isIn =
      ranges.contains { $0.contains(scalar.value) }
      || (!categories.isEmpty && categories.contains(Self.category(of: scalar)))
    return isIn != isNegated
  }

  /// The first letter of a general category (Unicode 15, table 4-4), for those that models name.
  private static func category(of scalar: Unicode.Scalar) -> Character {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: "L"
    case .decimalNumber, .letterNumber, .otherNumber: "N"
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: "Z"
    default: "?"
    }
  }
}
