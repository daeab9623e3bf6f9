import Core
import Testing

@testable import Packager

@Suite("shards of a build")
struct ShardPlanTests {
  private static func units(_ count: Int) -> [RepositoryPath] {
    (0..<count).map { number -> RepositoryPath in "fn/f\(number)" }
  }

  @Test(
    "every unit is in exactly one of the shards, and no shard goes without work", arguments: [1, 2, 3, 7, 40])
  func partition(count: Int) {
    let units = Self.units(40)
    let plan = ShardPlan(units, count: count, costs: [:]) { _ in false }
    #expect(plan.units.map(\.unit) == units.sorted())
    #expect(Set(plan.units.map(\.shard)) == Set(1...count))
  }

  @Test("costs of the last builds are shared out, and what varies a little from run to run moves nothing")
  func costs() {
    let units = Self.units(30)
    var random = UInt64(5)
    var costs: [RepositoryPath: Double] = [:]
    for unit in units {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      costs[unit] = Double(1 << (random >> 61)) * 0.8
    }
    let plan = ShardPlan(units, count: 3, costs: costs) { _ in false }
    let loads = (1...3).map { shard in
      plan.units.filter { $0.shard == shard }.reduce(0) { $0 + (costs[$1.unit] ?? 0) }
    }
    #expect((loads.max() ?? 0) < 1.2 * (loads.min() ?? 0))
    let varied = ShardPlan(units.reversed(), count: 3, costs: costs.mapValues { $0 * 1.1 }) { _ in false }
    #expect(varied.units.map(\.shard) == plan.units.map(\.shard))
  }

  @Test("units that changed are shared out evenly, whatever the others once cost")
  func changed() {
    let units = Self.units(40)
    let changed = Set(units.prefix(6))
    var costs = Dictionary(uniqueKeysWithValues: units.map { ($0, 1.0) })
    for unit in units.dropFirst(20) { costs[unit] = 600 }
    let plan = ShardPlan(units, count: 3, costs: costs) { !changed.contains($0) }
    for shard in 1...3 { #expect(plan.units.count { $0.shard == shard && changed.contains($0.unit) } == 2) }
  }

  @Test("a plan is read as it was written, and nothing else is")
  func reading() {
    let plan = ShardPlan(Self.units(5), count: 2, costs: [Self.units(1)[0]: 1.5]) { _ in false }
    let text = plan.json.text()
    #expect(ShardPlan(Array(text.utf8)) == plan)
    for broken in [
      "", "{}", text.replacing("lamctl.shards/1", with: "lamctl.shards/2"),
      text.replacing("\"shards\":2", with: "\"shards\":0"),
      text.replacing("\"shard\":1", with: "\"shard\":3"),
      text.replacing("fn/f1", with: "../f1"), text.replacing("fn/f1", with: "fn/f2"),
    ] {
      #expect(ShardPlan(Array(broken.utf8)) == nil, "\(broken)")
    }
  }

  @Test(
    "a shard is written K/N",
    arguments: [
      ("1/1", true), ("2/3", true), ("0/3", false), ("4/3", false),
      ("1/257", false), ("a/b", false), ("1", false), ("1/2/3", false), ("-1/2", false),
    ])
  func writing(_ text: String, _ isShard: Bool) {
    #expect((Shard(parsing: text) != nil) == isShard)
  }
}
