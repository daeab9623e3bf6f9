import Core
import Packager
import Testing
import Triggers

@testable import lamctl

@Suite("Policies") struct PolicyTests {
  /// What an environment is allowed that asks for these things.
  private struct Access {
    var policy: AccessPolicy
    let needs: PolicyNeeds

    func document(for command: any RunnableCommand.Type) -> JSON {
      policy.document(allowing: command.operations(needs))
    }
  }

  private func policy(_ needs: PolicyNeeds, functions: [String] = ["shop-orders"]) -> Access {
    Access(
      policy: AccessPolicy(
        partition: "aws", region: "eu-west-1", account: "123456789012", functions: functions,
        roles: ["arn:aws:iam::123456789012:role/orders"], deadManRole: "arn:aws:iam::123456789012:role/back",
        bucket: "packages", cache: "builds/shop", parameters: ["/shop/table"]),
      needs: needs)
  }

  private func statement(_ document: JSON, _ id: String) -> JSON? {
    document["Statement"]?.array?.first { $0["Sid"]?.string == id }
  }

  private func actions(_ document: JSON) -> Set<String> {
    Set((document["Statement"]?.array ?? []).flatMap { $0["Action"]?.array?.compactMap(\.string) ?? [] })
  }

  @Test(
    "a policy names the functions with their versions and aliases, and nothing that the command does not need"
  )
  func least() {
    let rollback = policy(PolicyNeeds()).document(for: RollbackCommand.self)
    let functions = statement(rollback, "Functions")
    #expect(
      functions?["Resource"] == [
        "arn:aws:lambda:eu-west-1:123456789012:function:shop-orders",
        "arn:aws:lambda:eu-west-1:123456789012:function:shop-orders:*",
      ])
    #expect(actions(rollback).contains("lambda:UpdateAlias"))
    #expect(actions(rollback).isDisjoint(with: ["lambda:UpdateFunctionCode", "iam:PassRole"]))
    let readers: [any RunnableCommand.Type] = [
      StatusCommand.self, PlanCommand.self, DoctorCommand.self, JudgeCommand.self, VersionsCommand.self,
      ListCommand.self, WhyCommand.self, TriggersCommand.self, ReportCommand.self, LogsCommand.self,
    ]
    for command in readers {
      for operation in command.operations(.all) where operation != .invoke && operation != .getRegistryToken {
        #expect(operation.isReading, "\(command.name): \(operation.action)")
      }
    }
  }

  @Test("roles may be passed to the service that assumes them, and to no other")
  func roles() {
    let deploy = policy(.all).document(for: DeployCommand.self)
    let roles = statement(deploy, "ExecutionRoles")
    #expect(roles?["Resource"] == ["arn:aws:iam::123456789012:role/orders"])
    #expect(roles?["Condition"]?["StringEquals"]?["iam:PassedToService"] == "lambda.amazonaws.com")
    let switchRole = statement(deploy, "DeadManRole")
    #expect(switchRole?["Condition"]?["StringEquals"]?["iam:PassedToService"] == "scheduler.amazonaws.com")
  }

  @Test(
    "previews need their calls only where they are configured, and pass their role to the scheduler alone")
  func previews() {
    var needs = PolicyNeeds()
    #expect(!actions(policy(needs).document(for: DeployCommand.self)).contains { $0.hasPrefix("scheduler:") })
    #expect(actions(policy(needs).document(for: PreviewCommand.self)).isEmpty)
    needs.preview = true
    needs.previewURL = true
    needs.previewRole = true
    var access = policy(needs)
    access.policy.previewRole = "arn:aws:iam::123456789012:role/previews"
    let deploy = access.document(for: DeployCommand.self)
    #expect(
      actions(deploy).isSuperset(of: [
        "scheduler:CreateScheduleGroup", "scheduler:CreateSchedule", "scheduler:UpdateSchedule",
        "scheduler:ListSchedules", "lambda:CreateFunctionUrlConfig", "lambda:AddPermission",
      ]))
    let role = statement(deploy, "PreviewRole")
    #expect(role?["Resource"] == ["arn:aws:iam::123456789012:role/previews"])
    #expect(role?["Condition"]?["StringEquals"]?["iam:PassedToService"] == "scheduler.amazonaws.com")
    #expect(
      actions(access.document(for: PreviewCommand.self)).isSuperset(of: [
        "scheduler:DeleteSchedule", "lambda:DeleteFunctionUrlConfig", "lambda:DeleteAlias",
        "lambda:RemovePermission",
      ]))
    #expect(actions(access.document(for: PruneCommand.self)).contains("lambda:DeleteFunctionUrlConfig"))
  }

  @Test("container images may be pushed to their repositories alone, whoever owns those")
  func images() throws {
    func repositories(_ names: [String]) throws -> [ImageRepository] {
      try names.map { try #require(ImageRepository(parsing: $0)) }
    }
    var needs = PolicyNeeds()
    #expect(!actions(policy(needs).document(for: DeployCommand.self)).contains { $0.hasPrefix("ecr:") })
    needs.images = true
    var some = policy(needs)
    some.policy.images = try repositories([
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/orders",
      "210987654321.dkr.ecr.eu-west-1.amazonaws.com/base", "localhost:5000/shop/orders",
    ])
    let deploy = some.document(for: DeployCommand.self)
    let images = statement(deploy, "Images")
    #expect(
      images?["Resource"] == [
        "arn:aws:ecr:eu-west-1:123456789012:repository/shop/orders",
        "arn:aws:ecr:eu-west-1:210987654321:repository/base",
      ])
    #expect(images?["Action"]?.array?.count == Operation.releaseImage.count)
    let general = statement(deploy, "WithoutResources")?["Action"]?.array?.compactMap(\.string)
    #expect(general?.contains("ecr:GetAuthorizationToken") == true)
    let doctor = actions(some.document(for: DoctorCommand.self)).filter { $0.hasPrefix("ecr:") }
    #expect(doctor == ["ecr:GetAuthorizationToken"])
    some.policy.images = try repositories(
      (100..<200).map { "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/f\($0)" })
    #expect(
      statement(some.document(for: DeployCommand.self), "Images")?["Resource"] == [
        "arn:aws:ecr:eu-west-1:123456789012:repository/shop/f1*"
      ])
  }

  @Test("every command's policy is one that IAM has room for, and each of its statements has a resource")
  func size() {
    let many = (100..<400).map { "shop-function-\($0)" }
    var access = policy(.all, functions: many)
    access.policy.layers = ["common"]
    access.policy.previewRole = "arn:aws:iam::123456789012:role/previews"
    for command in Lamctl.table.commands {
      let document = access.document(for: command)
      #expect(document.text().utf8.count < 6_144, "\(command.name)")
      for statement in document["Statement"]?.array ?? [] {
        let place = "\(command.name): \(statement["Sid"] ?? .null)"
        #expect(statement["Resource"]?.array?.isEmpty == false, "\(place)")
      }
    }
  }

  @Test("commands that nobody would look for in a policy, and call AWS all the same, are in it")
  func forgotten() {
    func actions(_ command: any RunnableCommand.Type, _ needs: PolicyNeeds = PolicyNeeds()) -> Set<String> {
      Set(command.operations(needs).map(\.action))
    }
    #expect(
      actions(LogsCommand.self).isSuperset(of: ["lambda:GetFunctionConfiguration", "logs:FilterLogEvents"]))
    #expect(actions(InvokeCommand.self) == ["lambda:InvokeFunction"])
    #expect(actions(ReportCommand.self).isSuperset(of: ["cloudwatch:GetMetricData", "logs:FilterLogEvents"]))
    // A sleeping version is woken before it gets traffic.
    #expect(actions(AbortCommand.self).contains("lambda:InvokeFunction"))
    // What goes on with a rollout binds its triggers.
    #expect(
      actions(TickCommand.self, PolicyNeeds(triggers: [.rule])).isSuperset(of: [
        "events:PutRule", "lambda:AddPermission",
      ]))
    let build = policy(PolicyNeeds(cache: true)).document(for: BuildCommand.self)
    #expect(statement(build, "Cache")?["Resource"] == ["arn:aws:s3:::builds/shop/*"])
    #expect(statement(build, "CacheBucket")?["Resource"] == ["arn:aws:s3:::builds"])
  }
}
