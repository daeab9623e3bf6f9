internal import Core

/// The picture of a release under way: a line per function. Pure; the same input gives the same lines.
struct LiveView: Equatable, Sendable {
  /// A line above the functions, such as the release and the environment; none when empty.
  var title = ""
  /// The release, its commit and who makes it, in the order in which they are told; none when empty.
  var origin: [String] = []
  /// When it began; nil for none to tell.
  var began: Timestamp?
  /// In the order of their names.
  var rows: [FunctionRow] = []

  /// Cells of the bar between its brackets.
  private static let barWidth = 12
  /// The widest that the column of names gets.
  private static let nameLimit = 28

  /// The lines to show, none wider than `size` allows and together fewer than fill the screen, so that redrawing in
  /// place works. What has no room is counted in a last line; functions at work have precedence.
  ///
  /// - Parameters:
  ///   - frame: counts up from picture to picture; turns the spinner.
  ///   - now: what the time since ``began`` is told by.
  func lines(size: Terminal.Size, style: Style, frame: Int, now: Timestamp? = nil) -> [String] {
    // The last cell stays free: some terminals wrap as soon as it is filled.
    let columns = max(10, size.columns - 1)
    let hasTitle = !title.isEmpty && size.rows > 4
    let header = hasTitle ? headings(columns: columns, rows: size.rows, style: style, now: now) : []
    let room = max(1, size.rows - 1 - header.count)
    let shown = visible(room: room)
    let widths = Widths(rows: shown, style: style)
    // One for all rows: a function with trouble must not lose its figures where the one below it has them.
    let detail =
      Detail.allCases.first { detail in
        shown.allSatisfy { row in
          let pieces = pieces(row, widths: widths, detail: detail, style: style, frame: frame)
          return Self.width(pieces.map(\.shortened)) <= columns
        }
      } ?? .rates
    var lines =
      header
      + shown.map { row in
        joined(
          pieces(row, widths: widths, detail: detail, style: style, frame: frame), note: row.note,
          columns: columns, style: style)
      }
    if shown.count < rows.count {
      lines.append(style.paint(clipped("  \(style.ellipsis) and \(folded(shown))", columns, style), .faint))
    }
    return Array(lines.prefix(max(1, size.rows - 1)))
  }

  /// The title, and on a line of its own where there is room what is known of the release.
  private func headings(columns: Int, rows: Int, style: Style, now: Timestamp?) -> [String] {
    var lines = [style.paint(clipped(title, columns, style), .strong)]
    var facts = origin
    if let began, let now { facts.append(FunctionRow.short(now - began)) }
    if let step { facts.append("step " + step.replacing("/", with: " of ")) }
    guard !facts.isEmpty, rows > 6 else { return lines }
    // The last ones are those that change; a release's id ends with its commit.
    while facts.count > 1, Cells.width(facts.joined(separator: "  ")) > columns {
      facts.remove(at: facts.firstIndex { $0.hasPrefix("commit ") } ?? 0)
    }
    lines.append(style.paint(clipped(facts.joined(separator: "  "), columns, style), .faint))
    return lines
  }

