internal import Core
internal import Glibc

/// What one of the standard streams can show.
struct Terminal: Sendable {
  /// Whether lines may be redrawn in place.
  var isLive: Bool
  /// Whether colours are wanted.
  var usesColor: Bool
  /// Whether characters beyond ASCII come out right.
  var usesUnicode: Bool
  /// Cells a line and lines a screen, as they are at the moment of the call.
  var size: @Sendable () -> Size

  /// Room on the screen.
  struct Size: Equatable, Sendable {
    var columns: Int
    var rows: Int

    /// What is assumed of a stream that has no size.
    static let usual = Size(columns: 80, rows: 24)
  }

  /// Decides by the rules of no-color.org and bixense.com/clicolors: `NO_COLOR` wins over `CLICOLOR_FORCE`,
  /// which wins over what the stream is.
  ///
  /// - Parameters:
  ///   - isTTY: whether the stream is a terminal. A terminal that `CI` provides keeps every frame in its log,
  ///     so lines are not redrawn there.
  ///   - noColor: `--no-color` was given.
  init(
    isTTY: Bool, environment: [String: String], noColor: Bool = false,
    size: @escaping @Sendable () -> Size = { .usual }
  ) {
    let isDumb = environment["TERM"] == "dumb"
    let isCI = !["", "false", "0"].contains(environment["CI"] ?? "")
    isLive = isTTY && !isDumb && !isCI
    usesUnicode = Self.isUTF8(environment)
    self.size = size
    if noColor || environment["NO_COLOR"].map({ !$0.isEmpty }) == true {
      usesColor = false
    } else if let forced = environment["CLICOLOR_FORCE"], !["", "0"].contains(forced) {
      usesColor = true
    } else {
      usesColor = isTTY && !isDumb && environment["CLICOLOR"] != "0"
    }
  }

  /// Looks at an open descriptor.
  init(descriptor: Int32, environment: [String: String], noColor: Bool = false) {
    let columns = environment["COLUMNS"].flatMap { Int($0) }
    self.init(isTTY: isatty(descriptor) == 1, environment: environment, noColor: noColor) {
      var window = winsize()
      if ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 {
        return Size(columns: Int(window.ws_col), rows: max(1, Int(window.ws_row)))
      }
      return Size(columns: columns.flatMap { $0 > 0 ? $0 : nil } ?? Size.usual.columns, rows: Size.usual.rows)
    }
  }

  /// The characters and colours that suit this stream.
  var style: Style { Style(usesColor: usesColor, usesUnicode: usesUnicode) }

  /// The first of the locale's variables that is set decides (POSIX, section 8.2).
  private static func isUTF8(_ environment: [String: String]) -> Bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    let locale = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let lowercased = locale.lowercased()
    return lowercased.contains("utf-8") || lowercased.contains("utf8")
  }
}
