import AWSClient
import Core
import Sandbox
import TestSupport
import Testing

@Suite("What stops a release before its first weight, with the built binary", .serialized)
struct PreflightJobTests {
  /// A client of the sandbox beside lamctl.
  private func client(_ repository: CountedRepository) throws -> AWS {
    try AWS(
      settings: AWSSettings(region: "eu-west-1", endpointURL: repository.endpoint, parallel: 4),
      environment: repository.credentials, clock: SystemClock())
  }

  @Test("triggers that go past the alias are told of by the doctor and by the release, which goes on")
  func bypass() async throws {
    let repository = try CountedRepository(functions: 1, smoke: true)
    try repository.start()
    try await repository.deployFirst()
    let aws = try client(repository)
    for _ in 0..<40 {
      _ = try await aws.lambda.invoke("many-f000", payload: Array("{}".utf8))
    }
    aws.shutdown()
    try repository.write(0, answer: 1)
    // They count once their minute of the sandbox is over, and no longer than an hour of it: how many of them do depends on
    // the machine.
    let words = " invocations of the last hour went through the alias prod"
    var doctor = try await repository.run("doctor")
    for _ in 0..<20 where !doctor.output.contains(words) { doctor = try await repository.run("doctor") }
    #expect(doctor.output.contains("WARN  triggers"), "\(doctor.output)")
    #expect(doctor.output.contains("none of the "), "\(doctor.output)")
    let run = try await repository.run("deploy", "--canary", "10%:1m", "--bake", "0s", "--json")
    #expect(run.exit == .code(0), "\(run.errors)")
    let warnings = try run.document()["warnings"]?.array?.compactMap(\.string) ?? []
    #expect(warnings.contains { $0.hasPrefix("f000: none of the ") && $0.contains(words) }, "\(warnings)")
    await repository.stop()
  }

  @Test("a rollback without a record names what CloudWatch knows, goes there with --yes, and is verified")
  func unrecorded() async throws {
    let repository = try CountedRepository(functions: 1)
    try repository.start()
    try await repository.deployFirst()
    let aws = try client(repository)
    for _ in 0..<3 {
      _ = try await aws.lambda.invoke("many-f000", qualifier: "prod", payload: Array("{}".utf8))
    }
    try repository.write(0, answer: 1)
    try await repository.deployFirst()
    _ = try await aws.lambda.updateAlias(
      "many-f000", name: "prod", version: "2", weights: [:], description: "", revisionID: nil)
    aws.shutdown()

    // The invocations count once their minute is over.
    var refused = try await repository.run("rollback", "--json")
    for _ in 0..<20 where !refused.errors.contains("--yes") {
      refused = try await repository.run("rollback", "--json")
    }
    #expect(refused.exit == .code(1), "\(refused.errors)")
    #expect(refused.errors.contains("version 1 is the newest before it with traffic"), "\(refused.errors)")
    let run = try await repository.run("rollback", "--yes", "--json")
    #expect(run.exit == .code(0), "\(run.errors)")
    #expect(try run.function("f000")["outcome"] == "rolledBack")
    #expect(try run.function("f000")["verified"] == true)
    #expect(run.errors.contains("verified: version 1 serves everything"), "\(run.errors)")
    let status = try await repository.run("status", "--json")
    #expect(try status.function("f000")["weights"] == ["1": 1])
    await repository.stop()
  }

  @Test(
    "provisioned concurrency on the alias rules out steps; the doctor warns of it; all at once goes through")
  func provisioned() async throws {
    let repository = try CountedRepository(functions: 1)
    try repository.start()
    try await repository.deployFirst()
    let aws = try client(repository)
    try await aws.lambda.setProvisionedConcurrency("many-f000", qualifier: "prod", provisioned: 2)
    aws.shutdown()
    // The sandbox keeps it.
    await repository.stop()
    try repository.start()
    try repository.write(0, answer: 1)

    let doctor = try await repository.run("doctor")
    #expect(doctor.exit == .code(0), "\(doctor.output)")
    #expect(doctor.output.contains("WARN  provisioned concurrency"), "\(doctor.output)")
    let refused = try await repository.run("deploy", "--canary", "10%:1m", "--json")
    #expect(refused.exit == .code(1), "\(refused.errors)")
    #expect(refused.errors.contains("the alias prod has provisioned concurrency (2)"), "\(refused.errors)")
    #expect(refused.errors.contains("fix: put the provisioned concurrency on the version"))
    #expect(repository.takeCalls()["UpdateAlias"] == nil)
    let atOnce = try await repository.run("deploy", "--all-at-once", "--json")
    #expect(atOnce.exit == .code(0), "\(atOnce.errors)")
    await repository.stop()
  }

