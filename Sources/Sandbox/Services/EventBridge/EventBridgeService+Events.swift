internal import Core

extension EventBridgeService {
  /// The most events of a request, and their bytes together.
  private static let mostEntries = 10
  private static let mostBytes = 1 << 20

  func putEvents(_ input: JSON) throws(ServiceError) -> WireValue {
    let entries = input["Entries"]?.array ?? []
    guard (1...Self.mostEntries).contains(entries.count) else {
      throw ServiceError(
        400, "ValidationException",
        "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length "
          + "between 1 and \(Self.mostEntries)")
    }
    let size = entries.reduce(0) { $0 + ($1["Detail"]?.string?.utf8.count ?? 0) }
    guard size <= Self.mostBytes else {
      throw ServiceError(
        400, "ValidationException", "Total size of the entries in the request is over the limit.")
    }
    var results: [WireValue] = []
    var failures = 0
    for entry in entries {
      do throws(ServiceError) {
        let bus = try busName(entry)
        let event = try event(entry)
        runner.publish(event, on: bus)
        results.append(.map([("EventId", .text(event["id"]?.string ?? ""))]))
      } catch {
        failures += 1
        results.append(
          .map([("ErrorCode", .text(error.code)), ("ErrorMessage", .text(error.message))]))
      }
    }
    return .map([("FailedEntryCount", .int(failures)), ("Entries", .list(results))])
  }

  /// The event that an entry of PutEvents becomes.
  func event(_ entry: JSON) throws(ServiceError) -> JSON {
    func text(_ key: String) throws(ServiceError) -> String {
      guard let text = entry[key]?.string, !text.isEmpty else {
        throw ServiceError(
          400, "InvalidArgument", "Parameter \(key) is not valid. Reason: \(key) is a required argument.")
      }
      return text
    }
    let (source, type, written) = (try text("Source"), try text("DetailType"), try text("Detail"))
    guard let detail = try? JSON(parsing: written), detail.object != nil else {
      throw ServiceError(400, "MalformedDetail", "Detail is malformed.")
    }
    guard !source.hasPrefix("aws.") else {
      throw ServiceError(400, "NotAuthorizedForSourceException", "Not authorized for the source.")
    }
    return [
      "version": "0", "id": .string(Identifier.uuid()), "detail-type": .string(type),
      "source": .string(source),
      "account": .string(arns.account), "time": .string((entry["Time"]?.looseMoment ?? clock.now()).iso8601),
      "region": .string(arns.region), "resources": .array(entry["Resources"]?.array ?? []), "detail": detail,
    ]
  }

  func testPattern(_ input: JSON) throws(ServiceError) -> WireValue {
    do throws(PatternError) {
      let pattern = try EventPattern(parsing: input["EventPattern"]?.string ?? "")
      guard let event = try? JSON(parsing: input["Event"]?.string ?? ""), event.object != nil else {
        throw PatternError("Parameter Event is not valid.")
      }
      return .map([("Result", .bool(pattern.matches(event)))])
    } catch {
      throw ServiceError(
        400, "InvalidEventPatternException", "Event pattern is not valid. Reason: \(error.reason)")
    }
  }
}

/// Buses and tags.
extension EventBridgeService {
  func createBus(_ input: JSON) throws(ServiceError) -> WireValue {
    let name = input["Name"]?.string ?? ""
    let now = clock.now()
    let tags = Self.tags(input["Tags"])
    guard (1...256).contains(name.utf8.count), !name.contains("/"), name != RuleRecord.defaultBus,
      !name.hasPrefix("rule ")
    else { throw ServiceError(400, "ValidationException", "\(name) is no name for an event bus.") }
    try store.change { content throws(ServiceError) in
      guard content.buses[name] == nil else {
        throw ServiceError(400, "ResourceAlreadyExistsException", "Event bus \(name) already exists.")
      }
      content.buses[name] = BusRecord(name: name, created: now, tags: tags)
    }
    return .map([("EventBusArn", .text(busARN(name)))])
  }

  func busARN(_ name: String) -> String { arns.arn("events", "event-bus/\(name)") }

  func describeBus(_ input: JSON) throws(ServiceError) -> WireValue {
    let name = try busName(input, "Name")
    return .map([("Name", .text(name)), ("Arn", .text(busARN(name)))])
  }

