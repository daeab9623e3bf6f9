internal import Core

/// What a rule's target gets instead of the event: a part of it, a constant, or a text with parts filled in.
struct InputTransform: Sendable {
  private enum Kind: Sendable {
    case whole
    case constant(String)
    case part(EventPath)
    case template(String, paths: [(name: String, path: EventPath)])
  }

  private let kind: Kind

  /// Reads `Input`, `InputPath` or `InputTransformer` of a target.
  ///
  /// - Throws: ``PatternError`` when there are two of them, a path is none, or a template names one that is not there.
  init(target: JSONObject) throws(PatternError) {
    let given = ["Input", "InputPath", "InputTransformer"].filter { target[$0] != nil && target[$0] != .null }
    guard given.count <= 1 else {
      throw PatternError("Only one of Input, InputPath, or InputTransformer must be provided")
    }
    switch given.first {
    case "Input": kind = .constant(target["Input"]?.string ?? "")
    case "InputPath": kind = .part(try EventPath(target["InputPath"]?.string ?? ""))
    case "InputTransformer":
      let template = target["InputTransformer"]?["InputTemplate"]?.string ?? ""
      guard !template.isEmpty else { throw PatternError("InputTemplate must not be empty") }
      var paths: [(name: String, path: EventPath)] = []
      for (name, value) in target["InputTransformer"]?["InputPathsMap"]?.object?.members ?? [] {
        paths.append((name, try EventPath(value.string ?? "")))
      }
      kind = .template(template, paths: paths)
    default: kind = .whole
    }
  }

  /// The bytes that go to the target.
  ///
  /// - Parameters:
  ///   - reserved: what `<aws.events.…>` stands for.
  func apply(_ event: JSON, reserved: [String: String] = [:]) -> [UInt8] {
    switch kind {
    case .whole: Array(event.text().utf8)
    case .constant(let text): Array(text.utf8)
    case .part(let path): Array((path.value(in: event) ?? .null).text().utf8)
    case .template(let template, let paths): Array(Self.fill(template, paths, event, reserved).utf8)
    }
  }

  /// Fills `<name>` in: within quotes as bare text, elsewhere as JSON.
  private static func fill(
    _ template: String, _ paths: [(name: String, path: EventPath)], _ event: JSON,
    _ reserved: [String: String]
  ) -> String {
    let bytes = Array(template.utf8)
    var result: [UInt8] = []
    var isQuoted = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\"), index + 1 < bytes.count {
        result += bytes[index...(index + 1)]
        index += 2
        continue
      }
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: "<"), let end = bytes[index...].firstIndex(of: UInt8(ascii: ">")),
        let value = value(
          of: String(decoding: bytes[(index + 1)..<end], as: UTF8.self), paths, event, reserved)
      {
        result += text(value, isQuoted: isQuoted).utf8
        index = end + 1
        continue
      }
      result.append(byte)
      index += 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Nil for a name that means nothing; a path that leads nowhere is an empty text.
  private static func value(
    of name: String, _ paths: [(name: String, path: EventPath)], _ event: JSON, _ reserved: [String: String]
  ) -> JSON? {
    if let text = reserved[name] { return .string(text) }
    if name == "aws.events.event.json" { return event }
    guard let path = paths.first(where: { $0.name == name })?.path else { return nil }
    return path.value(in: event) ?? ""
  }

  private static func text(_ value: JSON, isQuoted: Bool) -> String {
    guard isQuoted else { return value.text() }
    if let text = value.string { return String(JSON.string(text).text().dropFirst().dropLast()) }
    return String(JSON.string(value.text()).text().dropFirst().dropLast())
  }
}

/// A path into an event: `$.detail.items[0].id`.
struct EventPath: Sendable {
  private enum Step: Sendable {
    case key(String)
    case index(Int)
  }

  private let steps: [Step]

  /// - Throws: ``PatternError`` for anything but names and places in lists.
  init(_ text: String) throws(PatternError) {
    guard text.first == "$", text.utf8.count <= 256 else {
      throw PatternError("\"\(text)\" is no path: one begins with $ and has at most 256 bytes")
    }
    var steps: [Step] = []
    for part in text.dropFirst().split(separator: ".", omittingEmptySubsequences: false).dropFirst() {
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      guard let name = pieces.first, !name.isEmpty else { throw PatternError("\"\(text)\" is no path") }
      steps.append(.key(String(name)))
      for piece in pieces.dropFirst() {
        guard piece.last == "]", let index = Int(piece.dropLast()), index >= 0 else {
          throw PatternError("\"\(text)\" is no path")
        }
        steps.append(.index(index))
      }
    }
    guard text.dropFirst().first.map({ $0 == "." }) ?? true else {
      throw PatternError("\"\(text)\" is no path")
    }
    self.steps = steps
  }

  func value(in event: JSON) -> JSON? {
    var value: JSON? = event
    for step in steps {
      switch step {
      case .key(let key): value = value?[key]
      case .index(let index):
        guard let items = value?.array, index < items.count else { return nil }
        value = items[index]
      }
    }
    return value
  }
}
