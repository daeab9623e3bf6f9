internal import Core

/// One element of a pattern's array: what a value has to be.
enum ValueTest: Sendable {
  case equals(JSON)
  case equalsIgnoringCase(String)
  case prefix(String, ignoringCase: Bool)
  case suffix(String, ignoringCase: Bool)
  case wildcard(String)
  case numeric([Comparison])
  case exists(Bool)
  /// None of the tests holds, and there is a value.
  case anythingBut([ValueTest])

  struct Comparison: Sendable {
    enum Relation: String, Sendable {
      case less = "<"
      case lessOrEqual = "<="
      case equal = "="
      case greater = ">"
      case greaterOrEqual = ">="
    }

    let relation: Relation
    let bound: Double

    func holds(for number: Double) -> Bool {
      switch relation {
      case .less: number < bound
      case .lessOrEqual: number <= bound
      case .equal: number == bound
      case .greater: number > bound
      case .greaterOrEqual: number >= bound
      }
    }
  }

  /// - Throws: ``PatternError`` for an operator that nobody knows, and for one with the wrong argument.
  init(_ json: JSON) throws(PatternError) {
    switch json {
    case .object(let object):
      guard let (name, argument) = object.members.first, object.members.count == 1 else {
        throw PatternError("an operator must be an object of one member")
      }
      self = try Self.test(name, argument)
    case .array: throw PatternError("an array must not hold arrays")
    default: self = .equals(json)
    }
  }

  private static func test(_ name: String, _ argument: JSON) throws(PatternError) -> ValueTest {
    switch name {
    case "prefix": try affix(name, argument) { .prefix($0, ignoringCase: $1) }
    case "suffix": try affix(name, argument) { .suffix($0, ignoringCase: $1) }
    case "equals-ignore-case": .equalsIgnoringCase(try text(name, argument))
    case "wildcard": try wildcard(argument)
    case "numeric": try numeric(argument)
    case "exists": try exists(argument)
    case "anything-but": try anythingBut(argument)
    default: throw PatternError("Unrecognized match type \(name)")
    }
  }

  private static func text(_ name: String, _ argument: JSON) throws(PatternError) -> String {
    guard let text = argument.string else { throw PatternError("\(name) match pattern must be a string") }
    return text
  }

  /// A text, or `{"equals-ignore-case": text}`.
  private static func affix(
    _ name: String, _ argument: JSON, _ make: (String, Bool) -> ValueTest
  ) throws(PatternError) -> ValueTest {
    if let object = argument.object, object.members.count == 1, let inner = object["equals-ignore-case"] {
      return make(try text(name, inner), true)
    }
    return make(try text(name, argument), false)
  }

  private static func wildcard(_ argument: JSON) throws(PatternError) -> ValueTest {
    let text = try text("wildcard", argument)
    guard text.firstRange(of: "**") == nil else {
      throw PatternError("Consecutive wildcard characters are not allowed")
    }
    return .wildcard(text)
  }

  private static func exists(_ argument: JSON) throws(PatternError) -> ValueTest {
    guard let wanted = argument.bool else {
      throw PatternError("exists match pattern must be either true or false.")
    }
    return .exists(wanted)
  }

  private static func numeric(_ argument: JSON) throws(PatternError) -> ValueTest {
    guard let items = argument.array, (2...4).contains(items.count), items.count.isMultiple(of: 2) else {
      throw PatternError("numeric match pattern must be an array of one or two operators, each with a number")
    }
    var comparisons: [Comparison] = []
    for index in stride(from: 0, to: items.count, by: 2) {
      guard let relation = items[index].string.flatMap({ Comparison.Relation(rawValue: $0) }) else {
        throw PatternError("Unrecognized numeric range operator: \(items[index].text())")
      }
      guard let bound = items[index + 1].double, bound.magnitude <= 5e9 else {
        throw PatternError("Value of \(relation.rawValue) must be numeric and between -5.0e9 and 5.0e9")
      }
      comparisons.append(Comparison(relation: relation, bound: bound))
    }
    return .numeric(comparisons)
  }

