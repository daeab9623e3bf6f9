import Core
import Packager
import Testing

@testable import lamctl

@Suite("Policies") struct PolicyTests {
  private func policy(_ needs: PolicyNeeds, functions: [String] = ["shop-orders"]) -> AccessPolicy {
    AccessPolicy(
      partition: "aws", region: "eu-west-1", account: "123456789012", functions: functions,
      roles: ["arn:aws:iam::123456789012:role/orders"], deadManRole: "arn:aws:iam::123456789012:role/back",
      bucket: "packages", parameters: ["/shop/table"], needs: needs)
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
    let rollback = policy(PolicyNeeds()).document(for: "rollback")
    let functions = statement(rollback, "Functions")
    #expect(
      functions?["Resource"] == [
        "arn:aws:lambda:eu-west-1:123456789012:function:shop-orders",
        "arn:aws:lambda:eu-west-1:123456789012:function:shop-orders:*",
      ])
    #expect(actions(rollback).contains("lambda:UpdateAlias"))
    #expect(actions(rollback).isDisjoint(with: ["lambda:UpdateFunctionCode", "iam:PassRole"]))
    for command in ["status", "plan", "doctor", "judge", "versions", "list"] {
      let all = actions(policy(.all).document(for: command))
      #expect(
        !all.contains { $0.contains("Update") || $0.contains("Delete") || $0.contains("Create") },
        "\(command)")
    }
  }

  @Test("roles may be passed to the service that assumes them, and to no other")
  func roles() {
    let deploy = policy(.all).document(for: "deploy")
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
    #expect(!actions(policy(needs).document(for: "deploy")).contains { $0.hasPrefix("scheduler:") })
    #expect(actions(policy(needs).document(for: "preview")).isEmpty)
    needs.preview = true
    needs.previewURL = true
    needs.previewRole = true
    var access = policy(needs)
    access.previewRole = "arn:aws:iam::123456789012:role/previews"
    let deploy = access.document(for: "deploy")
    #expect(
      actions(deploy).isSuperset(of: [
        "scheduler:CreateScheduleGroup", "scheduler:CreateSchedule", "scheduler:UpdateSchedule",
        "scheduler:ListSchedules", "lambda:CreateFunctionUrlConfig", "lambda:AddPermission",
      ]))
    let role = statement(deploy, "PreviewRole")
    #expect(role?["Resource"] == ["arn:aws:iam::123456789012:role/previews"])
    #expect(role?["Condition"]?["StringEquals"]?["iam:PassedToService"] == "scheduler.amazonaws.com")
    #expect(
      actions(access.document(for: "preview")).isSuperset(of: [
        "scheduler:DeleteSchedule", "lambda:DeleteFunctionUrlConfig", "lambda:DeleteAlias",
        "lambda:RemovePermission",
      ]))
    #expect(actions(access.document(for: "prune")).contains("lambda:DeleteFunctionUrlConfig"))
  }

  @Test("container images may be pushed to their repositories alone, whoever owns those")
  func images() throws {
    func repositories(_ names: [String]) throws -> [ImageRepository] {
      try names.map { try #require(ImageRepository(parsing: $0)) }
    }
    var needs = PolicyNeeds()
    #expect(!actions(policy(needs).document(for: "deploy")).contains { $0.hasPrefix("ecr:") })
    needs.images = true
    var some = policy(needs)
    some.images = try repositories([
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/orders",
      "210987654321.dkr.ecr.eu-west-1.amazonaws.com/base", "localhost:5000/shop/orders",
    ])
    let deploy = some.document(for: "deploy")
    let images = statement(deploy, "Images")
    #expect(
      images?["Resource"] == [
        "arn:aws:ecr:eu-west-1:123456789012:repository/shop/orders",
        "arn:aws:ecr:eu-west-1:210987654321:repository/base",
      ])
    #expect(images?["Action"]?.array?.count == Operation.releaseImage.count)
    let general = statement(deploy, "WithoutResources")?["Action"]?.array?.compactMap(\.string)
    #expect(general?.contains("ecr:GetAuthorizationToken") == true)
    let doctor = actions(some.document(for: "doctor")).filter { $0.hasPrefix("ecr:") }
    #expect(doctor == ["ecr:GetAuthorizationToken"])
    some.images = try repositories(
      (100..<200).map { "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/f\($0)" })
    #expect(
      statement(some.document(for: "deploy"), "Images")?["Resource"] == [
        "arn:aws:ecr:eu-west-1:123456789012:repository/shop/f1*"
      ])
  }

  @Test("every command has a policy that an IAM policy has room for", arguments: PolicyTable.commands)
  func size(command: String) {
    let many = (100..<400).map { "shop-function-\($0)" }
    let document = policy(.all, functions: many).document(for: command)
    #expect(document.text().utf8.count < 6_144)
  }

  @Test("a role for CI trusts the repository, and only the branches that may deploy")
  func trust() throws {
    let github = try #require(GitRemote(url: "git@github.com:owner/shop.git"))
    func document(_ remote: GitRemote, _ branches: [String]) -> JSON? {
      TrustPolicy.document(for: remote, branches: branches, partition: "aws", account: "123456789012")?[
        "Statement"]?
        .array?.first
    }
    let main = document(github, ["main"])
    #expect(
      main?["Principal"]?["Federated"]
        == "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com")
    let like = main?["Condition"]?["StringLike"]?["token.actions.githubusercontent.com:sub"]
    #expect(like == ["repo:owner/shop:ref:refs/heads/main"])
    #expect(document(github, [])?["Condition"]?["StringLike"]?.text().contains("repo:owner/shop:*") == true)
    let gitlab = try #require(GitRemote(url: "https://gitlab.com/group/sub/shop"))
    #expect(
      document(gitlab, ["main"])?["Condition"]?["StringLike"]?["gitlab.com:sub"]
        == ["project_path:group/sub/shop:ref_type:branch:ref:main"])
    let other = try #require(GitRemote(url: "https://bitbucket.org/a/b"))
    #expect(document(other, []) == nil)
  }
}
