/// What a bucket tells others of its objects.
struct NotificationConfiguration: Hashable, Sendable {
  /// Whom an entry is for.
  enum Kind: String, Hashable, Sendable, CaseIterable {
    case topic = "TopicConfiguration"
    case queue = "QueueConfiguration"
    case function = "CloudFunctionConfiguration"

    /// The element that holds the ARN.
    var target: String {
      switch self {
      case .topic: "Topic"
      case .queue: "Queue"
      case .function: "CloudFunction"
      }
    }
  }

  /// One entry.
  struct Entry: Hashable, Sendable {
    var kind: Kind
    var id: String
    var arn: String
    /// `s3:ObjectCreated:*` and the like.
    var events: [String]
    var prefix: String
    var suffix: String

    /// Whether it is told of an event such as `ObjectCreated:Put` of `key`.
    func isTold(of event: String, key: String) -> Bool {
      key.hasPrefix(prefix) && key.hasSuffix(suffix) && Self.expanded(events).contains("s3:\(event)")
    }

    /// Whether some event of some object would be told to both.
    func overlaps(_ other: Entry) -> Bool {
      let (own, others) = (Self.expanded(events), Self.expanded(other.events))
      return !own.isDisjoint(with: others)
        && (prefix.hasPrefix(other.prefix) || other.prefix.hasPrefix(prefix))
        && (suffix.hasSuffix(other.suffix) || other.suffix.hasSuffix(suffix))
    }

    private static func expanded(_ events: [String]) -> Set<String> {
      Set(
        events.flatMap { event in
          guard event.hasSuffix(":*") else { return [event] }
          let stem = event.dropLast()
          return NotificationConfiguration.events.filter { $0.hasPrefix(stem) && $0 != event }
        })
    }
  }

  /// Why a document is not taken.
  enum Fault: Error, Hashable {
    case malformed
    case event(String)
    case filter(String)
    case doubledID
    case overlap
  }

  static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

  /// All events that S3 has.
  static let events = [
    "s3:ReducedRedundancyLostObject", "s3:ObjectCreated:*", "s3:ObjectCreated:Put", "s3:ObjectCreated:Post",
    "s3:ObjectCreated:Copy", "s3:ObjectCreated:CompleteMultipartUpload", "s3:ObjectRemoved:*",
    "s3:ObjectRemoved:Delete", "s3:ObjectRemoved:DeleteMarkerCreated", "s3:ObjectRestore:*",
    "s3:ObjectRestore:Post", "s3:ObjectRestore:Completed", "s3:ObjectRestore:Delete", "s3:Replication:*",
    "s3:Replication:OperationFailedReplication", "s3:Replication:OperationNotTracked",
    "s3:Replication:OperationMissedThreshold", "s3:Replication:OperationReplicatedAfterThreshold",
    "s3:ObjectTagging:*", "s3:ObjectTagging:Put", "s3:ObjectTagging:Delete", "s3:ObjectAcl:Put",
    "s3:LifecycleExpiration:*", "s3:LifecycleExpiration:Delete",
    "s3:LifecycleExpiration:DeleteMarkerCreated", "s3:LifecycleTransition", "s3:IntelligentTiering",
  ]

  var entries: [Entry] = []
  /// Whether EventBridge is told of everything.
  var usesEventBridge = false

  init() {}

  /// Reads what a client sends.
  ///
  /// - Parameter newID: an id for an entry that has none.
  init(parsing bytes: [UInt8], newID: () -> String) throws(Fault) {
    guard let root = XMLNode(parsing: bytes), root.name == "NotificationConfiguration" else {
      throw .malformed
    }
    for child in root.children {
      if child.name == "EventBridgeConfiguration" {
        usesEventBridge = true
        continue
      }
      guard let kind = Kind(rawValue: child.name) else { throw .malformed }
      entries.append(try Self.entry(kind, child, newID))
    }
    guard Set(entries.map(\.id)).count == entries.count else { throw .doubledID }
    for (index, entry) in entries.enumerated() {
      for other in entries[(index + 1)...] where entry.overlaps(other) { throw .overlap }
    }
  }

  private static func entry(_ kind: Kind, _ node: XMLNode, _ newID: () -> String) throws(Fault) -> Entry {
    let known = ["Id", kind.target, "Event", "Filter"]
    guard node.children.allSatisfy({ known.contains($0.name) }), let arn = node.value(kind.target),
      !arn.isEmpty,
      !node.all("Event").isEmpty, node.all(kind.target).count == 1
    else { throw .malformed }
    let events = node.all("Event").map { $0.text.trimmed }
    for event in events where !Self.events.contains(event) { throw .event(event) }
    var entry = Entry(
      kind: kind, id: node.value("Id") ?? "", arn: arn, events: events, prefix: "", suffix: "")
    if entry.id.isEmpty { entry.id = newID() }
    var seen: Set<String> = []
    for rule in node.all("Filter").flatMap({ $0.all("S3Key") }).flatMap({ $0.all("FilterRule") }) {
      let name = (rule.value("Name") ?? "").lowercased()
      guard seen.insert(name).inserted else {
        throw .filter("Cannot specify more than one \(name) rule in a filter.")
      }
      // Blanks around a value are the value's own.
      let value = rule.all("Value").first?.text ?? ""
      switch name {
      case "prefix": entry.prefix = value
      case "suffix": entry.suffix = value
      default: throw .filter("filter rule name must be either prefix or suffix")
      }
    }
    return entry
  }

  /// As S3 shows it.
  var xml: String {
    var text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<NotificationConfiguration xmlns=\"\(Self.namespace)\">"
    for entry in entries { text += Self.xml(entry) }
    if usesEventBridge { text += "<EventBridgeConfiguration></EventBridgeConfiguration>" }
    return text + "</NotificationConfiguration>"
  }

  private static func xml(_ entry: Entry) -> String {
    let escape = WireValue.escape
    var text = "<\(entry.kind.rawValue)><Id>\(escape(entry.id))</Id>"
    text += "<\(entry.kind.target)>\(escape(entry.arn))</\(entry.kind.target)>"
    for event in entry.events { text += "<Event>\(event)</Event>" }
    let rules = [("Prefix", entry.prefix), ("Suffix", entry.suffix)].filter { !$0.1.isEmpty }
    if !rules.isEmpty {
      let inner = rules.map { "<FilterRule><Name>\($0.0)</Name><Value>\(escape($0.1))</Value></FilterRule>" }
      text += "<Filter><S3Key>\(inner.joined())</S3Key></Filter>"
    }
    return text + "</\(entry.kind.rawValue)>"
  }
}
