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

    static func left(_ title: String) -> Column { Column(title: title) }
    static func right(_ title: String) -> Column { Column(title: title, alignment: .right) }
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
  ///   What is too wide is taken off the last column first.
  func lines(style: Style = .plain, limit: Int? = nil) -> [String] {
    guard !rows.isEmpty, !columns.isEmpty else { return [] }
    let cells = rows.map { row in
      columns.indices.map { $0 < row.count ? PlainText.line(row[$0]) : "" }
    }
    let widths = widths(cells, limit: limit)
    let heading = line(columns.map(\.title), widths: widths, style: style)
    return [style.paint(heading, .strong)] + cells.map { line($0, widths: widths, style: style) }
  }

  private func widths(_ cells: [[String]], limit: Int?) -> [Int] {
    var widths = columns.indices.map { column in
      ([columns[column].title] + cells.map { $0[column] }).map { Cells.width($0) }.max() ?? 0
    }
    guard let limit else { return widths }
    var excess = widths.reduce(2 * (widths.count - 1), +) - limit
    for column in columns.indices.reversed() where excess > 0 {
      let least = min(widths[column], 8)
      let cut = min(excess, widths[column] - least)
      widths[column] -= cut
      excess -= cut
    }
    return widths
  }

  private func line(_ cells: [String], widths: [Int], style: Style) -> String {
    let texts = columns.indices.map { column in
      let text = Cells.clipped(cells[column], to: widths[column], ellipsis: style.ellipsis)
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
      .left("FUNCTION"), .left("VERSION"), .left("OUTCOME"), .right("CANARY"), .right("STABLE"),
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
