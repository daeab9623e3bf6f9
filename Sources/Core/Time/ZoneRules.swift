/// How far the clocks of a time zone are from UTC, at any time: what a file of the tz database holds, in the form TZif of
/// RFC 9636.
package struct ZoneRules: Hashable, Sendable {
  /// UTC itself.
  package static let utc = ZoneRules(first: 0, changes: [], rule: nil)

  /// Seconds east of UTC before the first change.
  private let first: Int
  /// What the clocks were set to, and when, in ascending order.
  private let changes: [Change]
  /// What counts after the last change; nil where nothing changes any more.
  private let rule: YearlyRule?

  private struct Change: Hashable, Sendable {
    /// Seconds since 1970 in UTC.
    let time: Int
    /// Seconds east of UTC from then on.
    let offset: Int
  }

  private init(first: Int, changes: [Change], rule: YearlyRule?) {
    self.first = first
    self.changes = changes
    self.rule = rule
  }

  /// Reads a file of version 2 or later, as all have been since 2008; nil for anything else.
  package init?(tzif bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard let old = reader.head(), reader.skip(old.size(ofTime: 4)), let counts = reader.head(),
      counts.types > 0
    else { return nil }
    var times: [Int] = []
    for _ in 0..<counts.times {
      guard let time = reader.number(8) else { return nil }
      times.append(time)
    }
    var kinds: [Int] = []
    for _ in 0..<counts.times {
      guard let kind = reader.number(1), kind & 0xFF < counts.types else { return nil }
      kinds.append(kind & 0xFF)
    }
    var offsets: [Int] = []
    for _ in 0..<counts.types {
      guard let offset = reader.number(4), reader.skip(2) else { return nil }
      offsets.append(offset)
    }
    guard zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }),
      reader.skip(counts.characters + counts.leaps * 12 + counts.standards + counts.universals),
      let footer = reader.line()
    else { return nil }
    first = offsets[0]
    changes = zip(times, kinds).map { Change(time: $0, offset: offsets[$1]) }
    guard !footer.isEmpty else {
      rule = nil
      return
    }
    guard let rule = YearlyRule(footer) else { return nil }
    self.rule = rule
  }

  /// Seconds that clocks are ahead of UTC.
  ///
  /// - Parameter moment: in UTC.
  package func offset(at moment: Timestamp) -> Int {
    let seconds = Int(moment.seconds.rounded(.down))
    guard let last = changes.last else { return rule?.offset(at: seconds) ?? first }
    if seconds >= last.time { return rule?.offset(at: seconds) ?? last.offset }
    // The first change after the moment.
    var (low, high) = (0, changes.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].time > seconds { high = middle } else { low = middle + 1 }
    }
    return low == 0 ? first : changes[low - 1].offset
  }

  /// When clocks show `local`, the first time where they show it twice; nil where they never do, as in the hour that is
  /// left out in spring.
  ///
  /// - Parameter local: what a clock shows, read as if it were UTC.
  package func moment(showing local: Timestamp) -> Timestamp? {
    let day = TimeSpan.minutes(24 * 60)
    return [local - day, local + day].map { local - .seconds(Double(offset(at: $0))) }.filter {
      $0 + .seconds(Double(offset(at: $0))) == local
    }.min()
  }
}

extension ZoneRules {
  /// The counts of a header.
  private struct Counts {
    let universals, standards, leaps, times, types, characters: Int

    /// The bytes behind the header, with times of so many bytes.
    func size(ofTime width: Int) -> Int {
      times * (width + 1) + types * 6 + characters + leaps * (width + 4) + standards + universals
    }
  }

  private struct Reader {
    let bytes: [UInt8]
    var place = 0

    mutating func skip(_ count: Int) -> Bool {
      guard count >= 0, count <= bytes.count - place else { return false }
      place += count
      return true
    }

    /// A big-endian number with a sign.
    mutating func number(_ width: Int) -> Int? {
      let start = place
      guard skip(width) else { return nil }
      let value = bytes[start..<place].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let unused = 64 - width * 8
      return Int(Int64(bitPattern: value << UInt64(unused)) >> Int64(unused))
    }

    mutating func head() -> Counts? {
      guard bytes.dropFirst(place).prefix(4).elementsEqual("TZif".utf8), bytes.count > place + 4,
        bytes[place + 4] >= UInt8(ascii: "2"), skip(20)
      else { return nil }
      var counts: [Int] = []
      for _ in 0..<6 {
        // No zone has anywhere near so many of anything.
        guard let count = number(4), (0...100_000).contains(count) else { return nil }
        counts.append(count)
      }
      return Counts(
        universals: counts[0], standards: counts[1], leaps: counts[2], times: counts[3], types: counts[4],
        characters: counts[5])
    }

    /// The rule between two line ends.
    mutating func line() -> String? {
      guard place < bytes.count, bytes[place] == 10, bytes.count - place < 256,
        let end = bytes[(place + 1)...].firstIndex(of: 10)
      else { return nil }
      return String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
    }
  }
}
