import Core
import Testing

@testable import AWSClient

/// Signatures of random requests, by the client and by botocore.
@Suite("Signatures against botocore's", .enabled(if: Python.isInstalled, Python.missing))
struct SignatureTests {
  @Test(
    "the client and botocore sign random requests alike", arguments: [1, 20_150_830, 987_654_321] as [UInt64])
  func random(seed: UInt64) async throws {
    var chance = SplitMix(seed: seed)
    let requests = (0..<400).map { _ in RandomRequest(using: &chance) }
    let signed = try await Python.run(file: "check_signatures.py", input: .array(requests.map(\.json)))
    let answers = try #require(signed.array)
    try #require(answers.count == requests.count)
    for (request, answer) in zip(requests, answers) {
      let own = request.authorization
      #expect(
        own == answer["authorization"]?.string,
        "seed \(seed): \(request.json.text())\nbotocore's canonical request:\n\(answer["canonical"]?.string ?? "")"
      )
    }
  }
}
