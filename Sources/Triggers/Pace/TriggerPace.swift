package import Core

/// By what it can be known how often a trigger calls, before it does.
package enum TriggerPace: Hashable, Sendable {
  /// It calls by the clock.
  case timetable(TriggerTimetable)
  /// A series of CloudWatch tells it.
  case series(TriggerSeries)
  /// Nothing counts it apart from the alias's other calls.
  case uncounted
  /// It is switched off.
  case off

  /// - Parameters:
  ///   - trigger: as it is in force.
  ///   - scope: the alias that it leads to.
  package init(_ trigger: Trigger, in scope: EdgeScope) {
    let settings = trigger.settings
    let isOff = settings["State"]?.string == "DISABLED" || settings["Enabled"]?.bool == false
    if isOff {
      self = .off
      return
    }
    let series: TriggerSeries? =
      switch trigger.kind {
      case .functionUrl:
        TriggerSeries(
          "AWS/Lambda", "UrlRequestCount",
          ["FunctionName": scope.functionName, "Resource": "\(scope.functionName):\(scope.alias)"], .calls)
      case .rule:
        .rule(Marks.name(of: trigger.name, in: scope, limit: 64), bus: settings["EventBusName"]?.string)
      case .s3 where settings["via"]?.string == "eventbridge":
        .rule(Marks.name(of: trigger.name, in: scope, limit: 64), bus: nil)
      case .sns:
        TriggerSeries(
          "AWS/SNS", "NumberOfMessagesPublished", ["TopicName": settings["TopicArn"]?.string.lastPart ?? ""],
          settings["FilterPolicy"] == nil ? .calls : .callsAtMost)
      case .eventSource: .source(settings)
      case .schedule, .s3, .httpApi, .grant, .eventInvoke: nil
      }
    if trigger.kind == .schedule, let timetable = TriggerTimetable(settings) {
      self = .timetable(timetable)
    } else {
      self = series.map { .series($0) } ?? .uncounted
    }
  }
}

/// When a schedule calls.
package struct TriggerTimetable: Hashable, Sendable {
  /// Its expression.
  package let timetable: Timetable
  /// The name of the time zone of the expression, as the tz database has it; `UTC` by default.
  package let zone: String
  /// When it begins and ends; nil where it does not.
  package let start, end: Timestamp?

  init?(_ settings: JSONObject) {
    guard let timetable = Timetable(settings["ScheduleExpression"]?.string ?? "") else { return nil }
    self.timetable = timetable
    zone = settings["ScheduleExpressionTimezone"]?.string ?? "UTC"
    start = settings["StartDate"]?.moment
    end = settings["EndDate"]?.moment
  }

  /// How many calls it makes between two times.
  package func count(after begin: Timestamp, through stop: Timestamp, in zone: ZoneRules) -> Double {
    timetable.count(
      after: start.map { max($0, begin) } ?? begin, through: end.map { min($0, stop) } ?? stop, in: zone)
  }

  /// When it calls next; nil where it never does again, and of a rate, of which nobody tells when it began.
  package func next(after moment: Timestamp, in zone: ZoneRules) -> Timestamp? {
    if case .rate = timetable { return nil }
    let begin = start.map { max($0, moment) } ?? moment
    guard let next = timetable.next(after: begin, start: begin, in: zone) else { return nil }
    return end.map { next > $0 } ?? false ? nil : next
  }
}

/// A series of CloudWatch, whose sum tells how often a trigger calls.
package struct TriggerSeries: Hashable, Sendable {
  /// What one of the series is.
  package enum Unit: Hashable, Sendable {
    /// A call.
    case calls
    /// A call, unless it is filtered out.
    case callsAtMost
    /// A message or record; at most so many come in one batch, which is a call.
    case records(batch: Int, isFiltered: Bool)
  }

  /// As `AWS/SQS`.
  package let namespace: String
  /// As `NumberOfMessagesSent`.
  package let metric: String
  /// All dimensions of the metric, by name.
  package let dimensions: [String: String]
  /// What it counts.
  package let unit: Unit

  init(_ namespace: String, _ metric: String, _ dimensions: [String: String], _ unit: Unit) {
    self.namespace = namespace
    self.metric = metric
    self.dimensions = dimensions
    self.unit = unit
  }

  /// The events that a rule has passed on. Rules of buses other than the default one are counted with the bus's name:
  /// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
  fileprivate static func rule(_ name: String, bus: String?) -> TriggerSeries {
    let bus = bus.map { Optional($0).lastPart }.flatMap { $0 == "default" ? nil : $0 }
    return TriggerSeries(
      "AWS/Events", "Invocations",
      ["RuleName": name].merging(bus.map { ["EventBusName": $0] } ?? [:]) { $1 }, .calls)
  }

  /// What comes into a queue or stream; nil for sources that nobody counts so.
  fileprivate static func source(_ settings: JSONObject) -> TriggerSeries? {
    let arn = settings["EventSourceArn"]?.string ?? ""
    let isQueue = arn.contains(":sqs:")
    let unit = Unit.records(
      batch: max(settings["BatchSize"]?.int ?? (isQueue ? 10 : 100), 1),
      isFiltered: settings["FilterCriteria"]?["Filters"]?.array?.isEmpty == false)
    if isQueue {
      return TriggerSeries("AWS/SQS", "NumberOfMessagesSent", ["QueueName": Optional(arn).lastPart], unit)
    }
    guard arn.contains(":kinesis:") else { return nil }
    return TriggerSeries("AWS/Kinesis", "IncomingRecords", ["StreamName": Optional(arn).lastPart], unit)
  }
}

extension String? {
  /// What is behind the last `:` or `/`: the name in an ARN.
  fileprivate var lastPart: String {
    guard let text = self, let place = text.lastIndex(where: { $0 == ":" || $0 == "/" }) else {
      return self ?? ""
    }
    return String(text[text.index(after: place)...])
  }
}

extension JSON {
  /// A time as the configuration has it, in ISO 8601, or as the API tells it, in seconds.
  fileprivate var moment: Timestamp? {
    if let text = string { return Timestamp(iso8601: text) }
    return double.flatMap { Timestamp(outside: $0) }
  }
}
