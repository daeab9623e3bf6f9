internal import Core

/// The timeline of one function as a picture: the new version's weight above, the error rates of both below.
struct PageChart {
  /// Where it is looked at: letters are as large on either, and the style sheet shows one of them.
  enum Shape: String, CaseIterable {
    case broad, narrow

    /// The width of the picture, in the units of its letters' height of 12.
    fileprivate var width: Double { self == .broad ? 720 : 340 }
  }

  private let function: PageFunction
  private let shape: Shape

  private static let left = 52.0
  private var right: Double { shape.width - 20 }
  /// Top and bottom of the weights, and of the rates.
  private static let weights = (top: 22.0, bottom: 72.0)
  private static let rates = (top: 100.0, bottom: 200.0)

  init(_ function: PageFunction, _ shape: Shape = .broad) {
    self.function = function
    self.shape = shape
  }

  /// The picture; nothing without minutes.
  var svg: String {
    let minutes = function.minutes
    guard !minutes.isEmpty else { return "" }
    let top = scale
    let label =
      "\(minutes.count) minutes: canary \(function.canary?.words ?? "no traffic"), stable \(function.stable?.words ?? "no traffic")"
    return """
      <svg class="\(shape.rawValue)" viewBox="0 0 \(n(shape.width)) 232" role="img" aria-label="\(HTMLText.escaped(label))">
      <text x="\(n(Self.left))" y="14">\(HTMLText.escaped(function.weightWords))</text>
      \(axis(Self.weights.top, "100 %"))\(axis(Self.weights.bottom, "0"))
      <path class="weight" d="\(weightPath)"/>
      <text x="\(n(Self.left))" y="94">errors: new version (line), stable (dashes)</text>
      \(axis(Self.rates.top, Percent.text(top)))\(axis(Self.rates.bottom, "0"))
      <path class="stable" d="\(ratePath(\.stable, top: top))"/>
      <path class="canary" d="\(ratePath(\.canary, top: top))"/>
      \(dots(top: top))
      \(times)
      </svg>

      """
  }

  /// The highest rate that is drawn: with room above the highest there is, and never so small that noise fills it.
  private var scale: Double {
    let highest = function.minutes.flatMap { [$0.canary.rate, $0.stable.rate] }.compactMap { $0 }.max() ?? 0
    return [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].first { highest <= $0 } ?? 1
  }

  private func x(_ index: Double) -> Double {
    Self.left + (right - Self.left) * index / Double(function.minutes.count)
  }

  private var weightPath: String {
    let (top, bottom) = Self.weights
    var path = "M\(n(Self.left)) \(n(bottom))"
    for (index, minute) in function.minutes.enumerated() {
      let y = n(bottom - (bottom - top) * minute.weight)
      path += "L\(n(x(Double(index)))) \(y)L\(n(x(Double(index + 1)))) \(y)"
    }
    return path + "L\(n(right)) \(n(bottom))Z"
  }

  private func y(_ rate: Double, top: Double) -> Double {
    Self.rates.bottom - (Self.rates.bottom - Self.rates.top) * min(1, rate / top)
  }

  /// A line through the minutes with traffic; a minute without any breaks it.
  private func ratePath(_ side: KeyPath<PageMinute, PageCounts>, top: Double) -> String {
    var path = ""
    var isDown = false
    for (index, minute) in function.minutes.enumerated() {
      guard let rate = minute[keyPath: side].rate else {
        isDown = false
        continue
      }
      path += "\(isDown ? "L" : "M")\(n(x(Double(index) + 0.5))) \(n(y(rate, top: top)))"
      isDown = true
    }
    return path
  }

  /// Minutes in which the new version failed can be pointed at.
  private func dots(top: Double) -> String {
    function.minutes.enumerated().compactMap { index, minute in
      guard let rate = minute.canary.rate, minute.canary.errors > 0 else { return nil }
      let title = HTMLText.escaped("\(minute.start?.iso8601 ?? ""): \(minute.canary.words)")
      return
        "<circle class=\"dot\" cx=\"\(n(x(Double(index) + 0.5)))\" cy=\"\(n(y(rate, top: top)))\" r=\"3\"><title>\(title)</title></circle>"
    }.joined(separator: "\n")
  }

  private func axis(_ y: Double, _ label: String) -> String {
    "<line class=\"axis\" x1=\"\(n(Self.left))\" x2=\"\(n(right))\" y1=\"\(n(y))\" y2=\"\(n(y))\"/>"
      + "<text x=\"\(n(Self.left - 6))\" y=\"\(n(y + 4))\" text-anchor=\"end\">\(HTMLText.escaped(label))</text>\n"
  }

  private var times: String {
    let minutes = function.minutes
    let first = minutes.first?.start.map { clock($0) } ?? "minute 1"
    let last = minutes.last?.start.map { clock($0 + .minutes(1)) } ?? "minute \(minutes.count)"
    return "<text x=\"\(n(Self.left))\" y=\"222\">\(first)</text>"
      + "<text x=\"\(n(right))\" y=\"222\" text-anchor=\"end\">\(last)</text>"
  }

  /// `05:49`.
  private func clock(_ moment: Timestamp) -> String {
    HTMLText.escaped(String(moment.iso8601.dropFirst(11).prefix(5)))
  }

  private func n(_ value: Double) -> String { value.formatted(digits: 1) }
}
