internal import AWSClient
internal import Core

/// One entry of a bucket's notifications that calls a function.
struct NotificationEntry: Hashable, Sendable {
  let id: String
  /// The ARN that is called.
  let target: String
  /// `s3:ObjectCreated:*` and the like.
  let events: [String]
  let prefix: String
  let suffix: String
  /// The trigger; nil for one that was read.
  var trigger: String?
  /// The ids of entries to another function that go where this one comes.
  var replaces: Set<String> = []

  /// The entry that a trigger wants.
  init(_ trigger: Trigger, in scope: EdgeScope) {
    id = Marks.name(of: trigger.name, in: scope, limit: 200)
    target = scope.aliasARN
    events = trigger.settings["events"]?.array?.compactMap(\.string) ?? []
    prefix = trigger.settings["prefix"]?.string ?? ""
    suffix = trigger.settings["suffix"]?.string ?? ""
    self.trigger = trigger.name
  }

  init(id: String, target: String, events: [String], prefix: String, suffix: String) {
    self.id = id
    self.target = target
    self.events = events
    self.prefix = prefix
    self.suffix = suffix
  }

  /// Whether two say the same.
  func isSame(as other: NotificationEntry) -> Bool {
    id == other.id && target == other.target && Set(events) == Set(other.events) && prefix == other.prefix
      && suffix == other.suffix
  }

  /// The settings that differ.
  func differences(from other: NotificationEntry) -> [String] {
    var names: [String] = []
    if Set(events) != Set(other.events) { names.append("events") }
    if prefix != other.prefix { names.append("prefix") }
    if suffix != other.suffix { names.append("suffix") }
    if target != other.target { names.append("alias") }
    return names
  }

  /// Whether S3 would refuse both together: an event, the prefixes *and* the suffixes have something in common.
  func overlaps(_ other: NotificationEntry) -> Bool {
    let shares = events.contains { one in
      other.events.contains { another in Self.covers(one, another) || Self.covers(another, one) }
    }
    return shares && (prefix.hasPrefix(other.prefix) || other.prefix.hasPrefix(prefix))
      && (suffix.hasSuffix(other.suffix) || other.suffix.hasSuffix(suffix))
  }

  /// Whether every object that `other` takes is one of this entry's.
  func covers(_ other: NotificationEntry) -> Bool {
    other.prefix.hasPrefix(prefix) && other.suffix.hasSuffix(suffix)
      && other.events.allSatisfy { event in events.contains { Self.covers($0, event) } }
  }

  private static func covers(_ wide: String, _ narrow: String) -> Bool {
    wide == narrow || (wide.hasSuffix("*") && narrow.hasPrefix(wide.dropLast()))
  }

  /// As an element of the document.
  var xml: String {
    var rules = ""
    for (name, value) in [("prefix", prefix), ("suffix", suffix)] where !value.isEmpty {
      rules += "<FilterRule><Name>\(name)</Name><Value>\(XMLText.escape(value))</Value></FilterRule>"
    }
    return "<CloudFunctionConfiguration><Id>\(XMLText.escape(id))</Id>"
      + "<CloudFunction>\(XMLText.escape(target))</CloudFunction>"
      + events.map { "<Event>\(XMLText.escape($0))</Event>" }.joined()
      + (rules.isEmpty ? "" : "<Filter><S3Key>\(rules)</S3Key></Filter>") + "</CloudFunctionConfiguration>"
  }
}

enum XMLText {
  static func escape(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\r": escaped += "&#13;"
      default: escaped.append(character)
      }
    }
    return escaped
  }

  /// The text with the references of XML replaced; those that mean nothing stay as they are.
  static func unescape(_ text: some StringProtocol) -> String {
    guard text.contains("&") else { return String(text) }
    let known = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    var result = ""
    var rest = Substring(text)
    while let mark = rest.firstIndex(of: "&") {
      result += rest[..<mark]
      rest = rest[mark...]
      let name = rest.dropFirst().prefix(10).prefix { $0 != ";" }
      let end =
        rest.index(rest.startIndex, offsetBy: name.count + 1, limitedBy: rest.endIndex) ?? rest.endIndex
      guard end < rest.endIndex, rest[end] == ";", let value = known[String(name)] ?? number(name) else {
        result += "&"
        rest = rest.dropFirst()
        continue
      }
      result += value
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private static func number(_ name: Substring) -> String? {
    guard name.hasPrefix("#") else { return nil }
    let digits = name.dropFirst()
    let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return value.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
  }
}
