/// The members of a JSON object in their written order.
public struct JSONObject: Sendable {
  /// Names and values; each name once.
  public private(set) var members: [(key: String, value: JSON)] = []

  /// An object without members.
  public init() {}

  /// An object of `members`; a repeated name keeps its last value.
  public init(_ members: [(String, JSON)]) {
    for (key, value) in members { self[key] = value }
  }

  /// The value of `key`; assigning nil removes the member, assigning a value keeps its place or appends it.
  public subscript(key: String) -> JSON? {
    get { members.first { $0.key == key }?.value }
    set {
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append((key, value))
      case (nil, nil): break
      }
    }
  }

  /// The names in order.
  public var keys: [String] { members.map(\.key) }

  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }

  /// This object with the members of `other` laid over it: objects merge member by member, all else is replaced.
  public func merging(_ other: JSONObject) -> JSONObject {
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
  public static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.members.count == b.members.count && a.members.allSatisfy { b[$0.key] == $0.value }
  }

  /// Independent of the order of the members.
  public func hash(into hasher: inout Hasher) {
    for member in members.sorted(by: { $0.key < $1.key }) {
      hasher.combine(member.key)
      hasher.combine(member.value)
    }
  }
}
