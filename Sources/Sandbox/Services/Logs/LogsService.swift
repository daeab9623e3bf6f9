internal import Core

/// CloudWatch Logs, read only: what handlers print gets there by itself.
struct LogsService: Sendable {
  let store: LogStore
  let arns: ARNs

  func answer(_ operation: String, _ input: JSON) throws(ServiceError) -> WireValue {
    switch operation {
    case "FilterLogEvents": try filter(input)
    case "GetLogEvents": try events(input)
    case "DescribeLogGroups": groups(input)
    case "DescribeLogStreams": try streams(input)
    default:
      throw ServiceError(
        400, "UnknownOperationException", "The sandbox does not know the operation \(operation)")
    }
  }

  private func group(_ input: JSON) throws(ServiceError) -> (name: String, group: LogStore.Group) {
    var name = input["logGroupName"]?.string ?? ""
    if name.isEmpty, let identifier = input["logGroupIdentifier"]?.string {
      name = identifier.split(separator: ":").last.map(String.init) ?? identifier
    }
    guard let group = store.group(name) else {
      throw ServiceError(400, "ResourceNotFoundException", "The specified log group does not exist.")
    }
    return (name, group)
  }

  private static func milliseconds(_ moment: Timestamp) -> Int { Int(moment.seconds * 1_000) }

  private static func offset(_ input: JSON) throws(ServiceError) -> Int {
    guard let token = input["nextToken"]?.string else { return 0 }
    guard let number = Int(token.drop { !$0.isNumber }), (0..<1 << 53).contains(number) else {
      throw ServiceError(400, "InvalidParameterException", "The specified nextToken is invalid.")
    }
    return number
  }

  private func filter(_ input: JSON) throws(ServiceError) -> WireValue {
    let (_, group) = try group(input)
    let pattern = FilterPattern(input["filterPattern"]?.string ?? "")
    let streams = (input["logStreamNames"]?.array).map { Set($0.compactMap(\.string)) }
    let prefix = input["logStreamNamePrefix"]?.string ?? ""
    let start = input["startTime"]?.looseInt ?? Int.min
    let end = input["endTime"]?.looseInt ?? Int.max
    let limit = max(1, min(10_000, input["limit"]?.looseInt ?? 10_000))
    let first = try Self.offset(input)
    var found: [WireValue] = []
    for event in group.kept where event.number >= first {
      let moment = Self.milliseconds(event.moment)
      guard moment >= start, moment <= end, streams?.contains(event.stream) ?? true,
        event.stream.hasPrefix(prefix),
        pattern.matches(event.message)
      else { continue }
      if found.count == limit {
        return .map([
          ("events", .list(found)), ("searchedLogStreams", .list([])),
          ("nextToken", .text("t\(event.number)")),
        ])
      }
      found.append(value(event, withStream: true))
    }
    return .map([("events", .list(found)), ("searchedLogStreams", .list([]))])
  }

  private func value(_ event: LogStore.Event, withStream: Bool) -> WireValue {
    let moment = WireValue.int(Self.milliseconds(event.moment))
    var members: [(String, WireValue)] = [
      ("timestamp", moment), ("message", .text(event.message + "\n")), ("ingestionTime", moment),
    ]
    if withStream {
      members += [("logStreamName", .text(event.stream)), ("eventId", .text(event.number.padded(to: 56)))]
    }
    return .map(members)
  }

