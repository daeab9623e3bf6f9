internal import Core

/// The condition behind the `;` of a Python requirement (PEP 508), such as
/// `python_version < "3.11" and sys_platform == "linux"`.
struct PythonMarker: Sendable {
  private indirect enum Expression {
    case all([Expression])
    case any([Expression])
    case comparison(Operand, String, Operand)
  }

  private enum Operand {
    case variable(String)
    case text(String)
  }

  /// The values of the variables on a runtime.
  struct Target: Hashable, Sendable {
    private let values: [String: String]
    private let minor: Int
    private let architecture: String

    /// - Parameters:
    ///   - minor: of Python 3.
    ///   - architecture: `x86_64` or `arm64`.
    ///   - patch: the last number of its version, which a runtime changes as it likes.
    init(minor: Int, architecture: String, patch: Int = 0) {
      self.minor = minor
      self.architecture = architecture
      let version = "3.\(minor)"
      values = [
        "os_name": "posix", "sys_platform": "linux", "platform_system": "Linux",
        "platform_machine": architecture == "arm64" ? "aarch64" : "x86_64", "platform_release": "",
        "platform_version": "", "platform_python_implementation": "CPython", "implementation_name": "cpython",
        // As old metadata calls it, which installers still take.
        "python_implementation": "CPython",
        "implementation_version": "\(version).\(patch)", "python_full_version": "\(version).\(patch)",
        "python_version": version,
      ]
    }

    /// The same with each of the versions that it may have.
    fileprivate var patches: [Target] {
      (0...Self.lastPatch).map { Target(minor: minor, architecture: architecture, patch: $0) }
    }

    /// More than any version of Python 3 has had.
    private static let lastPatch = 31

    fileprivate func value(of variable: String, extra: String) -> String {
      variable == "extra" ? extra : values[variable.replacing(".", with: "_")] ?? ""
    }

    /// Whether the value of a variable is known: that of the kernel is not.
    fileprivate func knows(_ variable: String) -> Bool {
      let name = variable.replacing(".", with: "_")
      return name == "extra"
        || values[name] != nil && !["platform_release", "platform_version"].contains(name)
    }
  }

  /// The condition as it is written.
  let text: String
  private let root: Expression

  /// The most tokens and open brackets of a condition.
  private static let mostTokens = 2_048
  private static let deepest = 32

  /// Nil for text that is no condition.
  init?(_ text: some StringProtocol) {
    guard let tokens = Self.tokens(text) else { return nil }
    var parser = Parser(tokens: tokens)
    guard let root = parser.any(depth: 0), parser.isAtEnd else { return nil }
    self.root = root
    self.text = String(text.drop { $0 == " " })
  }

  /// Whether it holds on `target` when one of `extras` is asked for.
  func holds(on target: Target, extras: Set<String> = []) -> Bool {
    // Without extras, `extra` is empty.
    (extras.isEmpty ? [""] : extras.sorted() + [""]).contains { extra in Self.holds(root, target, extra) }
  }

  /// Whether it may hold on `target`, of which neither the last number of its version is known nor that of its kernel.
  func mayHold(on target: Target, extras: Set<String> = []) -> Bool {
    guard Self.isKnown(root, on: target) else { return true }
    return possible(target).contains { holds(on: $0, extras: extras) }
  }

  /// Whether it holds whatever those are.
  func mustHold(on target: Target, extras: Set<String> = []) -> Bool {
    Self.isKnown(root, on: target) && possible(target).allSatisfy { holds(on: $0, extras: extras) }
  }

  private func possible(_ target: Target) -> [Target] {
    text.contains("_version") ? target.patches : [target]
  }

  private static func isKnown(_ node: Expression, on target: Target) -> Bool {
    switch node {
    case .all(let nodes), .any(let nodes): nodes.allSatisfy { isKnown($0, on: target) }
    case .comparison(let left, _, let right):
      [left, right].allSatisfy { operand in
        if case .variable(let name) = operand { target.knows(name) } else { true }
      }
    }
  }

  private static func holds(_ node: Expression, _ target: Target, _ extra: String) -> Bool {
    switch node {
    case .all(let nodes): nodes.allSatisfy { holds($0, target, extra) }
    case .any(let nodes): nodes.contains { holds($0, target, extra) }
    case .comparison(let left, let comparison, let right): compare(left, comparison, right, target, extra)
    }
  }

