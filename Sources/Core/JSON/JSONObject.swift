/// The members of a JSON object in their written order. Names are compared by their bytes (RFC 8259, section 8.3).
package struct JSONObject: Sendable {
  /// Names and values; each name once.
  package private(set) var members: [(key: String, value: JSON)] = []
  /// Where each name stands; kept only beyond ``fewMembers``, where looking through all of them takes longer.
  private var places: [MemberName: Int] = [:]

  private static let fewMembers = 12

  /// An object without members.
  package init() {}

  /// An object of `members`; a repeated name keeps its last value.
  package init(_ members: [(String, JSON)]) {
    self.members.reserveCapacity(members.count)
    for (key, value) in members { self[key] = value }
  }

  /// The value of `key`; assigning nil removes the member, assigning a value keeps its place or appends it.
  package subscript(key: String) -> JSON? {
    get { place(of: key).map { members[$0].value } }
    set {
      switch (place(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil):
        members.remove(at: index)
        reindex(from: 0)
      case (nil, let value?):
        members.append((key, value))
        reindex(from: places.isEmpty ? 0 : members.count - 1)
      case (nil, nil): break
      }
    }
  }

  private func place(of key: String) -> Int? {
    guard places.isEmpty else { return places[MemberName(key)] }
    return members.firstIndex { MemberName($0.key) == MemberName(key) }
  }

  private mutating func reindex(from start: Int) {
    if start == 0 { places = [:] }
    guard members.count > Self.fewMembers else { return }
    for index in start..<members.count { places[MemberName(members[index].key)] = index }
  }

  /// The names in order.
  package var keys: [String] { members.map(\.key) }

  /// Whether there are no members.
  package var isEmpty: Bool { members.isEmpty }

  /// This object with the members of `other` laid over it: objects merge member by member, all else is replaced.
  package func merging(_ other: JSONObject) -> JSONObject {
    var merged = self
    for (key, value) in other.members {
      if case .object(let new) = value, case .object(let old)? = merged[key] {
        merged[key] = .object(old.merging(new))
      } else {
        merged[key] = value
      }
    }
    return merged
  }
}

extension JSONObject: Hashable {
  /// Equal when both have the same names with equal values, whatever the order.
  package static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.members.count == b.members.count && a.members.allSatisfy { b[$0.key] == $0.value }
  }

  /// Independent of the order of the members.
  package func hash(into hasher: inout Hasher) {
    for member in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      hasher.combine(member.key)
      hasher.combine(member.value)
    }
  }
}

/// A name by its bytes: `String` takes two spellings of one character for the same.
struct MemberName: Hashable {
  private let text: String

  init(_ text: String) {
    self.text = text
  }

  static func == (a: MemberName, b: MemberName) -> Bool {
    a.text.utf8.count == b.text.utf8.count && a.text.utf8.elementsEqual(b.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
