/// How things look: with colours or not, with characters beyond ASCII or not.
struct Style: Equatable, Sendable {
  var usesColor: Bool
  var usesUnicode: Bool

  /// No colours, ASCII only.
  static let plain = Style(usesColor: false, usesUnicode: false)

  /// Meaning of a colour.
  enum Ink: String, Sendable {
    case good = "32"
    case bad = "31"
    case warning = "33"
    case active = "36"
    case faint = "2"
    case strong = "1"
  }

  /// `text` in `ink`; as it is without colours.
  func paint(_ text: String, _ ink: Ink) -> String {
    usesColor && !text.isEmpty ? "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Stands for what was cut off.
  var ellipsis: String { usesUnicode ? "…" : "..." }

  /// Between two versions.
  var arrow: String { usesUnicode ? "→" : "->" }

  /// The turning sign of work under way.
  func spinner(frame: Int) -> String {
    let signs: [String] =
      usesUnicode ? ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] : ["|", "/", "-", "\\"]
    return signs[abs(frame) % signs.count]
  }

  /// A bar of `width` cells, filled for `fraction` of its length; more than nothing shows as at least a little.
  func bar(_ fraction: Double, width: Int) -> String {
    let fraction = min(1, max(0, fraction))
    guard usesUnicode else {
      let filled = fraction > 0 ? max(1, Int((fraction * Double(width)).rounded())) : 0
      return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
    }
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let eighths = fraction > 0 ? max(1, Int((fraction * Double(width) * 8).rounded())) : 0
    let full = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    return "▕" + full + String(repeating: " ", count: width - full.count) + "▏"
  }
}
