internal import Glibc

// How often each rule takes a rollout back, of rollouts that are the same for all of them.

let runs = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 1_000

func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// `12.3 %`, and the median minute where anything was taken back.
func cell(_ minutes: [Int]) -> String {
  let tenths = (Double(minutes.count) * 1_000 / Double(runs)).rounded() / 10
  guard !minutes.isEmpty else { return "0 %" }
  return "\(tenths) % / \(minutes.sorted()[minutes.count / 2])"
}

print(
  padded("a minute", 10) + padded("stable", 8) + padded("canary", 32)
    + Rule.all.map { padded($0.name, 14) }.joined())
for (index, scenario) in Scenario.all.enumerated() {
  var chance = Chance(seed: 20_261_121 + UInt64(index))
  var found = [[Int]](repeating: [], count: Rule.all.count)
  for _ in 0..<runs {
    let (history, minutes) = scenario.rollout(&chance)
    for (place, rule) in Rule.all.enumerated() {
      if let minute = rule.minuteOfRollback(history, minutes) { found[place].append(minute) }
    }
  }
  print(
    padded("\(Int(scenario.perMinute))", 10) + padded("\(scenario.stable * 100) %", 8)
      + padded(scenario.name, 32)
      + found.map { padded(cell($0), 14) }.joined())
  fflush(nil)
}
print(
  "\(runs) rollouts a row, 30 minutes at 10 %; taken back / at which minute (median). Equal canaries: the fewer the better."
)
