internal import Core

/// Log groups, streams and events; the newest ``limit`` events a group.
final class LogStore: Sendable {
  static let limit = 20_000

  struct Event: Sendable {
    /// Ascending over the whole group; the place to go on from.
    let number: Int
    let stream: String
    let moment: Timestamp
    let message: String
  }

  struct Stream: Sendable {
    let name: String
    let created: Timestamp
    var first: Timestamp
    var last: Timestamp
  }

  struct Group: Sendable {
    let created: Timestamp
    var events: [Event] = []
    /// Events before this index of `events` are forgotten; they are removed many at a time.
    var start = 0
    var next = 0
    var streams: [String: Stream] = [:]

    var kept: ArraySlice<Event> { events[start...] }
  }

  private let groups = Lock<[String: Group]>([:])
  /// Whether anything was logged since the logs were read from disk.
  let isChanged = Lock(false)

  func append(_ lines: [String], group: String, stream: String, at now: Timestamp) {
    isChanged.withLock { $0 = true }
    groups.withLock { groups in
      var entry = groups[group] ?? Group(created: now)
      // Taken out while it is changed: a second reference would copy all events.
      groups[group] = nil
      for line in lines {
        entry.events.append(Event(number: entry.next, stream: stream, moment: now, message: line))
        entry.next += 1
      }
      entry.streams[stream, default: Stream(name: stream, created: now, first: now, last: now)].last = now
      entry.start = max(0, entry.events.count - Self.limit)
      if entry.start > Self.limit / 4 {
        entry.events.removeFirst(entry.start)
        entry.start = 0
        let oldest = entry.events.first?.moment ?? now
        entry.streams = entry.streams.filter { $0.value.last >= oldest }
      }
      groups[group] = entry
    }
  }

  func group(_ name: String) -> Group? { groups.withLock { $0[name] } }

  /// All groups by name in byte order.
  func all() -> [(name: String, group: Group)] {
    groups.withLock { groups in
      groups.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    }
  }
}