  private static func anythingBut(_ argument: JSON) throws(PatternError) -> ValueTest {
    if let object = argument.object {
      guard let (name, inner) = object.members.first, object.members.count == 1,
        ["prefix", "suffix", "equals-ignore-case", "wildcard"].contains(name)
      else { throw PatternError("Unsupported anything-but pattern") }
      var tests: [ValueTest] = []
      for value in inner.array ?? [inner] { tests.append(try test(name, value)) }
      guard !tests.isEmpty else { throw PatternError("Empty arrays are not allowed") }
      return .anythingBut(tests)
    }
    let values = argument.array ?? [argument]
    guard !values.isEmpty, values.allSatisfy({ $0.string != nil || $0.double != nil }) else {
      throw PatternError("Inside anything but list, start|null|boolean is not supported.")
    }
    return .anythingBut(values.map(ValueTest.equals))
  }
}

extension ValueTest {
  /// Whether the value of a field passes; nil for a field that is not there.
  ///
  /// Of a list one element is enough.
  func holds(for value: JSON?) -> Bool {
    if case .exists(let wanted) = self {
      // Only what has no members of its own counts as there.
      return (value != nil && value?.object == nil) == wanted
    }
    guard let value else { return false }
    if let items = value.array {
      return items.contains { holds(forOne: $0) }
    }
    return holds(forOne: value)
  }

  private func holds(forOne value: JSON) -> Bool {
    switch self {
    case .equals(let wanted):
      if let number = wanted.double, let other = value.double { return number == other }
      return wanted == value
    case .equalsIgnoringCase(let wanted): return value.string?.lowercased() == wanted.lowercased()
    case .prefix(let wanted, let ignoringCase):
      return Self.cased(value.string, ignoringCase)?.hasPrefix(Self.cased(wanted, ignoringCase) ?? "")
        ?? false
    case .suffix(let wanted, let ignoringCase):
      return Self.cased(value.string, ignoringCase)?.hasSuffix(Self.cased(wanted, ignoringCase) ?? "")
        ?? false
    case .wildcard(let pattern): return value.string.map { StarPattern.matches(pattern, $0) } ?? false
    case .numeric(let comparisons):
      guard let number = value.double else { return false }
      return comparisons.allSatisfy { $0.holds(for: number) }
    case .exists(let wanted): return wanted
    case .anythingBut(let tests): return !tests.contains { $0.holds(forOne: value) }
    }
  }

  private static func cased(_ text: String?, _ ignoringCase: Bool) -> String? {
    ignoringCase ? text?.lowercased() : text
  }
}

/// `*` for any characters; `\*` and `\\` for themselves.
enum StarPattern {
  /// Whether all of `text` is what `pattern` describes; at worst in the product of their lengths.
  static func matches(_ pattern: String, _ text: String) -> Bool {
    let tokens = tokens(pattern)
    let text = Array(text.utf8)
    var (place, index) = (0, 0)
    // Where to go on when what follows the last star does not fit.
    var star: (place: Int, index: Int)?
    while index < text.count {
      if place < tokens.count, tokens[place] == nil {
        star = (place, index)
        place += 1
      } else if place < tokens.count, tokens[place] == text[index] {
        place += 1
        index += 1
      } else if let last = star {
        star = (last.place, last.index + 1)
        place = last.place + 1
        index = last.index + 1
      } else {
        return false
      }
    }
    return tokens[place...].allSatisfy { $0 == nil }
  }

  /// Nil stands for the star.
  private static func tokens(_ pattern: String) -> [UInt8?] {
    var tokens: [UInt8?] = []
    var isEscaped = false
    for byte in pattern.utf8 {
      if isEscaped {
        tokens.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else {
        tokens.append(byte == UInt8(ascii: "*") ? nil : byte)
      }
    }
    return tokens
  }
}