  func deleteBus(_ input: JSON) throws(ServiceError) -> WireValue {
    let name = input["Name"]?.string ?? ""
    try store.change { content throws(ServiceError) in
      guard content.rules(of: name).isEmpty, name != RuleRecord.defaultBus else {
        throw ServiceError(400, "ValidationException", "Cannot delete event bus \(name): it has rules.")
      }
      content.buses[name] = nil
    }
    return .map([])
  }

  func listBuses(_ input: JSON) -> WireValue {
    let prefix = input["NamePrefix"]?.string ?? ""
    let names = ([RuleRecord.defaultBus] + store.all.buses.keys.sorted()).filter { $0.hasPrefix(prefix) }
    let buses = names.map { name in
      WireValue.map([("Name", .text(name)), ("Arn", .text(busARN(name)))])
    }
    return .map([("EventBuses", .list(buses))])
  }

  static func tags(_ list: JSON?) -> [(key: String, value: String)] {
    (list?.array ?? []).compactMap { tag in tag["Key"]?.string.map { ($0, tag["Value"]?.string ?? "") } }
  }

  func tag(_ input: JSON) throws(ServiceError) -> WireValue {
    try changeTags(input, adding: Self.tags(input["Tags"]), removing: [])
  }

  func untag(_ input: JSON) throws(ServiceError) -> WireValue {
    try changeTags(input, adding: [], removing: Set(input["TagKeys"]?.array?.compactMap(\.string) ?? []))
  }

  private func changeTags(
    _ input: JSON, adding: [(key: String, value: String)], removing: Set<String>
  ) throws(ServiceError) -> WireValue {
    let arn = input["ResourceARN"]?.string ?? ""
    let gone = removing.union(adding.map(\.key))
    try store.change { content throws(ServiceError) in
      if let (key, rule) = content.rules.first(where: { arns.arn("events", $0.value.path) == arn }) {
        content.rules[key]?.tags = rule.tags.filter { !gone.contains($0.key) } + adding
      } else if let (key, bus) = content.buses.first(where: { busARN($0.key) == arn }) {
        content.buses[key]?.tags = bus.tags.filter { !gone.contains($0.key) } + adding
      } else {
        throw ServiceError(400, "ResourceNotFoundException", "Resource \(arn) does not exist.")
      }
    }
    return .map([])
  }

  func listTags(_ input: JSON) throws(ServiceError) -> WireValue {
    let arn = input["ResourceARN"]?.string ?? ""
    let content = store.all
    guard
      let tags = content.rules.values.first(where: { arns.arn("events", $0.path) == arn })?.tags
        ?? content.buses.values.first(where: { busARN($0.name) == arn })?.tags
    else { throw ServiceError(400, "ResourceNotFoundException", "Resource \(arn) does not exist.") }
    let shown = tags.map { tag in WireValue.map([("Key", .text(tag.key)), ("Value", .text(tag.value))]) }
    return .map([("Tags", .list(shown))])
  }

  /// One page of a list; at most 100 items, as EventBridge has it.
  func page(_ items: [WireValue], _ input: JSON, key: String) throws(ServiceError) -> WireValue {
    let limit = min(max(input["Limit"]?.looseInt ?? 100, 1), 100)
    let start = input["NextToken"]?.string.flatMap { Int($0) } ?? 0
    guard (0...items.count).contains(start) else {
      throw ServiceError(400, "ValidationException", "Invalid NextToken.")
    }
    let end = min(items.count, start + limit)
    var members: [(String, WireValue)] = [(key, .list(Array(items[start..<end])))]
    if end < items.count { members.append(("NextToken", .text(String(end)))) }
    return .map(members)
  }
}

/// Events for buses: those of other services of the sandbox, and of rules of other buses.
struct BusReceiver: EventReceiver {
  let events: EventBridgeService

  func receive(_ event: [UInt8], at arn: String, from origin: EventOrigin) throws(ServiceError) {
    try admit(origin, at: arn)
    guard let json = try? JSON(parsing: event), json.object != nil else {
      throw ServiceError(400, "MalformedDetail", "An event for \(arn) is no JSON object.")
    }
    events.runner.publish(json, on: arn.split(separator: "/").last.map(String.init) ?? "")
  }

  func admit(_ origin: EventOrigin, at arn: String) throws(ServiceError) {
    _ = try events.busName(["EventBusName": .string(arn)])
  }
}
