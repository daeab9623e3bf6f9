internal import AWSClient
internal import Core

/// Entries in the notifications of buckets, and rules on the default bus for those that go `via` EventBridge.
struct NotificationEdges: EdgeKind {
  let kind = TriggerKind.s3

  func find(_ look: EdgeLook) async throws(EdgeError) -> EdgeFindings {
    var findings = EdgeFindings()
    var rules: Set<String> = []
    var buckets: Set<String> = []
    for trigger in look.wanted {
      let bucket = trigger.settings["bucket"]?.string ?? ""
      if trigger.settings["via"]?.string == "eventbridge" {
        try await findRule(trigger, bucket, look, into: &findings, seen: &rules)
        continue
      }
      buckets.insert(bucket)
      findings.entries[bucket, default: []].append(NotificationEntry(trigger, in: look.scope))
      findings.statements.append(
        .service(
          "s3", source: "arn:\(look.scope.partition):s3:::\(bucket)", account: look.scope.account, kind,
          trigger.name))
    }
    try await RuleEdgeKind.findLeftovers(kind, look, into: &findings, seen: &rules)
    for placed in look.placed {
      if let bucket = placed.source?.components(after: ":s3:::") { buckets.insert(bucket) }
    }
    for bucket in buckets.sorted() {
      try await compare(bucket, wanted: findings.entries[bucket] ?? [], look, into: &findings)
    }
    return findings
  }

  private func compare(
    _ bucket: String, wanted: [NotificationEntry], _ look: EdgeLook, into findings: inout EdgeFindings
  ) async throws(EdgeError) {
    let document: NotificationDocument
    do throws(EdgeError) {
      document = try await BucketPort(look.services).read(bucket, look.scope, look.wanted.first?.name)
    } catch {
      guard error.cause?.isNotFound ?? false else { throw error }
      // A bucket that is gone has taken its entries with it.
      findings.obstacles += wanted.map { .noBucket(bucket, look, $0.trigger) }
      return
    }
    let own = document.own([look.scope.aliasARN])
    findings.foreign += document.foreign([look.scope.aliasARN])
      .filter { $0.target == look.scope.aliasARN }
      .map { ForeignEdge(kind: kind, source: bucket, target: $0.target, id: $0.id) }
    for entry in wanted {
      let present = own.first { $0.id == entry.id }
      let differs = present.map { entry.differences(from: $0.entry) } ?? []
      let change: EdgeChange = present == nil ? .add : differs.isEmpty ? .none : .modify
      var step = EdgeStep(
        entry.trigger ?? "", kind, change, source: "arn:\(look.scope.partition):s3:::\(bucket)",
        detail: "\(bucket) \(entry.prefix)*\(entry.suffix) \(entry.events.joined(separator: ", "))")
      step.id = entry.id
      step.differs = differs
      findings.steps.append(step)
    }
    let ids = Set(wanted.map(\.id))
    let prefix = Marks.name([look.scope.project, look.scope.function, look.scope.alias, ""], limit: 400)
    for element in own where !ids.contains(element.id) {
      findings.entries[bucket, default: []] += []
      let name =
        look.placed.map(\.trigger).first { Marks.name(of: $0, in: look.scope, limit: 200) == element.id }
        ?? (element.id.hasPrefix(prefix) ? String(element.id.dropFirst(prefix.count)) : element.id)
      var step = EdgeStep(
        name, kind, .remove, source: "arn:\(look.scope.partition):s3:::\(bucket)",
        detail: "\(bucket) \(element.prefix)*\(element.suffix)")
      step.id = element.id
      findings.steps.append(step)
    }
    for entry in wanted {
      try await clear(entry, bucket, document, look, into: &findings)
    }
  }

