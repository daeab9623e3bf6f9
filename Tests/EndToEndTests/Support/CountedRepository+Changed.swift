import Core
import TestSupport
import Testing

// Releases of many functions with traffic.
extension CountedRepository {
  /// `count` functions that serve and have traffic, with a change of each that is not released yet.
  static func changed(
    _ count: Int, traffic: Double, speed: Double = 60, strict: Bool = false, settle: String = "1m"
  ) async throws -> CountedRepository {
    let repository = try CountedRepository(functions: count)
    let text = try repository.folder.read("lamctl.json")
    try repository.folder.write(
      "lamctl.json",
      text.replacing(
        #""settle": "1s", "maxWait": "0s""#, with: #""settle": "\#(settle)", "minInvocations": 3"#))
    try repository.start()
    try await repository.deployFirst()
    await repository.stop()
    try repository.start(
      speed: speed, strict: strict, traffic: Array(repeating: traffic, count: count))
    for index in 0..<count { try repository.write(index, answer: 1) }
    return repository
  }

  /// Makes every invocation of a function fail.
  func breakFunction(_ index: Int) throws {
    try folder.write(
      "functions/\(Self.name(index))/handler.py",
      "def handler(event, context):\n    raise RuntimeError('the warehouse does not answer')\n")
  }

  /// What the sandbox has on disk of a function, aliases with it; empty where there is nothing.
  func stored(_ index: Int) -> String {
    (try? folder.read(".lamctl/sandbox/functions/many-\(Self.name(index)).json")) ?? ""
  }

  /// Where each function's traffic goes, as `status --json` tells it.
  func weights() async throws -> [String: JSON?] {
    let status = try await run("status", "--json").document()
    var weights: [String: JSON?] = [:]
    for function in status["functions"]?.array ?? [] {
      weights[function["function"]?.string ?? ""] = function["weights"]
    }
    return weights
  }
}
