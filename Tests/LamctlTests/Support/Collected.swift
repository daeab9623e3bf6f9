import Core

@testable import lamctl

/// Text that was written, piece by piece.
final class Collected: Sendable {
  private let stored = Lock<[String]>([])

  /// A stream that ends up here.
  var output: Output {
    output(guard: nil)
  }

  /// The same, in the log of a CI system.
  func output(guard logGuard: LogGuard?) -> Output {
    Output(guard: logGuard) { [stored] bytes in
      stored.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
    }
  }

  var pieces: [String] { stored.withLock { $0 } }
  var text: String { pieces.joined() }
}

extension Terminal {
  /// A stream with a fixed size.
  static func fixed(
    columns: Int = 80, rows: Int = 24, isLive: Bool = true, color: Bool = false, unicode: Bool = true
  ) -> Terminal {
    var terminal = Terminal(isTTY: isLive, environment: [:]) { Size(columns: columns, rows: rows) }
    terminal.isLive = isLive
    terminal.usesColor = color
    terminal.usesUnicode = unicode
    return terminal
  }
}
