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

    static func left(_ title: String) -> Column { Column(title: title) }
    /// A column of names: they are cut in their middle, and to no less than what tells them apart.
    static func names(_ title: String) -> Column {
      var column = left(title)
      column.isName = true
      return column
    }
    static func right(_ title: String) -> Column { Column(title: title, alignment: .right) }

    /// The fewest cells that it is cut to.
    fileprivate var leastWidth: Int { isName ? 20 : 8 }

    /// This column, which is cut before those with lower numbers.
    func cut(_ rank: Int) -> Column {
      var copy = self
      copy.expendable = rank
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

  init(_ columns: [Column], rows: [[String]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// The table as lines, the heading first; without rows there are none.
  ///
  /// - Parameter limit: the widest that the table may get; nil, as for a pipe, for all that it needs.
  ///   What is too wide is taken off the least important columns.
  func lines(style: Style = .plain, limit: Int? = nil) -> [String] {
    guard !rows.isEmpty, !columns.isEmpty else { return [] }
    let cells = rows.map { row in
      columns.indices.map { $0 < row.count ? PlainText.line(row[$0]) : "" }
    }
    let (kept, texts) = fitting(cells, limit: limit)
    let table = TextTable(kept)
    return table.text(texts, widths: table.widths(texts, limit: limit), style: style)
  }

  /// The columns that there is room for when each is cut as far as it may be.
  private func fitting(_ cells: [[String]], limit: Int?) -> ([Column], [[String]]) {
    guard let limit else { return (columns, cells) }
    var kept = Array(columns.indices)
    func least() -> Int {
      let full = fullWidths(cells)
      return kept.reduce(2 * (kept.count - 1)) { sum, index in
        sum + (columns[index].expendable == nil ? full[index] : min(full[index], columns[index].leastWidth))
      }
    }
    while least() > limit {
      let rank = kept.compactMap { columns[$0].expendable }.max() ?? 0
      guard rank > 0, let index = kept.last(where: { columns[$0].expendable == rank }) else { break }
      kept.removeAll { $0 == index }
    }
    return (kept.map { columns[$0] }, cells.map { row in kept.map { row[$0] } })
  }

  private func fullWidths(_ cells: [[String]]) -> [Int] {
    columns.indices.map { column in
      ([columns[column].title] + cells.map { $0[column] }).map { Cells.width($0) }.max() ?? 0
    }
  }

  private func text(_ cells: [[String]], widths: [Int], style: Style) -> [String] {
    let heading = line(columns.map(\.title), widths: widths, style: style)
    return [style.paint(heading, .strong)] + cells.map { line($0, widths: widths, style: style) }
  }

  private func widths(_ cells: [[String]], limit: Int?) -> [Int] {
    var widths = fullWidths(cells)
    guard let limit else { return widths }
    var excess = widths.reduce(2 * (widths.count - 1), +) - limit
    // The least important first; among equals the last.
    let order = columns.indices.filter { columns[$0].expendable != nil }.sorted { a, b in
      (columns[a].expendable ?? 0, a) > (columns[b].expendable ?? 0, b)
    }
    for column in order where excess > 0 {
      let least = min(widths[column], columns[column].leastWidth)
      let cut = min(excess, widths[column] - least)
      widths[column] -= cut
      excess -= cut
    }
    return widths
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

extension TextTable {
  /// How a release ended, function by function.
  static func summary(of rows: [FunctionRow], style: Style) -> TextTable {
    let columns: [Column] = [
      .names("FUNCTION"), .left("VERSION"), .left("OUTCOME"), .right("CANARY"), .right("STABLE"),
      .left("NOTE"),
    ]
    return TextTable(
      columns,
      rows: rows.map { row in
        [
          row.name, row.versions(style), row.phase, row.canaryRate.map(FunctionRow.percent) ?? "-",
          row.stableRate.map(FunctionRow.percent) ?? "-", row.note ?? "",
        ]
      })
  }
}
