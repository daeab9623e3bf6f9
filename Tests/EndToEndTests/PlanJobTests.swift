import AWSClient
import Core
import Glibc
import Sandbox
import TestSupport
import Testing

@Suite("What plan says before anything is sent, with the built binary against the sandbox", .serialized)
struct PlanJobTests {
  /// Runs `plan`, and makes sure that it only reads.
  private func plan(
    _ repository: CountedRepository, _ options: String..., environment: [String: String] = [:]
  ) async throws -> String {
    _ = repository.takeCalls()
    let plan = try await repository.begin(["plan"] + options, environment: environment).outcome()
    #expect(plan.exit == .code(0), "\(plan.errors)")
    let calls = repository.takeCalls().keys
    #expect(calls.allSatisfy { $0.hasPrefix("Get") || $0.hasPrefix("List") }, "\(calls)")
    return plan.output
  }

  @Test("a role that is another, metrics that must not be read, and credentials that end too soon")
  func preflight() async throws {
    let repository = try CountedRepository(functions: 1)
    try repository.start()
    try await repository.deployFirst()
    try repository.write(0, answer: 1)
    let text = try repository.folder.read("lamctl.json")
    try repository.folder.write("lamctl.json", text.replacing("role/many", with: "role/other"))
    let role = try await plan(repository, "--canary", "10%:1m")
    let roles = "Deploy would refuse: f000: version 1 and the new version have different execution roles"
    #expect(role.contains(roles), "\(role)")
    let refused = try await repository.run("deploy", "--canary", "10%:1m")
    #expect(refused.exit == .code(1), "\(refused.errors)")
    try repository.folder.write("lamctl.json", text)

    try repository.setFaults("GetMetricData=deny:1")
    let metrics = try await plan(repository, "--canary", "10%:1m")
    #expect(metrics.contains("Deploy would refuse: "), "\(metrics)")
    #expect(metrics.contains("GetMetricData"), "\(metrics)")
    let denied = try await repository.run("deploy", "--canary", "10%:1m")
    #expect(denied.exit == .code(77), "\(denied.errors)")
    try repository.setFaults("")

    let address = text.replacing("\"sandbox\"", with: "\"\(repository.endpoint)\"")
    try repository.folder.write("lamctl.json", address)
    let end = ["AWS_CREDENTIAL_EXPIRATION": (repository.now + .minutes(10)).iso8601]
    let credentials = try await plan(
      repository, "--canary", "10%:30m", environment: repository.credentials.merging(end) { $1 })
    #expect(credentials.contains("the credentials end at "), "\(credentials)")
    await repository.stop()
  }

  @Test("an alias that somebody has moved, told by status and doctor too, and the package it was moved from")
  func moved() async throws {
    let repository = try CountedRepository(functions: 1)
    try repository.start()
    try await repository.deployFirst()
    try repository.write(0, answer: 1)
    try await repository.deployFirst()
    let aws = try AWS(
      settings: AWSSettings(region: "eu-west-1", endpointURL: repository.endpoint, parallel: 4),
      environment: repository.credentials, clock: SystemClock())
    let alias = try await aws.lambda.getAlias("many-f000", name: "prod")
    _ = try await aws.lambda.updateAlias(
      "many-f000", name: "prod", version: "1", weights: [:], description: alias.description, revisionID: nil)
    aws.shutdown()

    let same = try await plan(repository)
    #expect(same.contains("Deploy would refuse: f000: "), "\(same)")
    #expect(same.contains("--retry"), "\(same)")
    try repository.write(0, answer: 2)
    let other = try await plan(repository)
    for output in [other, try await repository.run("doctor").output] {
      #expect(output.contains("f000: the alias was moved since release "), "\(output)")
      #expect(output.contains("from version 2 to version 1"), "\(output)")
    }
    let status = try await repository.run("status").output
    #expect(status.contains("moved by hand (was version 2)"), "\(status)")
    await repository.stop()
  }

  @Test("a package that was taken back, and a release that was taken back in part")
  func takenBack() async throws {
    let repository = try await CountedRepository.changed(2, traffic: 5)
    let held = try await repository.run("deploy", "--canary", "10%:1m", "--no-promote")
    #expect(held.exit == .code(11), "\(held.errors)")
    let rollback = try repository.begin(["rollback", "--parallel", "1"])
    let process = rollback.child.processID
    repository.watch { call in
      guard call.operation == "UpdateAlias", repository.stored(0).contains("st=rb") else { return }
      kill(process, SIGKILL)
    }
    #expect(await rollback.child.exit() == .signal(9))
    repository.watch(nil)
    let half = try await plan(repository)
    #expect(half.contains("a part of which was taken back already: f001."), "\(half)")
    let back = try await repository.run("rollback")
    #expect(back.exit == .code(0), "\(back.errors)")
    #expect(try await repository.weights().values.allSatisfy { $0 == ["1": 1] })

    let quarantined = try await plan(repository)
    #expect(quarantined.contains("Deploy would refuse: f000: "), "\(quarantined)")
    #expect(quarantined.contains("--retry"), "\(quarantined)")
    await repository.stop()
  }
}
