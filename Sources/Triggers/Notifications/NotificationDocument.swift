internal import Core

/// What a bucket tells, as the bytes that S3 gave: what is not ours goes back as it came.
struct NotificationDocument: Sendable {
  /// One configuration in it.
  struct Element: Hashable, Sendable {
    /// `QueueConfiguration` and the like.
    let name: String
    /// Its bytes, from `<` to `>`.
    let bytes: [UInt8]
    /// The `Id`.
    let id: String
    /// The ARN that is called or sent to.
    let target: String
    let events: [String]
    let prefix: String
    let suffix: String

    /// As an entry that can be compared.
    var entry: NotificationEntry {
      NotificationEntry(id: id, target: target, events: events, prefix: prefix, suffix: suffix)
    }
  }

  /// Why bytes are not taken for a document.
  struct Fault: Error, Hashable, CustomStringConvertible {
    let reason: String
    var description: String { reason }
  }

  /// The most bytes and the deepest nesting that are read.
  static let (limit, depth) = (1 << 20, 16)

  /// Everything up to and with the opening tag.
  let opening: [UInt8]
  let elements: [Element]

  /// Reads a `NotificationConfiguration`.
  init(parsing bytes: [UInt8]) throws(Fault) {
    guard bytes.count <= Self.limit else { throw Fault(reason: "it is larger than 1 MiB") }
    var scanner = TagScanner(bytes)
    guard let root = try scanner.nextTag(), !root.isEnd, root.name == "NotificationConfiguration" else {
      throw Fault(reason: "it is no NotificationConfiguration")
    }
    var elements: [Element] = []
    if root.isEmpty {
      var head = Array(bytes[..<root.range.upperBound])
      head.removeSubrange((head.count - 2)..<head.count)
      opening = head + Array(">".utf8)
    } else {
      opening = Array(bytes[..<root.range.upperBound])
      while true {
        guard let tag = try scanner.nextTag() else { throw Fault(reason: "it ends too early") }
        if tag.isEnd {
          guard tag.name == root.name else { throw Fault(reason: "</\(tag.name)> closes nothing") }
          break
        }
        elements.append(try Self.element(tag, &scanner, bytes))
      }
    }
    self.elements = elements
  }

  private static func element(
    _ tag: TagScanner.Tag, _ scanner: inout TagScanner, _ bytes: [UInt8]
  ) throws(Fault) -> Element {
    var path = [tag.name]
    var start = tag.range.upperBound
    var end = tag.range.upperBound
    var (id, target, events) = ("", "", [String]())
    var (filterName, filters) = ("", [String: String]())
    while !tag.isEmpty, !path.isEmpty {
      guard let next = try scanner.nextTag() else { throw Fault(reason: "<\(tag.name)> is not closed") }
      end = next.range.upperBound
      guard next.isEnd else {
        if !next.isEmpty { path.append(next.name) }
        guard path.count <= Self.depth else { throw Fault(reason: "it is nested too deeply") }
        start = next.range.upperBound
        continue
      }
      guard path.last == next.name else { throw Fault(reason: "</\(next.name)> closes nothing") }
      let text = XMLText.unescape(
        String(decoding: bytes[start..<max(start, next.range.lowerBound)], as: UTF8.self))
      switch (path.count, next.name) {
      case (2, "Id"): id = text
      case (2, "CloudFunction"), (2, "Queue"), (2, "Topic"): target = text
      case (2, "Event"): events.append(text)
      case (_, "Name"): filterName = text.lowercased()
      case (_, "Value"): filters[filterName] = text
      default: break
      }
      path.removeLast()
      start = next.range.upperBound
    }
    return Element(
      name: tag.name, bytes: Array(bytes[tag.range.lowerBound..<end]), id: id, target: target,
      events: events, prefix: filters["prefix"] ?? "", suffix: filters["suffix"] ?? "")
  }

  /// The entries that call one of `aliases` and bear a mark of ours, and those marks of ours that are to be `replaced`.
  func own(_ aliases: Set<String>, replaced: Set<String> = []) -> [Element] {
    elements.filter { Self.isOwn($0, aliases, replaced) }
  }

  /// All others.
  func foreign(_ aliases: Set<String>, replaced: Set<String> = []) -> [Element] {
    elements.filter { !Self.isOwn($0, aliases, replaced) }
  }

