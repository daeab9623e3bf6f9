internal import Core

extension Timestamp {
  /// Whether it lies in the years 1970 to 9999, which every form of a date can write down.
  var isInCalendar: Bool { seconds >= 0 && seconds < 253_402_300_800 }
}

extension JSON {
  /// A moment of a sandbox's state, as epoch seconds; nil for one that no calendar of four digits has.
  var moment: Timestamp? {
    double.map { Timestamp(seconds: $0) }.flatMap { $0.isInCalendar ? $0 : nil }
  }
}