  private func events(_ input: JSON) throws(ServiceError) -> WireValue {
    let (_, group) = try group(input)
    let name = input["logStreamName"]?.string ?? ""
    guard group.streams[name] != nil else {
      throw ServiceError(400, "ResourceNotFoundException", "The specified log stream does not exist.")
    }
    let start = input["startTime"]?.looseInt ?? Int.min
    let end = input["endTime"]?.looseInt ?? Int.max
    let limit = max(1, min(10_000, input["limit"]?.looseInt ?? 10_000))
    let isForward =
      input["startFromHead"]?.looseBool == true || input["nextToken"]?.string?.hasPrefix("f/") == true
    let first = try Self.offset(input)
    let all = group.kept.filter { event in
      let moment = Self.milliseconds(event.moment)
      return event.stream == name && event.number >= first && moment >= start && moment < end
    }
    let page = isForward ? Array(all.prefix(limit)) : Array(all.suffix(limit))
    let next = page.last.map { $0.number + 1 } ?? first
    return .map([
      ("events", .list(page.map { value($0, withStream: false) })), ("nextForwardToken", .text("f/\(next)")),
      ("nextBackwardToken", .text("b/\(page.first?.number ?? first)")),
    ])
  }

  private func groups(_ input: JSON) -> WireValue {
    let prefix = input["logGroupNamePrefix"]?.string ?? ""
    let found = store.all().filter { $0.name.hasPrefix(prefix) }.map { name, group in
      WireValue.map([
        ("logGroupName", .text(name)), ("creationTime", .int(Self.milliseconds(group.created))),
        ("metricFilterCount", .int(0)),
        ("arn", .text(arns.arn("logs", "log-group:\(name):*"))),
        ("storedBytes", .int(group.kept.reduce(0) { $0 + $1.message.utf8.count })),
      ])
    }
    return .map([("logGroups", .list(Array(found)))])
  }

  private func streams(_ input: JSON) throws(ServiceError) -> WireValue {
    let (name, group) = try group(input)
    let prefix = input["logStreamNamePrefix"]?.string ?? ""
    var found = group.streams.values.filter { $0.name.hasPrefix(prefix) }
    if input["orderBy"]?.string == "LastEventTime" {
      found.sort { $0.last < $1.last }
    } else {
      found.sort { $0.name < $1.name }
    }
    if input["descending"]?.looseBool == true { found.reverse() }
    let limit = max(1, min(50, input["limit"]?.looseInt ?? 50))
    let first = min(try Self.offset(input), found.count)
    let page = found[first..<min(found.count, first + limit)]
    var members: [(String, WireValue)] = [
      (
        "logStreams",
        .list(
          page.map { stream in
            .map([
              ("logStreamName", .text(stream.name)),
              ("creationTime", .int(Self.milliseconds(stream.created))),
              ("firstEventTimestamp", .int(Self.milliseconds(stream.first))),
              ("lastEventTimestamp", .int(Self.milliseconds(stream.last))),
              (
                "arn",
                .text(
                  arns.arn("logs", "log-group:\(name):log-stream:\(stream.name)")
                )
              ),
            ])
          })
      )
    ]
    if page.endIndex < found.count { members.append(("nextToken", .text("s\(page.endIndex)"))) }
    return .map(members)
  }
}

/// The unstructured filter patterns: all terms, `?any` of some, `-none` of others, `"exact phrases"`.
struct FilterPattern: Sendable {
  private var all: [String] = []
  private var any: [String] = []
  private var none: [String] = []

  init(_ text: String) {
    var rest = Substring(text)
    while true {
      rest = rest.drop { $0 == " " }
      guard let first = rest.first else { return }
      let kind = first == "?" || first == "-" ? first : nil
      if kind != nil { rest = rest.dropFirst() }
      let term: Substring
      if rest.first == "\"" {
        term = rest.dropFirst().prefix { $0 != "\"" }
        rest = rest.dropFirst(term.count + 2)
      } else {
        term = rest.prefix { $0 != " " }
        rest = rest.dropFirst(term.count)
      }
      switch kind {
      case "?": any.append(String(term))
      case "-": none.append(String(term))
      default: all.append(String(term))
      }
    }
  }

  func matches(_ message: String) -> Bool {
    all.allSatisfy { message.contains($0) } && !none.contains { message.contains($0) }
      && (any.isEmpty || any.contains { message.contains($0) })
  }
}