  private static func isOwn(_ element: Element, _ aliases: Set<String>, _ replaced: Set<String>) -> Bool {
    element.name == "CloudFunctionConfiguration" && element.id.hasPrefix("lamctl-")
      && (aliases.contains(element.target) || replaced.contains(element.id))
  }

  /// What tells whether anything that is not ours has changed.
  func foreignHash(_ aliases: Set<String>, replaced: Set<String> = []) -> String {
    SHA256.digest(of: foreign(aliases, replaced: replaced).flatMap { $0.bytes + [0] }).hex
  }

  /// The document with these entries in place of ours.
  func replacing(
    _ aliases: Set<String>, replaced: Set<String> = [], with entries: [NotificationEntry]
  ) -> [UInt8] {
    opening + foreign(aliases, replaced: replaced).flatMap(\.bytes) + entries.flatMap { Array($0.xml.utf8) }
      + Array("</NotificationConfiguration>".utf8)
  }
}

extension NotificationDocument {
  /// The document with other bytes for those elements that `bytes` names some for.
  func replacing(_ bytes: (Element) -> [UInt8]?) -> [UInt8] {
    opening + elements.flatMap { bytes($0) ?? $0.bytes } + Array("</NotificationConfiguration>".utf8)
  }
}

extension NotificationDocument.Element {
  /// Its bytes with another id and another function to call, and nothing else changed.
  func renamed(id newID: String, target newTarget: String) -> [UInt8] {
    var scanner = TagScanner(bytes)
    var result: [UInt8] = []
    var copied = 0
    // Where the text of each open tag begins.
    var starts: [Int] = []
    // The bytes have been read once: nothing in them is refused now.
    while let tag = try? scanner.nextTag() {
      if tag.isEmpty { continue }
      guard tag.isEnd else {
        starts.append(tag.range.upperBound)
        continue
      }
      if starts.count == 2, let text = ["Id": newID, "CloudFunction": newTarget][tag.name] {
        result += bytes[copied..<starts[1]] + Array(XMLText.escape(text).utf8)
        copied = tag.range.lowerBound
      }
      _ = starts.popLast()
    }
    return result + bytes[copied...]
  }
}

/// The tags of a text of XML, one after the other; what stands between them is the caller's to look at.
struct TagScanner {
  struct Tag {
    let name: String
    let range: Range<Int>
    let isEnd: Bool
    /// `<a/>`.
    let isEmpty: Bool
  }

  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next tag; nil at the end. Declarations and comments are passed over; CDATA and entities of a document's own are
  /// refused: S3 writes none.
  mutating func nextTag() throws(NotificationDocument.Fault) -> Tag? {
    while let start = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
      let rest = bytes[start...]
      if rest.starts(with: "<?".utf8) {
        index = try end(of: "?>", from: start)
      } else if rest.starts(with: "<!--".utf8) {
        index = try end(of: "-->", from: start)
      } else if rest.starts(with: "<!".utf8) {
        throw NotificationDocument.Fault(reason: "it has a declaration that is not read")
      } else {
        return try tag(at: start)
      }
    }
    return nil
  }

  private func end(of mark: String, from start: Int) throws(NotificationDocument.Fault) -> Int {
    let mark = Array(mark.utf8)
    var place = start
    while let next = bytes[place...].firstIndex(of: mark[0]) {
      if bytes[next...].starts(with: mark) { return next + mark.count }
      place = next + 1
    }
    throw NotificationDocument.Fault(reason: "it ends too early")
  }

  private mutating func tag(at start: Int) throws(NotificationDocument.Fault) -> Tag {
    var quote: UInt8?
    var place = start + 1
    while place < bytes.count {
      let byte = bytes[place]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        break
      }
      place += 1
    }
    guard place < bytes.count else { throw NotificationDocument.Fault(reason: "a tag is not closed") }
    index = place + 1
    let isEnd = bytes[start + 1] == UInt8(ascii: "/")
    let isEmpty = !isEnd && bytes[place - 1] == UInt8(ascii: "/")
    let name = bytes[(start + (isEnd ? 2 : 1))..<place].prefix {
      ![UInt8(ascii: " "), 9, 10, 13, UInt8(ascii: "/")].contains($0)
    }
    guard !name.isEmpty else { throw NotificationDocument.Fault(reason: "a tag has no name") }
    return Tag(
      name: String(decoding: name, as: UTF8.self), range: start..<(place + 1), isEnd: isEnd, isEmpty: isEmpty)
  }
}