  private static func compare(
    _ left: Operand, _ comparison: String, _ right: Operand, _ target: Target, _ extra: String
  ) -> Bool {
    let value = { (operand: Operand) -> String in
      switch operand {
      case .variable(let name): target.value(of: name, extra: extra)
      case .text(let text): text
      }
    }
    var (a, b) = (value(left), value(right))
    if case .variable("extra") = left { b = Requirements.normalized(b) }
    if case .variable("extra") = right { a = Requirements.normalized(a) }
    switch comparison {
    case "in": return b.contains(a)
    case "not in": return !b.contains(a)
    default: break
    }
    // Versions where both sides are some, else text.
    if let version = PythonVersion(a), let met = version.meets(comparison, b) { return met }
    switch comparison {
    case "==", "===": return a == b
    case "!=": return a != b
    case "<": return a < b
    case "<=": return a <= b
    case ">": return a > b
    case ">=": return a >= b
    default: return false
    }
  }

  private enum Token: Equatable {
    case word(String)
    case text(String)
    case comparison(String)
    case open
    case close
  }

  private static func tokens(_ text: some StringProtocol) -> [Token]? {
    let bytes = Array(text.utf8)
    var tokens: [Token] = []
    var index = 0
    while index < bytes.count {
      guard tokens.count < mostTokens else { return nil }
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"): index += 1
      case UInt8(ascii: "("), UInt8(ascii: ")"):
        tokens.append(byte == UInt8(ascii: "(") ? .open : .close)
        index += 1
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        guard let end = bytes[(index + 1)...].firstIndex(of: byte) else { return nil }
        tokens.append(.text(String(decoding: bytes[(index + 1)..<end], as: UTF8.self)))
        index = end + 1
      case _ where "<>=!~".utf8.contains(byte):
        let run = bytes[index...].prefix { "<>=!~".utf8.contains($0) }
        tokens.append(.comparison(String(decoding: run, as: UTF8.self)))
        index = run.endIndex
      case _ where isName(byte):
        let run = bytes[index...].prefix(while: isName)
        tokens.append(.word(String(decoding: run, as: UTF8.self)))
        index = run.endIndex
      default: return nil
      }
    }
    return tokens
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case 46, 48...57, 65...90, 95, 97...122: true
    default: false
    }
  }

  private struct Parser {
    let tokens: [Token]
    private var index = 0

    init(tokens: [Token]) {
      self.tokens = tokens
    }

    var isAtEnd: Bool { index == tokens.count }

    private var next: Token? { index < tokens.count ? tokens[index] : nil }

    private mutating func take(_ token: Token) -> Bool {
      guard next == token else { return false }
      index += 1
      return true
    }

    mutating func any(depth: Int) -> Expression? {
      guard depth < PythonMarker.deepest, let first = all(depth: depth) else { return nil }
      var nodes = [first]
      while take(.word("or")) {
        guard let node = all(depth: depth) else { return nil }
        nodes.append(node)
      }
      return nodes.count == 1 ? first : .any(nodes)
    }

    private mutating func all(depth: Int) -> Expression? {
      guard let first = one(depth: depth) else { return nil }
      var nodes = [first]
      while take(.word("and")) {
        guard let node = one(depth: depth) else { return nil }
        nodes.append(node)
      }
      return nodes.count == 1 ? first : .all(nodes)
    }

    private mutating func one(depth: Int) -> Expression? {
      if take(.open) {
        guard let node = any(depth: depth + 1), take(.close) else { return nil }
        return node
      }
      guard let left = operand(), let comparison = comparison(), let right = operand() else { return nil }
      return .comparison(left, comparison, right)
    }

    private mutating func operand() -> Operand? {
      defer { index += 1 }
      switch next {
      case .word(let name): return .variable(name)
      case .text(let text): return .text(text)
      default: return nil
      }
    }

    private mutating func comparison() -> String? {
      if take(.word("in")) { return "in" }
      if take(.word("not")) { return take(.word("in")) ? "not in" : nil }
      guard case .comparison(let text)? = next else { return nil }
      index += 1
      return text
    }
  }
}
