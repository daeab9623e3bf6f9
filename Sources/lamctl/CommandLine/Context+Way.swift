internal import Core

extension Context {
  /// A sentence in which every command is told what this run was told.
  func spelled(_ prose: String) -> String { speller(prose) }

  /// The same for whoever writes later.
  var speller: @Sendable (String) -> String {
    { [way, table] prose in way.withLock { $0 }.spelled(prose, in: table) }
  }

  /// Shows people a result that may name commands; on a terminal its sentences break between words.
  func show(_ text: String) { output.write(Paragraph.wrapped(spelled(text), columns: tableLimit)) }

  /// Tells people something beside the result, in lines that begin with the tool's name.
  func remark(_ sentence: String) { tell("lamctl: \(PlainText.line(sentence))\n") }

  /// Writes prose to stderr; on a terminal its sentences break between words.
  func tell(_ text: String) {
    errors.write(
      Paragraph.wrapped(text, columns: errorTerminal.isLive ? errorTerminal.size().columns : nil))
  }
}

extension JSON {
  /// Members that hold sentences for people, or objects of such.
  private static let advice: Set<String> = [
    "error", "fix", "next", "notes", "refused", "rule", "text", "warnings",
  ]

  /// The same document with what it advises passed through `spell`; what functions were sent and have answered stays.
  func spelling(_ spell: (String) -> String) -> JSON {
    switch self {
    case .array(let elements): .array(elements.map { $0.spelling(spell) })
    case .object(let object):
      .object(
        JSONObject(
          object.members.map { key, value in
            let isAdvice = Self.advice.contains(key)
            return (
              key,
              key == "payload"
                ? value : isAdvice ? value.mappingStrings(spell) : value.spelling(spell)
            )
          }))
    default: self
    }
  }

  private func mappingStrings(_ change: (String) -> String) -> JSON {
    switch self {
    case .string(let text): .string(change(text))
    case .array(let elements): .array(elements.map { $0.mappingStrings(change) })
    case .object(let object):
      .object(JSONObject(object.members.map { ($0.key, $0.value.mappingStrings(change)) }))
    default: self
    }
  }
}
