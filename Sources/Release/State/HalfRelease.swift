internal import Core

/// A release that a dead run has left half promoted, or half taken back: it is brought to its end before anything new is
/// begun on its functions, which would leave some of them on one of its versions and some on the other. Pure: plan in,
/// what is left out.
struct HalfRelease: Sendable {
  /// Which way its rest has to go.
  enum Way: Hashable, Sendable {
    /// Its first function was promoted: it is decided.
    case forward
    /// One of its functions was taken back.
    case back(RecordReason)
  }

  let release: ReleaseID
  let way: Way
  /// The functions that are not there yet.
  let functions: [FunctionPlan]

  /// Those among the functions of `plan`, the oldest first. One that this plan goes forward with anyway is none.
  static func find(_ plan: ReleasePlan) -> [HalfRelease] {
    var groups: [ReleaseID: [(plan: FunctionPlan, record: RolloutRecord)]] = [:]
    for function in plan.functions {
      guard let record = function.record, record.functions > 1 else { continue }
      groups[record.release, default: []].append((function, record))
    }
    return groups.sorted { $0.key < $1.key }.compactMap { release, group in
      let left = group.filter { $0.plan.unfinished != nil }
      if let reason = reason(group.map(\.record)) {
        let open = left + (reason == .person || reason == .superseded ? promoted(group) : [])
        return open.isEmpty
          ? nil : HalfRelease(release: release, way: .back(reason), functions: open.map(\.plan))
      }
      guard !left.isEmpty else { return nil }
      if let way = way(group, left.map(\.plan)) {
        return HalfRelease(release: release, way: way, functions: left.map(\.plan))
      }
      return nil
    }
  }

  /// Why some of `records` went back.
  private static func reason(_ records: [RolloutRecord]) -> RecordReason? {
    for case .rolledBack(let reason) in records.map(\.state) { return reason }
    return nil
  }

  /// The functions that a rollback of a whole release which had come to its end has not come to: the mark of it is how
  /// many functions the first record counts that it has written.
  private static func promoted(
    _ group: [(plan: FunctionPlan, record: RolloutRecord)]
  ) -> [(plan: FunctionPlan, record: RolloutRecord)] {
    group.filter { $0.record.state == .idle && $0.record.previous != nil && $0.plan.move == nil }
  }

  private static func way(
    _ group: [(plan: FunctionPlan, record: RolloutRecord)], _ left: [FunctionPlan]
  ) -> Way? {
    let records = group.map(\.record)
    let isDecided = records.contains { $0.state.isDecided }
    let isSplit = records.contains { $0.onTrial != nil }
    let isOurs = left.allSatisfy { $0.unfinished?.relation == .same }
    if isDecided, isSplit, !isOurs { return .forward }
    // Somebody has taken one of its canaries away by hand: a release is all or nothing.
    let isMoved = group.contains { $0.plan.move != nil && $0.record.state.isUnderWay }
    return isMoved && !records.contains { $0.state == .idle } ? .back(.peer) : nil
  }
}
