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
  /// The functions that are under way still.
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
      guard !left.isEmpty, let way = way(group.map(\.record), left.map(\.plan)) else { return nil }
      return HalfRelease(release: release, way: way, functions: left.map(\.plan))
    }
  }

  private static func way(_ records: [RolloutRecord], _ left: [FunctionPlan]) -> Way? {
    for record in records {
      if case .rolledBack(let reason) = record.state { return .back(reason) }
    }
    let isDecided = records.contains { [.bake, .commit].contains($0.state) }
    let isSplit = records.contains { $0.state == .canary || $0.state.isHold }
    let isOurs = left.allSatisfy { $0.unfinished?.relation == .same }
    return isDecided && isSplit && !isOurs ? .forward : nil
  }
}
