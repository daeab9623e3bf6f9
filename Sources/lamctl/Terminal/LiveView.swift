internal import Core

/// The picture of a release under way: a line per function. Pure; the same input gives the same lines.
struct LiveView: Equatable, Sendable {
  /// A line above the functions, such as the release and the environment; none when empty.
  var title = ""
  /// In the order of their names.
  var rows: [FunctionRow] = []

  /// Cells of the bar between its brackets.
  private static let barWidth = 12
  /// The widest that the column of names gets.
  private static let nameLimit = 28

  /// The lines to show, none wider than `size` allows and together fewer than fill the screen, so that redrawing in
  /// place works. What has no room is counted in a last line; functions at work have precedence.
  ///
  /// - Parameter frame: counts up from picture to picture; turns the spinner.
  func lines(size: Terminal.Size, style: Style, frame: Int) -> [String] {
    // The last cell stays free: some terminals wrap as soon as it is filled.
    let columns = max(10, size.columns - 1)
    let hasTitle = !title.isEmpty && size.rows > 4
    let header = hasTitle ? [style.paint(clipped(title, columns, style), .strong)] : []
    let room = max(1, size.rows - 1 - header.count)
    let shown = visible(room: room)
    let widths = Widths(rows: shown, style: style)
    var lines = header + shown.map { line($0, widths: widths, columns: columns, style: style, frame: frame) }
    if shown.count < rows.count {
      let hidden = rows.count - shown.count
      lines.append(style.paint(clipped("  \(style.ellipsis) and \(hidden) more", columns, style), .faint))
    }
    return Array(lines.prefix(max(1, size.rows - 1)))
  }

  /// The rows that fit, in their order: those at work first, then failed and held ones, then those that wait.
  private func visible(room: Int) -> [FunctionRow] {
    guard rows.count > room else { return rows }
    let rank: [FunctionRow.State] = [.active, .failed, .held, .waiting, .done]
    let order = rows.indices.sorted { a, b in
      let ranks = (rank.firstIndex(of: rows[a].state) ?? 0, rank.firstIndex(of: rows[b].state) ?? 0)
      return ranks.0 == ranks.1 ? a < b : ranks.0 < ranks.1
    }
    return order.prefix(max(1, room - 1)).sorted().map { rows[$0] }
  }

  private struct Widths {
    let name: Int
    let phase: Int
    let versions: Int
    let rates: Int

    init(rows: [FunctionRow], style: Style) {
      name = min(LiveView.nameLimit, rows.map { Cells.width($0.name) }.max() ?? 0)
      phase = rows.map { Cells.width($0.phase) }.max() ?? 0
      versions = rows.map { Cells.width($0.versions(style)) }.max() ?? 0
      rates = rows.map { Cells.width($0.rates) }.max() ?? 0
    }
  }

  private struct Piece {
    var text: String
    var ink: Style.Ink?
    /// Pieces with the highest number go first when the line is too long; 0 stays.
    var expendable = 0
  }

  private func line(
    _ row: FunctionRow, widths: Widths, columns: Int, style: Style, frame: Int
  ) -> String {
    var pieces = [
      Piece(text: mark(row.state, style: style, frame: frame), ink: ink(row.state)),
      Piece(
        text: Cells.padded(clipped(row.name, widths.name, style), to: widths.name),
        ink: row.state == .waiting ? .faint : nil),
      Piece(text: Cells.padded(row.phase, to: widths.phase), ink: ink(row.state)),
      Piece(text: Cells.padded(row.versions(style), to: widths.versions), expendable: 2),
    ]
    if let weight = row.weight {
      let bar = style.bar(weight.fraction, width: Self.barWidth)
      pieces.append(Piece(text: bar, ink: .active, expendable: 5))
      pieces.append(Piece(text: Cells.rightAligned("\(weight)", to: 5), expendable: 1))
    }
    let rates = row.rates
    if !rates.isEmpty {
      pieces.append(Piece(text: Cells.padded(rates, to: widths.rates), ink: rateInk(row), expendable: 3))
    }
    if let remaining = row.remaining {
      pieces.append(Piece(text: FunctionRow.short(remaining) + " left", expendable: 4))
    }
    return joined(pieces, note: row.note, columns: columns, style: style)
  }

  /// The pieces that fit, and as much of the note as there is room for.
  private func joined(_ pieces: [Piece], note: String?, columns: Int, style: Style) -> String {
    var pieces = pieces.filter { !$0.text.isEmpty }
    func width() -> Int { pieces.reduce(-1) { $0 + 1 + Cells.width($1.text) } }
    while width() > columns, let worst = pieces.map(\.expendable).max(), worst > 0 {
      pieces.removeAll { $0.expendable == worst }
    }
    guard width() <= columns else {
      return clipped(pieces.map(\.text).joined(separator: " "), columns, style)
    }
    let room = columns - width() - 1
    if let note, room >= 8 { pieces.append(Piece(text: clipped(note, room, style), ink: .faint)) }
    // Nothing follows any more that would have to be kept in its column.
    while let last = pieces.popLast() {
      let text = String(last.text.reversed().drop { $0 == " " }.reversed())
      guard text.isEmpty else {
        pieces.append(Piece(text: text, ink: last.ink))
        break
      }
    }
    return pieces.map { piece in piece.ink.map { style.paint(piece.text, $0) } ?? piece.text }
      .joined(separator: " ")
  }

  private func mark(_ state: FunctionRow.State, style: Style, frame: Int) -> String {
    switch state {
    case .waiting: style.usesUnicode ? "·" : "."
    case .active: style.spinner(frame: frame)
    case .done: style.usesUnicode ? "✓" : "+"
    case .held: style.usesUnicode ? "‖" : "="
    case .failed: style.usesUnicode ? "✗" : "x"
    }
  }

  private func ink(_ state: FunctionRow.State) -> Style.Ink {
    switch state {
    case .waiting: .faint
    case .active: .active
    case .done: .good
    case .held: .warning
    case .failed: .bad
    }
  }

  /// A higher rate than that of the serving version deserves a look; the verdict is the judge's alone.
  private func rateInk(_ row: FunctionRow) -> Style.Ink? {
    guard let canary = row.canaryRate, canary > row.stableRate ?? 0 else { return nil }
    return .warning
  }

  private func clipped(_ text: String, _ columns: Int, _ style: Style) -> String {
    Cells.clipped(PlainText.line(text), to: columns, ellipsis: style.ellipsis)
  }
}