  /// S3 refuses two entries that overlap, without saying which: it is told here.
  ///
  /// One that another function of the project has goes with the very PUT that brings this one: where that function is
  /// looked at in the same run, or nothing is left of its entry beside this one.
  private func clear(
    _ entry: NotificationEntry, _ bucket: String, _ document: NotificationDocument, _ look: EdgeLook,
    into findings: inout EdgeFindings
  ) async throws(EdgeError) {
    for other in document.foreign([look.scope.aliasARN]) where other.entry.overlaps(entry) {
      let isOurs = try await look.mayMove(mark: other.id, target: other.target)
      if isOurs, look.isOfThisRun(other.target) { continue }
      if isOurs, entry.covers(other.entry) {
        for index in (findings.entries[bucket] ?? []).indices
        where findings.entries[bucket]?[index].id == entry.id {
          findings.entries[bucket]?[index].replaces.insert(other.id)
        }
        continue
      }
      findings.obstacles.append(
        EdgeError(
          look.scope, entry.trigger,
          "the entry \(other.id) of the bucket \(bucket), to \(other.target), takes the same objects: S3 "
            + "refuses both together",
          fix: isOurs
            ? "deploy that function in the same run, or narrow prefix or suffix"
            : "narrow prefix or suffix, remove that entry, or lead it to the alias with lamctl adopt where it is "
              + "this function's"))
    }
  }

  private func findRule(
    _ trigger: Trigger, _ bucket: String, _ look: EdgeLook, into findings: inout EdgeFindings,
    seen: inout Set<String>
  ) async throws(EdgeError) {
    try await RuleEdgeKind.find(
      trigger, kind, bus: "default",
      rule: JSONObject([("EventPattern", Self.pattern(of: trigger.settings, bucket: bucket))]),
      target: RuleEdgeKind.target(JSONObject(), in: look.scope),
      detail: "\(bucket) over EventBridge", look, into: &findings, seen: &seen)
    let document: NotificationDocument
    do throws(EdgeError) {
      document = try await BucketPort(look.services).read(bucket, look.scope, trigger.name)
    } catch {
      guard error.cause?.isNotFound ?? false else { throw error }
      findings.obstacles.append(.noBucket(bucket, look, trigger.name))
      return
    }
    guard document.elements.contains(where: { $0.name == "EventBridgeConfiguration" }) else {
      findings.obstacles.append(
        EdgeError(
          look.scope, trigger.name, "the bucket \(bucket) does not tell EventBridge of its objects",
          fix: "turn on its Amazon EventBridge notifications"))
      return
    }
  }

  /// The pattern for the objects of a trigger: prefix with suffix is one wildcard, as a list would mean *or*.
  static func pattern(of settings: JSONObject, bucket: String) -> JSON {
    let events = settings["events"]?.array?.compactMap(\.string) ?? []
    let details = events.map { $0 == "s3:ObjectCreated:*" ? "Object Created" : "Object Deleted" }.sorted()
    let (prefix, suffix) = (settings["prefix"]?.string ?? "", settings["suffix"]?.string ?? "")
    var detail = JSONObject([("bucket", ["name": [.string(bucket)]])])
    switch (prefix.isEmpty, suffix.isEmpty) {
    case (true, true): break
    case (false, true): detail["object"] = ["key": [["prefix": .string(prefix)]]]
    case (true, false): detail["object"] = ["key": [["suffix": .string(suffix)]]]
    case (false, false):
      let text = "\(literal(prefix))*\(literal(suffix))"
      detail["object"] = ["key": [["wildcard": .string(text)]]]
    }
    return [
      "source": ["aws.s3"], "detail-type": .array(details.map(JSON.string)), "detail": .object(detail),
    ]
  }

  private static func literal(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("*", with: "\\*")
  }
}

extension EdgeError {
  fileprivate static func noBucket(_ bucket: String, _ look: EdgeLook, _ trigger: String?) -> EdgeError {
    EdgeError(
      look.scope, trigger, "there is no bucket \(bucket)",
      fix: "\(look.services.making), or correct \"bucket\"")
  }
}

/// Reads buckets.
struct BucketPort: Sendable {
  let services: EdgeServices

  init(_ services: EdgeServices) { self.services = services }

  func read(
    _ bucket: String, _ scope: EdgeScope, _ trigger: String?
  ) async throws(EdgeError) -> NotificationDocument {
    let bytes: [UInt8]
    do throws(AWSError) {
      bytes = try await services.buckets.notifications(bucket, owner: scope.account)
    } catch {
      throw EdgeError(scope, trigger, error)
    }
    do throws(NotificationDocument.Fault) {
      return try NotificationDocument(parsing: bytes)
    } catch {
      throw EdgeError(
        scope, trigger, "the notifications of the bucket \(bucket) cannot be read: \(error.reason)")
    }
  }
}
