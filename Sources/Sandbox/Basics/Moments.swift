internal import Core

extension JSON {
  /// A moment of a sandbox's state, as epoch seconds; nil for one that no calendar of four digits has.
  var moment: Timestamp? { double.flatMap { Timestamp(outside: $0) } }
}
