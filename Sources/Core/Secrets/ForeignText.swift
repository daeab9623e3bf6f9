/// What somebody else said: AWS, a function, a build, a program. It is shown only without secrets and without characters
/// that act on the display.
package struct ForeignText: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  private let raw: String
  private let secrets: Secrets?

  /// - Parameter secrets: what must not be shown of it; also what becomes known later.
  package init(_ text: String, hiding secrets: Secrets? = nil) {
    raw = text
    self.secrets = secrets
  }

  /// The text as it may be shown and stored: one line, with tokens for secrets.
  package var description: String {
    guard let secrets else { return PlainText.line(raw) }
    // Before and after: a secret may have line breaks of its own, and be broken up by what is taken out.
    return secrets.masked(PlainText.line(secrets.masked(raw)))
  }

  /// The same: a debugger's words end up in logs as well.
  package var debugDescription: String { description }

  /// Whether there is nothing to show.
  package var isEmpty: Bool { raw.isEmpty }

  /// Whether the text as it came holds `words`: for decisions.
  package func contains(_ words: String) -> Bool { raw.contains(words) }

  /// The text as it came, for decisions. It must never be shown or stored.
  package var unmasked: String { raw }
}

extension ForeignText: Hashable, ExpressibleByStringInterpolation {
  /// Text that holds no secret.
  package init(stringLiteral value: String) { self.init(value) }

  /// Equal when the same was said.
  package static func == (a: ForeignText, b: ForeignText) -> Bool { a.raw == b.raw }

  /// As equality.
  package func hash(into hasher: inout Hasher) { hasher.combine(raw) }
}
