import Core
import Sandbox
import TestSupport
import Testing

@Suite("The policies that the doctor prints, beside what the commands call", .serialized)
struct PolicyJobTests {
  /// The action that IAM asks for an operation; nil for one that everybody may call.
  private static func action(_ operation: String) -> String? {
    switch operation {
    case "GetCallerIdentity": nil
    case "Invoke": "lambda:InvokeFunction"
    case "GetMetricData", "DescribeAlarms", "ListMetrics": "cloudwatch:\(operation)"
    case "FilterLogEvents": "logs:\(operation)"
    case "GetParameters": "ssm:\(operation)"
    case "CreateSchedule", "UpdateSchedule", "DeleteSchedule", "ListSchedules", "CreateScheduleGroup":
      "scheduler:\(operation)"
    case "ListRuleNamesByTarget": "events:\(operation)"
    default: "lambda:\(operation)"
    }
  }

  /// What a command may do by its policy.
  private func allowed(_ command: String, _ policies: JSON) -> Set<String> {
    let statements = policies["commands"]?[command]?["Statement"]?.array ?? []
    return Set(statements.flatMap { $0["Action"]?.array?.compactMap(\.string) ?? [] })
  }

  private func configured() throws -> CountedRepository {
    let repository = try CountedRepository(functions: 1, smoke: true)
    let role = "arn:aws:iam::000000000000:role"
    try repository.folder.write(
      "lamctl.json",
      """
      { "project": "many", "functions": ["functions/*"], "keepVersions": 1,
        "defaults": { "architectures": ["x86_64"], "runtime": "python3.11", "role": "\(role)/many",
          "tags": { "team": "shop" }, "reservedConcurrency": 5 },
        "environments": { "prod": { "endpoint": "sandbox", "region": "eu-west-1", "account": "000000000000" } },
        "rollout": { "settle": "1s", "maxWait": "0s", "deadMan": { "role": "\(role)/back" } },
        "preview": { "from": "prod", "role": "\(role)/previews", "functionUrl": { "authType": "NONE" } } }
      """)
    return repository
  }

  @Test(
    "no command calls what its policy does not allow, and a deploy's allows nothing that it has no use for")
  func calls() async throws {
    let repository = try configured()
    try repository.start()
    let policies = try await repository.run("doctor", "--policy").document()
    _ = repository.takeCalls()
    var called: [String: Set<String>] = [:]
    func run(_ arguments: String..., code: Int32 = 0) async throws {
      let outcome = try await repository.begin(arguments).outcome()
      #expect(outcome.exit == .code(code), "\(arguments): \(outcome.output)\(outcome.errors)")
      let actions = repository.takeCalls().keys.compactMap(Self.action)
      called[arguments[0], default: []].formUnion(actions)
    }
    try await run("deploy", "--create", "--all-at-once")
    for answer in 1...3 {
      try repository.write(0, answer: answer)
      try await run("deploy", "--canary", "10%:1m", "--bake", "30s", "--on-low-traffic", "promote-if-smoked")
    }
    for command in ["status", "plan", "list", "versions", "doctor", "adopt", "abort", "resume", "tick"] {
      try await run(command)
    }
    try await run("prune", "--keep", "1")
    try await run("rollback")
    try await run("alias", "set", "debug", "prod", "--to", "1", "--for", "2h")
    try await run("alias", "delete", "debug", "prod")
    for command in ["why", "logs", "invoke"] { try await run(command, "prod", CountedRepository.name(0)) }
    try await run("triggers")
    // There was no traffic to judge.
    try await run("judge", "--since", "1h", code: 1)
    try await run("report", "prod", "--html", "\(repository.folder.path)/page.html")
    try repository.write(0, answer: 4)
    for _ in 1...2 { try await run("deploy", "--preview", "pr-1") }
    try await run("preview", "list")
    try await run("preview", "delete", "pr-1")
    for (command, actions) in called {
      let more = actions.subtracting(allowed(command, policies))
      #expect(more.isEmpty, "\(command) also calls \(more.sorted())")
    }
    let rare: Set = [
      // Only where a function has much traffic, a canary was taken back, or an alias is to be made for what is live.
      "lambda:GetAccountSettings", "logs:FilterLogEvents", "lambda:GetPolicy",
      "lambda:ListEventSourceMappings",
      "lambda:GetFunctionUrlConfig", "lambda:UpdateFunctionConfiguration", "lambda:TagResource",
      "lambda:DeleteFunctionConcurrency", "lambda:ListAliases",
      // What was called by its number a moment ago, as smoke tests do, is not pruned.
      "lambda:DeleteFunction",
      // An alias that somebody has set goes once its time is over.
      "lambda:DeleteAlias",
      "scheduler:UpdateSchedule",
      // Only where calls are left over that came by the bare name, or through an alias that is gone.
      "cloudwatch:ListMetrics",
      // A preview's address that has other settings now, or is not wanted any more.
      "lambda:UpdateFunctionUrlConfig", "lambda:DeleteFunctionUrlConfig", "lambda:RemovePermission",
      // Asked by Lambda and EventBridge, and not by a call.
      "iam:PassRole",
    ]
    let unused = allowed("deploy", policies).subtracting(called["deploy"] ?? []).subtracting(rare)
    #expect(unused.isEmpty, "a deploy has no use for \(unused.sorted())")
    await repository.stop()
  }

  @Test("what the configuration does not know any more is told with the commands that would remove it")
  func leftovers() async throws {
    let repository = try CountedRepository(functions: 2)
    try repository.start()
    try await repository.deployFirst()
    let text = try repository.folder.read("lamctl.json")
    try repository.folder.write(
      "lamctl.json",
      text.replacing(
        #""environments": {"#,
        with: #""environments": { "staging": { "endpoint": "sandbox", "region": "eu-west-1" },"#)
    )
    #expect(try await repository.run("deploy", "staging", "--all-at-once").exit == .code(0))
    try repository.folder.write("lamctl.json", text)
    try Files.remove("\(repository.folder.path)/functions/f001")
    for command in ["plan", "doctor"] {
      let outcome = try await repository.run(command)
      #expect(outcome.exit == .code(0), "\(outcome.errors)")
      for words in [
        "aws lambda delete-function --function-name many-f001 --region eu-west-1",
        "aws lambda delete-alias --function-name many-f000 --name staging --region eu-west-1",
      ] {
        #expect(outcome.output.contains(words), "\(command): \(outcome.output)")
      }
    }
    await repository.stop()
  }
}
