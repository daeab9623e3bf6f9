internal import Core
internal import Triggers

extension TriggerForecast {
  /// `orders power  10% for 10m: about 310 of 3 100 invocations; nightly: 0, next in 9h; jobs: about 300 batches`.
  package var sentence: String {
    let parts = ["\(function) power  \(steps): \(total)"] + lines.map { "\($0.name): \(words($0))" }
    return parts.joined(separator: "; ")
  }

  private var total: String {
    guard let invocations, let canary else { return "no calls of the alias were counted in the last 24h" }
    // Of none that are to be expected the canary gets no part.
    guard invocations >= 0.5 else {
      return "\(invocations == 0 ? "0 invocations" : "less than 1 invocation") in all"
    }
    return "\(Self.about(canary)) of \(Self.count(invocations)) invocations"
  }

  private var steps: String {
    let shares = plan.steps.compactMap { step -> String? in
      guard case .traffic(let weight, let duration) = step else { return nil }
      return "\(weight) for \(duration)"
    }
    return shares.joined(separator: ", ")
  }

  private func words(_ line: Line) -> String {
    switch line.sight {
    case .expected(let range, _):
      let noun = line.isBatched ? " batches" : ""
      let (least, most) = (range.lowerBound.rounded(), range.upperBound.rounded())
      if least == most { return Self.about(range.upperBound) + noun }
      return least == 0
        ? "up to \(Self.count(most))\(noun)" : "\(Self.count(least)) to \(Self.count(most))\(noun)"
    case .scheduled(let canary, let all, let next):
      // Less than half a call of a rate is more likely none than one.
      if all < 0.5 { return next.map { "0, next in \(Self.distance(from: begin, to: $0))" } ?? "0" }
      return "\(Self.about(canary)) of \(Self.count(all))"
    case .later: return "bound after the bake"
    case .off: return "off"
    case .unknown(let reason): return reason.map { "no data: \($0)" } ?? "no data"
    }
  }

  private static func count(_ value: Double) -> String {
    Wording.count(Int(min(max(value.rounded(), 0), 1e15)))
  }

  private static func about(_ value: Double) -> String {
    value > 0 && value < 0.5 ? "less than 1" : value == 0 ? "0" : "about \(count(value))"
  }

  /// In minutes up to two hours, in hours up to two days, in days from there on.
  private static func distance(from begin: Timestamp, to end: Timestamp) -> String {
    let minutes = Int(min((end - begin).seconds / 60, 1e9))
    return minutes < 120 ? "\(minutes)m" : minutes < 2_880 ? "\(minutes / 60)h" : "\(minutes / 1_440)d"
  }
}
