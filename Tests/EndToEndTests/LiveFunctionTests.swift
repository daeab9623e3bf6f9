import AWSClient
import Core
import Sandbox
import TestSupport
import Testing

@Suite("Functions that are in AWS already, with the built binary against the sandbox", .serialized)
struct LiveFunctionTests {
  /// Writes `lamctl.json` with `defaults` for the one function of `repository`.
  private func configure(_ repository: CountedRepository, _ defaults: String) throws {
    try repository.folder.write(
      "lamctl.json",
      """
      { "project": "many", "functions": ["functions/*"],
        "defaults": { "role": "arn:aws:iam::${account}:role/many"\(defaults) },
        "environments": { "prod": { "endpoint": "sandbox", "region": "eu-west-1", "account": "000000000000" } },
        "rollout": { "settle": "1s", "maxWait": "0s" } }
      """)
  }

  private func write(_ repository: CountedRepository, answer: Int) throws {
    try repository.folder.write(
      "functions/f000/handler.py",
      "def handler(event, context):\n    return {'answer': \(answer)}\n\n\n"
        + "def other_handler(event, context):\n    return {'other': \(answer)}\n")
  }

  /// `$LATEST` and the newest version of the one function.
  private func members(_ repository: CountedRepository) async throws -> JSONObject {
    let aws = try AWS(
      settings: AWSSettings(region: "eu-west-1", endpointURL: repository.endpoint, parallel: 4),
      environment: repository.credentials, clock: SystemClock())
    defer { aws.shutdown() }
    return try await aws.lambda.getFunction("many-f000", qualifier: "prod").configuration.members
  }

  @Test("what was only inferred is never written to it: AWS's values stay, and plan names the keys")
  func inferred() async throws {
    let repository = try CountedRepository(functions: 1)
    try write(repository, answer: 0)
    try configure(repository, #", "runtime": "python3.11", "architectures": ["arm64"]"#)
    try repository.folder.write(
      "functions/f000/function.json", #"{"handler": "handler.other_handler"}"#)
    try repository.start()
    try await repository.deployFirst()
    let before = try await members(repository)

    try configure(repository, "")
    try repository.folder.write("functions/f000/function.json", #"{"memorySize": 256}"#)
    try write(repository, answer: 1)
    let plan = try await repository.run("plan")
    #expect(plan.exit == .code(0), "\(plan.errors)")
    for (key, there) in [
      ("runtime", "python3.11"), ("architectures", "arm64"), ("handler", "handler.other_handler"),
    ] {
      #expect(plan.output.contains("looks like \(key) "), "\(plan.output)")
      #expect(plan.output.contains("AWS has \(there), which stays"), "\(plan.output)")
    }
    let deploy = try await repository.run("deploy", "--all-at-once", "--json")
    #expect(deploy.exit == .code(0), "\(deploy.output)\(deploy.errors)")
    let after = try await members(repository)
    #expect(after["Version"] == "2")
    #expect(after["MemorySize"] == 256)
    for key in ["Runtime", "Architectures", "Handler"] { #expect(after[key] == before[key]) }
    let next = try await repository.run("plan", "--detailed-exitcode")
    #expect(next.exit == .code(0), "\(next.output)")

    // What the manifest states is written, as ever.
    try configure(repository, #", "architectures": ["x86_64"]"#)
    let stated = try await repository.run("deploy", "--all-at-once")
    #expect(stated.exit == .code(0), "\(stated.errors)")
    #expect(try await members(repository)["Architectures"] == ["x86_64"])
    await repository.stop()
  }
}
