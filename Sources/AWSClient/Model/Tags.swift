internal import Core

/// Tags where a service wants them as a list of `Key` and `Value`.
enum Tags {
  static func read(_ list: JSON?) -> [String: String] {
    let pairs = list?.array?.compactMap { tag in tag["Key"]?.string.map { ($0, tag["Value"]?.string ?? "") } }
    return Dictionary(pairs ?? []) { $1 }
  }

  static func list(_ tags: [String: String]) -> JSON {
    .array(
      tags.sorted { $0.key < $1.key }.map { ["Key": .string($0.key), "Value": .string($0.value)] })
  }
}
