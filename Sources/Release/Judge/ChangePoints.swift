/// The minutes at which a failure may begin, and how much of the evidence is staked on each: half on the first one, the
/// rest on every fifth minute after it, less and less. What is staked on minutes that have not come yet is kept.
struct ChangePoints {
  /// A start every so many minutes.
  static let spacing = 5
  private static let onFirst = 0.5

  /// How many starts lie within the minutes.
  let count: Int

  init(minutes: Int) { count = (minutes + Self.spacing - 1) / Self.spacing }

  /// What is staked on the start with this number, from 0.
  func stake(_ index: Int) -> Double {
    index == 0 ? Self.onFirst : (1 - Self.onFirst) / Double(index * (index + 1))
  }

  /// What is kept: 1 / (2 (1 + floor((T - 1) / 5))), and everything before the first minute.
  var kept: Double { count == 0 ? 1 : (1 - Self.onFirst) / Double(count) }

  /// The minute of the start with this number, both from 0.
  static func minute(_ index: Int) -> Int { index * spacing }
}
