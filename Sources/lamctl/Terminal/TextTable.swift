internal import Core

/// Rows in columns that are as wide as their widest cell, two spaces apart. No lines, so that it can be cut and grepped.
struct TextTable: Equatable, Sendable {
  /// How a column stands.
  enum Alignment: Equatable, Sendable {
    case left, right
  }

  /// One heading.
  struct Column: Equatable, Sendable {
    let title: String
    var alignment = Alignment.left

    /// Columns with the highest number are cut first where the table is too wide, and are left out before one with a lower
    /// number is cut to nothing; nil for one that is never cut.
    var expendable: Int? = 0

    /// Whether cells are names, which are told apart by their ends as well.
    var isName = false

    /// Whether the column is left out rather than cut: the beginning of a release's id or of a time says nothing.
    var isUndivided = false

    /// Whether cells are sentences: where there is no room for them in the row, they stand below it, broken between words.
    var isSentence = false

    static func left(_ title: String) -> Column { Column(title: title) }
    /// A column of names: they are cut in their middle, and to no less than what tells them apart.
    static func names(_ title: String) -> Column {
      var column = left(title)
      column.isName = true
      return column
    }
    static func right(_ title: String) -> Column { Column(title: title, alignment: .right) }

    /// A column of sentences.
    static func sentences(_ title: String) -> Column {
      var column = left(title)
      column.isSentence = true
      return column
    }

    /// The fewest cells that it is cut to where its widest cell has `width`.
    fileprivate func leastWidth(of width: Int) -> Int {
      expendable == nil || isUndivided ? width : min(width, isName ? 20 : 8)
    }

    /// This column, which is cut before those with lower numbers.
    func cut(_ rank: Int) -> Column {
      var copy = self
      copy.expendable = rank
      return copy
    }

    /// This column, which is there as a whole or not at all, and goes before those with lower numbers.
    func dropped(_ rank: Int) -> Column {
      var copy = cut(rank)
      copy.isUndivided = true
      return copy
    }

    /// This column, which nobody may miss: it is never cut.
    var whole: Column {
      var copy = self
      copy.expendable = nil
      return copy
    }
  }

  let columns: [Column]
  /// Cells row by row; a short row has empty cells at its end, what is beyond the columns is not shown.
  var rows: [[String]] = []
  /// The same in fewer words, for where there is no room for ``rows``; nil where there are none.
  var shorter: [[String]]?

  init(_ columns: [Column], rows: [[String]] = [], shorter: [[String]]? = nil) {
    self.columns = columns
    self.rows = rows
    self.shorter = shorter
  }

  /// The table as lines, the heading first; without rows there are none.
  ///
  /// What is too wide is taken off the least important columns. Where not even that is enough, each row is a block: what it
  /// is about, and below it a line a column. So no line is wider than the limit, unless one word is.
  ///
  /// - Parameter limit: the widest that the table may get; nil, as for a pipe, for all that it needs.
  func lines(style: Style = .plain, limit: Int? = nil) -> [String] {
    guard !rows.isEmpty, !columns.isEmpty else { return [] }
    let full = texts(rows)
    guard let limit else { return Layout(columns, full).lines(widths: fullWidths(full), style: style) }
    for cells in [full] + (shorter.map { [texts($0)] } ?? []) {
      if let lines = fitted(cells, limit: limit, style: style) { return lines }
    }
    return blocks(full, limit: limit, style: style)
  }

  private func texts(_ rows: [[String]]) -> [[String]] {
    rows.map { row in columns.indices.map { $0 < row.count ? PlainText.line(row[$0]) : "" } }
  }

  private func fullWidths(_ cells: [[String]]) -> [Int] {
    columns.indices.map { column in
      ([columns[column].title] + cells.map { $0[column] }).map { Cells.width($0) }.max() ?? 0
    }
  }

  /// The table in lines of at most `limit` cells; nil where that cannot be.
  private func fitted(_ cells: [[String]], limit: Int, style: Style) -> [String]? {
    let full = fullWidths(cells)
    var kept = Array(columns.indices)
    func needed(_ width: (Int) -> Int) -> Int { kept.reduce(2 * (kept.count - 1)) { $0 + width($1) } }
    var below: [Int] = []
    if needed({ full[$0] }) > limit {
      below = kept.filter { columns[$0].isSentence }
      kept.removeAll { columns[$0].isSentence }
    }
    while needed({ columns[$0].leastWidth(of: full[$0]) }) > limit {
      let rank = kept.compactMap { columns[$0].expendable }.max() ?? 0
      guard rank > 0, let index = kept.last(where: { columns[$0].expendable == rank }) else { return nil }
      kept.removeAll { $0 == index }
    }
    var widths = kept.map { full[$0] }
    var excess = needed { full[$0] } - limit
    // The least important first; among equals the last.
    let order = kept.indices.sorted { a, b in
      (columns[kept[a]].expendable ?? 0, a) > (columns[kept[b]].expendable ?? 0, b)
    }
    for place in order where excess > 0 {
      let cut = min(excess, widths[place] - columns[kept[place]].leastWidth(of: widths[place]))
      widths[place] -= cut
      excess -= cut
    }
    let layout = Layout(kept.map { columns[$0] }, cells.map { row in kept.map { row[$0] } })
    let lines = layout.lines(widths: widths, style: style)
    guard !below.isEmpty else { return lines }
    return lines.prefix(1)
      + zip(lines.dropFirst(), cells).flatMap { line, row in
        [line]
          + below.filter { !row[$0].isEmpty }.flatMap {
            Paragraph.lines("  " + row[$0], columns: limit, indent: 2)
          }
      }
  }

  /// A row below the other: its first cell, and a line for each of the others that says something.
  private func blocks(_ cells: [[String]], limit: Int, style: Style) -> [String] {
    cells.flatMap { row in
      let name = Cells.clippedInside(row[0], to: limit, ellipsis: style.ellipsis)
      return [style.paint(name, .strong)]
        + columns.indices.dropFirst().filter { !["", "-"].contains(row[$0]) }.flatMap {
          index -> [String] in
          let lines = Paragraph.lines("  \(columns[index].title): \(row[index])", columns: limit)
          guard columns[index].isName else { return lines }
          return lines.map { Cells.clippedInside($0, to: limit, ellipsis: style.ellipsis) }
        }
    }
  }
}

/// Cells in columns of given widths.
private struct Layout {
  let columns: [TextTable.Column]
  let cells: [[String]]

  init(_ columns: [TextTable.Column], _ cells: [[String]]) {
    self.columns = columns
    self.cells = cells
  }

  func lines(widths: [Int], style: Style) -> [String] {
    let heading = line(columns.map(\.title), widths: widths, style: style)
    return [style.paint(heading, .strong)] + cells.map { line($0, widths: widths, style: style) }
  }

  private func line(_ cells: [String], widths: [Int], style: Style) -> String {
    let texts = columns.indices.map { column in
      let text =
        columns[column].isName
        ? Cells.clippedInside(cells[column], to: widths[column], ellipsis: style.ellipsis)
        : Cells.clipped(cells[column], to: widths[column], ellipsis: style.ellipsis)
      return columns[column].alignment == .left
        ? Cells.padded(text, to: widths[column]) : Cells.rightAligned(text, to: widths[column])
    }
    return String(texts.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
  }
}
