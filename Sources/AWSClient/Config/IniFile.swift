internal import Core

/// The sections of an AWS `config` or `credentials` file.
///
/// Keys are compared without case; a later section of the same name adds to the earlier one; indented lines
/// are the sub-properties of the key above them.
struct IniFile: Sendable, Equatable {
  struct Section: Sendable, Equatable {
    var values: [String: String] = [:]
    var nested: [String: [String: String]] = [:]

    subscript(_ key: String) -> String? { values[key].flatMap { $0.isEmpty ? nil : $0 } }
  }

  private(set) var sections: [String: Section] = [:]

  /// An empty file.
  init() {}

  /// - Throws: ``AWSError/badConfiguration(_:)`` naming `path` and the line.
  init(parsing text: String, path: String) throws(AWSError) {
    var current: String?
    var parent: String?
    for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
    {
      let place = "\(path), line \(index + 1)"
      let line = raw.trimmed
      guard let first = line.first, first != "#", first != ";" else { continue }
      if first == "[" {
        let name = try Self.header(line, place)
        if sections[name] == nil { sections[name] = Section() }
        current = name
        parent = nil
        continue
      }
      guard let section = current else { throw .badConfiguration("\(place): a setting before any [section]") }
      let indented = raw.first?.isWhitespace == true
      guard let equals = line.firstIndex(of: "=") else {
        // An indented line without "=" continues the value above it.
        if indented, let parent {
          sections[section]?.values[parent]? += "\n" + line
          continue
        }
        throw .badConfiguration("\(place): neither a [section] nor a 'key = value'")
      }
      let key = line[..<equals].trimmed.lowercased()
      let value = Self.withoutComment(line[line.index(after: equals)...]).trimmed
      if indented, let parent {
        sections[section]?.nested[parent, default: [:]][key] = value
      } else {
        sections[section]?.values[key] = value
        parent = key
      }
    }
  }

  /// The file at `path`; empty when there is none.
  ///
  /// - Throws: ``AWSError/badConfiguration(_:)``.
  static func load(_ path: String) throws(AWSError) -> IniFile {
    guard Files.exists(path) else { return IniFile() }
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try Files.read(path, limit: 4 << 20)
    } catch {
      throw .badConfiguration("\(error)")
    }
    return try IniFile(parsing: String(decoding: bytes, as: UTF8.self), path: path)
  }

  private static func header(_ line: String, _ place: String) throws(AWSError) -> String {
    guard let end = line.firstIndex(of: "]") else { throw .badConfiguration("\(place): '[' without ']'") }
    let words = line[line.index(after: line.startIndex)..<end]
      .split(maxSplits: 1, omittingEmptySubsequences: true, whereSeparator: \.isWhitespace)
      .map { $0.trimmed.trimmingQuotes }
    guard !words.isEmpty else { throw .badConfiguration("\(place): a section without a name") }
    return words.joined(separator: " ")
  }

  /// A comment inside a line needs white space before it.
  private static func withoutComment(_ value: Substring) -> Substring {
    var previous: Character = " "
    for index in value.indices {
      if value[index] == "#" || value[index] == ";", previous.isWhitespace { return value[..<index] }
      previous = value[index]
    }
    return value
  }
}

extension String {
  fileprivate var trimmingQuotes: String {
    guard count >= 2, let quote = first, quote == "\"" || quote == "'", last == quote else { return self }
    return String(dropFirst().dropLast())
  }
}
