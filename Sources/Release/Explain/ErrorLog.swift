package import AWSClient
package import Core

/// Finds the first distinct errors of one version in its log streams.
package struct ErrorLog: Sendable {
  /// How many kinds are reported.
  private static let kinds = 5
  /// How many events are read for them.
  private static let events = 1_000
  private static let mostDays = 8
  private static let pattern =
    #"?ERROR ?Error ?Exception ?Traceback ?panic ?"Task timed out" ?errorMessage ?fatal ?FATAL"#

  let logs: any LogReading

  /// The errors in `logs`.
  package init(logs: any LogReading) {
    self.logs = logs
  }

  /// The first kinds of errors of a version, the earliest first; none where it has logged nothing yet.
  package func errors(
    of configuration: FunctionConfiguration, version: String, from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [LoggedError] {
    let name = configuration.functionName
    let own = "/aws/lambda/\(name)"
    let group = configuration.logGroup
    // In a group that functions share, Lambda puts the function's name in front of the version.
    let stream = group == own ? "[\(version)]" : "\(name)[\(version)]"
    var found: [LogEvent] = []
    for day in Self.days(from: from, to: to) where found.count < Self.events {
      let query = LogQuery(
        group: group, streamPrefix: "\(day)/\(stream)", pattern: Self.pattern, from: from, to: to)
      do throws(AWSError) {
        found += try await logs.filterLogEvents(query, limit: Self.events - found.count)
      } catch {
        guard error.isNotFound else { throw error }
      }
    }
    return Self.distinct(
      found.map(\.message), hiding: configuration.environment.map { Array($0.values) } ?? [])
  }

  /// Log streams are named by the day on which they begin, which may be the one before the first weight: a smoke test
  /// begins one, too.
  private static func days(from: Timestamp, to: Timestamp) -> [String] {
    var days: [String] = []
    var moment = from - .minutes(60)
    while days.count < mostDays {
      let day = String(min(moment, to).iso8601.prefix(10)).replacing("-", with: "/")
      if days.last != day { days.append(day) }
      guard moment < to else { break }
      moment = moment + .minutes(24 * 60)
    }
    return days
  }

  /// The kinds of `messages` in their order: two of a kind differ in digits and ids only.
  static func distinct(_ messages: [String], hiding values: [String]) -> [LoggedError] {
    var order: [String] = []
    var kinds: [String: (message: String, count: Int)] = [:]
    // A value of several lines may be logged line by line; what is shorter than four characters tells nothing.
    let parts = values + values.flatMap { $0.split(whereSeparator: \.isNewline).map(String.init) }
    let hidden = Set(parts).filter { $0.count >= 4 }.sorted { ($0.count, $0) > ($1.count, $1) }
    for message in messages {
      let line = ErrorLine.text(of: message)
      guard !line.isEmpty else { continue }
      let kind = ErrorLine.kind(of: line)
      if kinds[kind] == nil {
        order.append(kind)
        let safe = ErrorLine.shielded(hidden.reduce(line) { $0.replacing($1, with: "***") })
        kinds[kind] = (String(safe.prefix(200)), 0)
      }
      kinds[kind]?.count += 1
    }
    return order.prefix(Self.kinds).compactMap { kind in
      kinds[kind].map { LoggedError(message: $0.message, count: $0.count) }
    }
  }
}
