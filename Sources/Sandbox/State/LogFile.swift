internal import Core

/// Logs on disk from the end of one sandbox to the beginning of the next: the newest events of the newest streams, a line an
/// event.
struct LogFile: Sendable {
  /// The most streams of a group, and events of a stream, that are kept.
  private static let (streams, events) = (20, 100)

  let file: StateFile

  /// Reads what an earlier sandbox wrote.
  func load(into store: LogStore) throws(SystemError) {
    guard let bytes = try file.read() else { return }
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      // What is no event is passed over: nothing depends on a log.
      guard let json = try? JSON(parsing: Array(line)), let group = json["group"]?.string,
        let stream = json["stream"]?.string, let message = json["message"]?.string,
        let moment = json["time"]?.double.flatMap(Timestamp.init(outside:))
      else { continue }
      store.append([message], group: group, stream: stream, at: moment)
    }
    store.isChanged.withLock { $0 = false }
  }

  /// Writes the logs anew, where anything has been logged since they were read.
  func save(_ store: LogStore) throws(SystemError) {
    guard store.isChanged.withLock({ $0 }) else { return }
    var text = ""
    for (name, group) in store.all() {
      let newest = Set(
        group.streams.values.sorted { $0.last > $1.last }.prefix(Self.streams).map(\.name))
      var counts: [String: Int] = [:]
      let kept = group.kept.reversed().filter { event in
        counts[event.stream, default: 0] += 1
        return newest.contains(event.stream) && counts[event.stream, default: 0] <= Self.events
      }
      for event in kept.reversed() {
        let line: JSON = [
          "group": .string(name), "stream": .string(event.stream), "time": .double(event.moment.seconds),
          "message": .string(event.message),
        ]
        text += line.text() + "\n"
      }
    }
    try file.write(text)
  }
}
