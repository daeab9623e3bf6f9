internal import Core

/// Values by the names of files, asked for every file of a repository: nearly all names are told apart by their first
/// byte and their length, before a string is made.
struct NameTable<Value: Sendable>: Sendable {
  private var values: [String: Value] = [:]
  /// For every first byte a bit for each length of a name; those of 63 bytes and more share one.
  private var lengths = [UInt64](repeating: 0, count: 256)

  /// Of two values for one name the first counts.
  init(_ values: some Sequence<(String, Value)>) {
    for (name, value) in values where self.values[name] == nil {
      self.values[name] = value
      if let first = name.utf8.first { lengths[Int(first)] |= Self.bit(name.utf8.count) }
    }
  }

  private static func bit(_ length: Int) -> UInt64 { 1 << UInt64(min(length, 63)) }

  /// The value for the name of the file at `path`.
  subscript(path: RepositoryPath) -> Value? {
    let isLikely = path.withName { name in
      name.first.map { lengths[Int($0)] & Self.bit(name.count) != 0 } ?? false
    }
    return isLikely ? values[path.name] : nil
  }
}
