package import Core

/// One change of the canary's weight, as the record keeps it.
package struct WeightChange: Hashable, Sendable {
  /// Whole minutes of the clock between the one that holds the canary's start and the one that holds the change.
  package let minute: Int
  /// The weight from then on, exact to a thousandth of a percent.
  package let weight: Weight

  /// A change `minute` minutes (0 to 99 999) after the start; the weight is rounded to a thousandth of a percent.
  package init(minute: Int, weight: Weight) {
    self.minute = min(max(minute, 0), 99_999)
    let percent = Double(weight.percent.formatted(digits: 3)) ?? weight.percent
    self.weight = Weight(fraction: percent / 100) ?? weight
  }

  /// The change made at `moment` in a rollout whose canary started at `start`.
  package init(at moment: Timestamp, since start: Timestamp, weight: Weight) {
    let minutes = (moment.startOfMinute - start.startOfMinute).seconds / 60
    self.init(minute: Int(min(max(minutes, 0), 99_999)), weight: weight)
  }

  /// `7:10`: minute and percent.
  var text: String { "\(minute):\(weight.percent.formatted(digits: 3))" }

  init?(text: some StringProtocol) {
    let halves = text.split(separator: ":", omittingEmptySubsequences: false)
    guard halves.count == 2, let minute = DescriptionLine.whole(halves[0], digits: 5),
      halves[1].utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
      let percent = Double(halves[1]), let weight = Weight(fraction: percent / 100)
    else { return nil }
    self.init(minute: minute, weight: weight)
  }
}

/// The whole minutes during which the canary had one weight.
package struct RecordedStep: Hashable, Sendable {
  /// The canary's weight.
  package let weight: Weight
  /// The start of the first minute that belongs to the step: the one after the minute of the change.
  package let firstMinute: Timestamp
  /// The start of the minute in which the next change was made, which belongs to no step; nil while it lasts.
  package let endMinute: Timestamp?
}