  /// The step that most of the functions at work are in.
  private var step: String? {
    let steps = rows.filter { $0.state == .active }.compactMap(\.step)
    let counted = Dictionary(grouping: steps) { $0 }.mapValues(\.count)
    return counted.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// The rows that fit, the worst first: failed and held ones, those whose version on trial fails more often, those at
  /// work, those that wait, those that are done.
  private func visible(room: Int) -> [FunctionRow] {
    func order(quiet: Int) -> [Int] {
      rows.indices.sorted { (min(rows[$0].urgency, quiet), $0) < (min(rows[$1].urgency, quiet), $1) }
    }
    // Where all have room, those with nothing wrong keep their places.
    guard rows.count > room else { return order(quiet: FunctionRow.quietUrgency).map { rows[$0] } }
    return order(quiet: .max).prefix(max(1, room - 1)).map { rows[$0] }
  }

  /// What of the functions is not shown: `36 more: 34 promoted, 2 canary`.
  private func folded(_ shown: [FunctionRow]) -> String {
    let names = Set(shown.map(\.name))
    let hidden = rows.filter { !names.contains($0.name) }
    let counted = Dictionary(grouping: hidden) { $0.phase.isEmpty ? "waiting" : $0.phase }.mapValues(\.count)
    let kinds = counted.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
    return "\(hidden.count) more: \(kinds.joined(separator: ", "))"
  }

  private struct Widths {
    let name: Int
    let phase: Int
    let versions: Int
    let rates: Int
    let counts: Int
    let verdict: Int

    init(rows: [FunctionRow], style: Style) {
      name = min(LiveView.nameLimit, rows.map { Cells.width($0.name) }.max() ?? 0)
      phase = rows.map { Cells.width($0.phase) }.max() ?? 0
      versions = rows.map { Cells.width($0.versions(style)) }.max() ?? 0
      rates = rows.map { Cells.width($0.rates) }.max() ?? 0
      counts = rows.map { Cells.width($0.counts) }.max() ?? 0
      verdict = rows.map { Cells.width($0.verdict ?? "") }.max() ?? 0
    }
  }

  /// How much is said of a function's traffic, the most first.
  private enum Detail: CaseIterable {
    /// The weight's bar, and what the rates are of.
    case counts
    /// The figures without the bar, which shows the weight again.
    case countsWithoutBar
    /// The bar and the rates.
    case rates
  }

  private struct Piece {
    var text: String
    var ink: Style.Ink?
    /// Pieces with the highest number go first when the line is too long; 0 stays.
    var expendable = 0
    /// What stands in its place before it goes.
    var short: String?

    /// The piece in its shortest words.
    var shortened: Piece {
      var copy = self
      copy.text = short ?? text
      return copy
    }
  }

  /// Cells of pieces in a line.
  private static func width(_ pieces: [Piece]) -> Int {
    pieces.filter { !$0.text.isEmpty }.reduce(-1) { $0 + 1 + Cells.width($1.text) }
  }

  private func pieces(
    _ row: FunctionRow, widths: Widths, detail: Detail, style: Style, frame: Int
  ) -> [Piece] {
    var pieces = [
      Piece(text: mark(row.state, style: style, frame: frame), ink: ink(row.state)),
      Piece(
        text: Cells.padded(
          Cells.clippedInside(PlainText.line(row.name), to: widths.name, ellipsis: style.ellipsis),
          to: widths.name),
        ink: row.state == .waiting ? .faint : nil),
      Piece(text: Cells.padded(row.phase, to: widths.phase), ink: ink(row.state)),
      Piece(text: Cells.padded(row.versions(style), to: widths.versions), expendable: 2),
    ]
    if let weight = row.weight {
      let bar = style.bar(weight.fraction, width: Self.barWidth)
      if detail != .countsWithoutBar { pieces.append(Piece(text: bar, ink: .active, expendable: 5)) }
      pieces.append(Piece(text: Cells.rightAligned("\(weight)", to: 5), expendable: 1))
    }
    if !row.counts.isEmpty {
      let text =
        detail == .rates
        ? Cells.padded(row.rates, to: widths.rates) : Cells.padded(row.counts, to: widths.counts)
      pieces.append(Piece(text: text, ink: rateInk(row), expendable: 3))
    }
    if let verdict = row.verdict {
      pieces.append(
        Piece(
          text: Cells.padded(verdict, to: widths.verdict), ink: Self.ink(ofVerdict: verdict), expendable: 2))
    }
    if let remaining = row.remaining {
      let words =
        row.isExtended
        ? "extended, \(FunctionRow.short(remaining)) at most" : FunctionRow.short(remaining) + " left"
      pieces.append(Piece(text: words, expendable: 4, short: FunctionRow.short(remaining)))
    }
    return pieces
  }

  /// The pieces that fit, and as much of the note as there is room for.
  private func joined(_ pieces: [Piece], note: String?, columns: Int, style: Style) -> String {
    var pieces = pieces.filter { !$0.text.isEmpty }
    func width() -> Int { Self.width(pieces) }
    for index in pieces.indices.reversed() where width() > columns {
      if let short = pieces[index].short, !short.isEmpty { pieces[index].text = short }
    }
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

  private static func ink(ofVerdict verdict: String) -> Style.Ink {
    switch verdict {
    case "rollback": .bad
    case "hold", "extend": .warning
    case "pass": .good
    default: .faint
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
