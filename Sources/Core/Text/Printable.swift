extension StringProtocol {
  /// The text with everything written out that would not show as what it is: control characters, what turns the
  /// direction of writing around, and line and paragraph separators, each as `\u{202E}`.
  ///
  /// For names that others gave: of files, branches, functions.
  package var escaped: String {
    guard unicodeScalars.contains(where: { !$0.showsItself }) else { return String(self) }
    var result = ""
    for scalar in unicodeScalars {
      if scalar.showsItself {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Whether a reader of a terminal or a log sees the character as what it is.
  ///
  /// Not so for C0, DEL and C1, for the marks, embeddings, overrides and isolates of bidirectional text (Unicode
  /// Standard Annex 9), for the separators of lines and paragraphs, and for what takes no room at all.
  package var showsItself: Bool {
    switch value {
    case 0x00...0x1F, 0x7F...0x9F: false
    case 0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0x2028...0x2029, 0xFEFF: false
    default: true
    }
  }
}
