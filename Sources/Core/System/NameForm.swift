/// The form of names that lamctl gives to files it removes again later.
package struct NameForm: Sendable {
  private enum Part: Sendable {
    case text(String)
    case hexadecimal(Int)
    case digits
  }

  private let parts: [Part]

  private init(_ parts: [Part]) {
    self.parts = parts
  }

  /// `count` lower-case hexadecimal digits, and what follows them.
  package static func hexadecimal(_ count: Int, ending: String = "") -> NameForm {
    NameForm([.hexadecimal(count), .text(ending)])
  }

  /// Two numbers with a hyphen between them: a process and its choice.
  package static let work = NameForm([.digits, .text("-"), .digits])

  /// The names that ``StateFolder/temporaryName(for:)`` gives beside names of `form`.
  package static func temporary(of form: NameForm) -> NameForm {
    NameForm(form.parts + [.text("."), .digits, .text("."), .digits, .text(".tmp")])
  }

  /// Whether all of `name` has the form.
  package func matches(_ name: String) -> Bool {
    var rest = Substring(name).utf8
    for part in parts {
      switch part {
      case .text(let text):
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
      case .hexadecimal(let count):
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(Self.isHexadecimal) else { return false }
        rest = rest.dropFirst(count)
      case .digits:
        let digits = rest.prefix { (48...57).contains($0) }
        guard (1...20).contains(digits.count) else { return false }
        rest = rest.dropFirst(digits.count)
      }
    }
    return rest.isEmpty
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte)
  }
}
