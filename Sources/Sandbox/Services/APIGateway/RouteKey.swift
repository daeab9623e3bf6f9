internal import Core

/// What a route of an HTTP API is for: `GET /orders/{id}`, `ANY /{proxy+}` or `$default`.
struct RouteKey: Hashable, Sendable {
  /// A segment of a route's path, the more specific the smaller.
  private enum Segment: Hashable, Comparable {
    case literal(String)
    case variable(String)
    case greedy(String)

    private var rank: Int {
      switch self {
      case .literal: 0
      case .variable: 1
      case .greedy: 2
      }
    }

    static func < (a: Segment, b: Segment) -> Bool { a.rank < b.rank }
  }

  private static let methods: Set<String> = [
    "ANY", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS",
  ]
  private static let longest = 4_096
  /// The most segments of a route's path.
  private static let deepest = 256

  /// As it was given.
  let text: String
  /// Nil for `$default`.
  private let method: String?
  private let segments: [Segment]

  /// Nil for what API Gateway does not take.
  init?(_ text: String) {
    self.text = text
    guard text != "$default" else {
      method = nil
      segments = []
      return
    }
    guard text.utf8.count <= Self.longest else { return nil }
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 2, Self.methods.contains(String(parts[0])), parts[1].hasPrefix("/") else {
      return nil
    }
    method = String(parts[0])
    let pieces = Self.pieces(parts[1])
    guard pieces.count <= Self.deepest else { return nil }
    var segments: [Segment] = []
    var names: Set<String> = []
    for piece in pieces {
      // Nothing can stand behind what takes all the rest.
      if case .greedy = segments.last { return nil }
      guard let segment = Self.segment(piece) else { return nil }
      if let name = Self.name(segment), !names.insert(name).inserted { return nil }
      segments.append(segment)
    }
    self.segments = segments
  }

  /// The segments behind the first slash; none for the path `/`.
  private static func pieces(_ path: some StringProtocol) -> [String] {
    let rest = String(path.dropFirst())
    return rest.isEmpty ? [] : rest.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
  }

  private static func segment(_ piece: String) -> Segment? {
    guard piece.hasPrefix("{") else {
      return piece.contains(where: { "{}".contains($0) }) ? nil : .literal(piece)
    }
    guard piece.hasSuffix("}") else { return nil }
    var name = piece.dropFirst().dropLast()
    let isGreedy = name.hasSuffix("+")
    if isGreedy { name = name.dropLast() }
    guard !name.isEmpty, name.utf8.allSatisfy(isNameByte) else { return nil }
    return isGreedy ? .greedy(String(name)) : .variable(String(name))
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: ":"):
      true
    default: false
    }
  }

  private static func name(_ segment: Segment) -> String? {
    switch segment {
    case .literal: nil
    case .variable(let name), .greedy(let name): name
    }
  }

  /// Whether it takes what no other route takes.
  var isDefault: Bool { method == nil }

  /// The end of the ARN that permissions name: `GET/orders/{id}`, with the request's method for `ANY`.
  func resource(for method: String) -> String {
    guard let own = self.method else { return "$default" }
    return (own == "ANY" ? method : own) + text.dropFirst(own.utf8.count + 1)
  }

  /// The path's variables when this route takes the request; nil when it does not.
  func match(_ method: String, _ path: String) -> [(name: String, value: String)]? {
    guard let own = self.method else { return [] }
    guard own == "ANY" || own == method else { return nil }
    let pieces = Self.pieces(path)
    var found: [(name: String, value: String)] = []
    for (index, segment) in segments.enumerated() {
      guard index < pieces.count else { return nil }
      switch segment {
      case .literal(let text): guard text == pieces[index] else { return nil }
      case .variable(let name):
        guard !pieces[index].isEmpty else { return nil }
        found.append((name, pieces[index]))
      case .greedy(let name):
        let rest = pieces[index...].joined(separator: "/")
        guard !rest.isEmpty else { return nil }
        return found + [(name, rest)]
      }
    }
    return pieces.count == segments.count ? found : nil
  }

  /// Whether it is the one that API Gateway chooses where `other` takes the request too: a full match before one with
  /// variables, variables before a greedy one, a method before `ANY`, and `$default` last.
  func precedes(_ other: RouteKey) -> Bool {
    if isDefault != other.isDefault { return other.isDefault }
    for (a, b) in zip(segments, other.segments) {
      if a < b { return true }
      if b < a { return false }
    }
    return method != "ANY" && other.method == "ANY"
  }
}