  @Test("a commit that is older than the one that serves is refused before anything is sent; plan says so")
  func older() async throws {
    let repository = try CountedRepository(functions: 1)
    func git(_ arguments: String...) async throws {
      let exit = try await ChildProcess.run(
        .init(
          arguments: ["git", "-c", "user.name=A", "-c", "user.email=a@b"] + arguments,
          environment: .exactly(["PATH": CountedRepository.searchPath, "HOME": repository.folder.path]),
          folder: repository.folder.path)
      ) { _, _ in }
      try #require(exit.isSuccess, "git \(arguments)")
    }
    try repository.folder.write(".gitignore", ".lamctl\n")
    try await git("init", "-q", "-b", "main")
    try await git("add", ".")
    try await git("commit", "-q", "-m", "one")
    try repository.write(0, answer: 1)
    try await git("commit", "-q", "-a", "-m", "two")
    try repository.start()
    try await repository.deployFirst()
    try await git("checkout", "-q", "HEAD~1")

    let plan = try await repository.run("plan")
    #expect(
      plan.output.contains("Deploy would refuse: f000: version 1 was made from commit"), "\(plan.output)")
    let warnings = try await repository.run("plan", "--json").document()["warnings"]?.array
    #expect(warnings?.count == 1)
    _ = repository.takeCalls()
    let refused = try await repository.run("deploy", "--json")
    #expect(refused.exit == .code(1), "\(refused.errors)")
    #expect(refused.errors.contains("--allow-older"), "\(refused.errors)")
    #expect(repository.takeCalls().keys.allSatisfy { $0.hasPrefix("Get") || $0.hasPrefix("List") })
    let allowed = try await repository.run("deploy", "--all-at-once", "--allow-older", "--json")
    #expect(allowed.exit == .code(0), "\(allowed.errors)")
    await repository.stop()
  }

  @Test(
    "a shallow clone that cannot tell whether its commit is older is refused with the command that fetches the history"
  )
  func shallow() async throws {
    let repository = try CountedRepository(functions: 1)
    let path = repository.folder.path
    func git(_ arguments: String..., in folder: String? = nil) async throws {
      let exit = try await ChildProcess.run(
        .init(
          arguments: ["git", "-c", "user.name=A", "-c", "user.email=a@b"] + arguments,
          environment: .exactly(["PATH": CountedRepository.searchPath, "HOME": path]), folder: folder ?? path)
      ) { _, _ in }
      try #require(exit.isSuccess, "git \(arguments)")
    }
    try repository.folder.write(".gitignore", ".lamctl\nclone\n")
    try await git("init", "-q", "-b", "main")
    for answer in 1...3 {
      try repository.write(0, answer: answer)
      try await git("add", ".")
      try await git("commit", "-q", "-m", "\(answer)")
      if answer == 1 {
        try repository.start()
        try await repository.deployFirst()
      }
    }
    try await git("clone", "-q", "--depth", "1", "file://\(path)", "clone")
    let clone = "\(path)/clone"
    let environment = CountedRepository.plainVariables(home: path).merging(repository.credentials) { $1 }
    func deploy(_ more: String...) async throws -> BuiltBinary.Outcome {
      try await BuiltBinary.start(
        ["deploy", "--all-at-once", "--endpoint-url", repository.endpoint, "--json"] + more, in: clone,
        environment: environment
      ).outcome()
    }
    _ = repository.takeCalls()
    let refused = try await deploy()
    #expect(refused.exit == .code(1), "\(refused.errors)")
    #expect(refused.errors.contains("git fetch --unshallow"), "\(refused.errors)")
    #expect(repository.takeCalls().keys.allSatisfy { $0.hasPrefix("Get") || $0.hasPrefix("List") })

    try await git("fetch", "-q", "--unshallow", in: clone)
    let whole = try await deploy()
    #expect(whole.exit == .code(0), "\(whole.errors)")
    await repository.stop()
  }
}
