extension Timetable {
  /// The first time after `moment` by the clocks of a zone; nil when there is none any more. What clocks leave out in
  /// spring is left out, what they show twice in autumn counts once:
  /// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
  ///
  /// - Parameter start: when a rate began to count.
  package func next(after moment: Timestamp, start: Timestamp, in zone: ZoneRules) -> Timestamp? {
    let local = { (moment: Timestamp) in moment + .seconds(Double(zone.offset(at: moment))) }
    switch self {
    case .rate: return next(after: moment, start: start)
    case .at(let shown):
      guard let time = zone.moment(showing: shown), time > moment else { return nil }
      return time
    case .cron(let fields):
      var shown = local(moment)
      // The minutes that clocks leave out or show again, and no more.
      for _ in 0..<(24 * 60) {
        guard let next = fields.next(after: shown) else { return nil }
        if let time = zone.moment(showing: next), time > moment { return time }
        shown = next
      }
      return nil
    }
  }

  /// How many times lie after `start` and up to `end`; of a rate, whose beginning nobody tells, how many on average.
  package func count(after start: Timestamp, through end: Timestamp, in zone: ZoneRules) -> Double {
    guard end > start else { return 0 }
    if case .rate(let seconds) = self { return (end - start).seconds / seconds }
    var (count, moment) = (0.0, start)
    // A minute is the shortest time between two; of more than a month of them nobody needs the exact number.
    while count < 50_000, let next = next(after: moment, start: start, in: zone), next <= end {
      count += 1
      moment = next
    }
    return count
  }
}
