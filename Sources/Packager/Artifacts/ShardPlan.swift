internal import Core

/// Which machine builds which unit. The first that begins writes it down; the others keep to what is written.
struct ShardPlan: Hashable, Sendable {
  /// What one unit is expected to cost, and where it is built.
  struct Unit: Hashable, Sendable {
    let unit: RepositoryPath
    /// From 1.
    let shard: Int
    /// Seconds that its last build took; nil when it has not been built yet.
    let cost: Double?
  }

  /// The most units of a plan that is read.
  private static let most = 20_000

  let count: Int
  /// In byte order of the units.
  let units: [Unit]

  /// Splits `units` so that the machines have as equal shares as the costs of the last builds allow.
  ///
  /// The dearest go first, each to the machine that has least to do. Costs count in powers of two: what varies from run to
  /// run moves nothing. A unit without a cost counts like the mean of the others.
  ///
  /// - Parameters:
  ///   - costs: seconds by unit.
  ///   - isUnchanged: whether what the last build made of a unit will do again.
  init(
    _ units: [RepositoryPath], count: Int, costs: [RepositoryPath: Double],
    isUnchanged: (RepositoryPath) -> Bool
  ) {
    let known = units.compactMap { costs[$0] }
    let mean = known.isEmpty ? 1 : known.reduce(0, +) / Double(known.count)
    let rounded = { (seconds: Double) -> Double in
      var step = 1.0 / 16
      while step < seconds, step < 1_048_576 { step *= 2 }
      return step
    }
    let expected = units.map { (unit: $0, cost: isUnchanged($0) ? 0 : rounded(costs[$0] ?? mean)) }
    var loads = [(cost: Double, units: Int)](repeating: (0, 0), count: count)
    var shards: [RepositoryPath: Int] = [:]
    for (unit, cost) in expected.sorted(by: { ($1.cost, $0.unit) < ($0.cost, $1.unit) }) {
      // Among equals the one with the fewest units, then the first.
      let least = loads.indices.min { loads[$0] < loads[$1] } ?? 0
      loads[least].cost += cost
      loads[least].units += 1
      shards[unit] = least + 1
    }
    self.count = count
    self.units = units.sorted().map { Unit(unit: $0, shard: shards[$0] ?? 1, cost: costs[$0]) }
  }

  /// Reads what ``json`` has written; nil for anything else.
  init?(_ bytes: [UInt8]) {
    guard let json = try? JSON(parsing: bytes), json["schema"] == "lamctl.shards/1",
      let count = json["shards"]?.int, (1...Shard.most).contains(count), let list = json["units"]?.array,
      list.count <= Self.most
    else { return nil }
    var units: [Unit] = []
    for element in list {
      guard let text = element["unit"]?.string, let unit = RepositoryPath(text),
        let shard = element["shard"]?.int,
        (1...count).contains(shard)
      else { return nil }
      let cost = element["cost"]?.double.flatMap { (0...1e9).contains($0) ? $0 : nil }
      units.append(Unit(unit: unit, shard: shard, cost: cost))
    }
    guard Set(units.map(\.unit)).count == units.count else { return nil }
    self.count = count
    self.units = units
  }

  var json: JSON {
    [
      "schema": "lamctl.shards/1", "shards": .int(count),
      "units": .array(
        units.map { unit in
          [
            "unit": .string(unit.unit.text), "shard": .int(unit.shard),
            "cost": unit.cost.map { .double(($0 * 1000).rounded() / 1000) } ?? .null,
          ]
        }),
    ]
  }
}
