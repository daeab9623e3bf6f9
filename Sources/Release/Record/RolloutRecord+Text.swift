internal import Core

/// A record as a Description.
package struct EncodedRecord: Hashable, Sendable {
  /// At most 256 characters.
  package let text: String
  /// Whether the user's own text is in it to the last character.
  package let keepsUserText: Bool
  /// Whether the weight history is in it change by change.
  package let keepsHistory: Bool
}

/// What the Description of an alias holds.
package enum RecordContent: Hashable, Sendable {
  /// No record: the text, perhaps empty, is the user's.
  case none(userText: String)
  /// A record, and the user's text behind it.
  case record(RolloutRecord, userText: String)
  /// Text that begins as a record but was changed or cut by somebody else.
  case damaged(String)
  /// A record of a later lamctl, which this one must not overwrite.
  case newer(String)
  /// The line of an alias that is lamctl's and no environment's.
  case marked(AliasMark)
}

extension RolloutRecord {
  private static let keys: Set<String> = [
    "r", "st", "y", "k", "s", "c", "p", "bad", "b", "h", "t", "l", "o", "g", "x",
  ]
  /// Weight changes that are kept apart even when that costs the user's text.
  private static let keptChanges = 4
  private static let checksumLength = 6

  /// The record as a Description of at most 256 characters, with `userText` behind it.
  ///
  /// What does not fit gives way in a fixed order: the owner's name shrinks to its mark, the oldest weight changes
  /// merge until four are left, the user's text is cut, only then the remaining changes merge, and the oldest bad versions are forgotten. Two merged
  /// changes count from the earlier one's minute at the higher weight, which can only make the judge milder.
  package func encoded(userText: String = "") -> EncodedRecord {
    let needed = userText.isEmpty ? 0 : DescriptionLine.length(DescriptionLine.separator + userText)
    var record = self
    func fits(_ extra: Int) -> Bool {
      DescriptionLine.length(record.line) + extra <= DescriptionLine.limit
    }
    if !fits(needed) { record.owner = owner?.short }
    while !fits(needed), record.history.count > Self.keptChanges { record.mergeOldest() }
    while !fits(0), record.history.count > 1 { record.mergeOldest() }
    while !fits(0), record.badVersions.count > 1 { record.badVersions.removeFirst() }
    let joined = DescriptionLine.join(record.line, userText)
    return EncodedRecord(
      text: joined.text, keepsUserText: joined.whole, keepsHistory: record.history.count == history.count)
  }

  /// Reads the Description of an alias.
  package static func decode(_ text: String) -> RecordContent {
    switch DescriptionLine.read(text) {
    case .foreign: return .none(userText: text)
    case .newer: return .newer(text)
    case .damaged: return AliasMark(parsing: text).map(RecordContent.marked) ?? .damaged(text)
    case .line(let body, let fields, let userText):
      // It is the last field: nothing behind it would be under it.
      guard let sum = fields["x"], body.hasSuffix(" x=\(sum)"),
        sum == checksum(of: body.dropLast(" x=".count + sum.count))
      else { return .damaged(text) }
      // A checksum is no signature: what names no version of Lambda is not obeyed, whoever has written it.
      let versions =
        ["s", "c", "p"].compactMap { fields[$0] }
        + (fields["bad"]?.split(separator: ",").map(String.init) ?? [])
      guard versions.allSatisfy({ DescriptionLine.whole($0) ?? 0 > 0 }) else { return .damaged(text) }
      // The checksum is right, so what nobody here understands was written on purpose, by a later version.
      guard keys.isSuperset(of: fields.keys), let record = RolloutRecord(fields: fields) else {
        return .newer(text)
      }
      return .record(record, userText: userText)
    }
  }

  private var line: String {
    var parts = [DescriptionLine.tag, "r=\(release)", "st=\(state.word)"]
    func add(_ key: String, _ value: String?) {
      if let value, !value.isEmpty { parts.append("\(key)=\(value)") }
    }
    add("y", state.reason?.word)
    if steps > 0 { add("k", "\(Self.clamp(step, 0, 999))/\(Self.clamp(steps, 0, 999))") }
    add("s", stable.flatMap(Self.number))
    add("c", canary.flatMap(Self.number))
    add("p", previous.flatMap(Self.number))
    add("bad", badVersions.compactMap(Self.number).joined(separator: ","))
    add("b", package.map { DescriptionLine.token($0.lowercased(), atMost: 12) })
    add("h", history.map(\.text).joined(separator: ","))
    add("t", started.map(Self.seconds))
    add("l", leaseEnd.map(Self.seconds))
    add("o", owner?.description)
    add("g", String(Self.clamp(functions, 1, 99_999)))
    let body = parts.joined(separator: " ")
    return "\(body) x=\(Self.checksum(of: body))"
  }

  private init?(fields: [String: String]) {
    guard let release = fields["r"].flatMap({ ReleaseID(parsing: $0) }), let word = fields["st"],
      let state = RolloutState(word: word, reason: fields["y"].map { RecordReason(word: $0) }),
      let functions = fields["g"].flatMap({ DescriptionLine.whole($0) })
    else { return nil }
    self.init(release: release, state: state)
    self.functions = functions
    stable = fields["s"]
    canary = fields["c"]
    previous = fields["p"]
    badVersions = fields["bad"]?.split(separator: ",").map(String.init) ?? []
    // Whoever writes a record by hand must not send the traffic to `$LATEST` with it.
    let versions = [stable, canary, previous].compactMap { $0 } + badVersions
    guard versions.allSatisfy({ Self.number($0) == $0 }) else { return nil }
    package = fields["b"]
    owner = fields["o"].map { RecordOwner($0) }
    if case .rolledBack(let reason) = state, reason.blamesVersion, badVersions.isEmpty { return nil }
    if let text = fields["k"] {
      let numbers = text.split(separator: "/").compactMap { DescriptionLine.whole($0) }
      guard numbers.count == 2 else { return nil }
      (step, steps) = (numbers[0], numbers[1])
    }
    if let text = fields["h"] {
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      history = parts.compactMap { WeightChange(text: $0) }
      guard history.count == parts.count else { return nil }
    }
    for (key, path) in [("t", \RolloutRecord.started), ("l", \.leaseEnd)] {
      guard let text = fields[key] else { continue }
      guard let seconds = DescriptionLine.whole(text) else { return nil }
      self[keyPath: path] = Timestamp(seconds: Double(seconds))
    }
  }

  private mutating func mergeOldest() {
    let merged = WeightChange(
      minute: history[0].minute, weight: max(history[0].weight, history[1].weight))
    history.replaceSubrange(0..<2, with: [merged])
  }

  private static func checksum(of text: some StringProtocol) -> String {
    String(SHA256.digest(of: String(text)).hex.prefix(checksumLength))
  }

  /// The number of a published version; nil for anything else, `$LATEST` above all.
  private static func number(_ version: String) -> String? {
    DescriptionLine.whole(version, digits: 10).map { _ in version }
  }

  private static func seconds(_ moment: Timestamp) -> String {
    String(Int(min(max(moment.seconds.rounded(.down), 0), 99_999_999_999)))
  }

  private static func clamp(_ value: Int, _ low: Int, _ high: Int) -> Int { min(max(value, low), high) }
}
