import Core
import Triggers

@testable import lamctl

/// What `docs/ci/README.md` says of permissions, made of what the commands say that they call.
enum PermissionPage {
  /// Commands that may share one role, which writes nothing.
  private static let readers: [any RunnableCommand.Type] = [
    PlanCommand.self, StatusCommand.self, WhyCommand.self, JudgeCommand.self, VersionsCommand.self,
    ListCommand.self,
  ]

  private static let least = PolicyNeeds()
  private static let reading = readers.flatMap { $0.operations(least) }
  private static let deploying = reading + DeployCommand.operations(least)

  /// What else is needed, and for what.
  private static let rows: [(need: String, operations: [Operation], note: String)] =
    [
      beside("`rollback`, `abort`", [RollbackCommand.self, AbortCommand.self]),
      beside("`promote`, `resume`, `tick`", [PromoteCommand.self, ResumeCommand.self, TickCommand.self]),
      beside("`doctor`", [DoctorCommand.self]), beside("`triggers`", [TriggersCommand.self]),
      beside("`adopt`", [AdoptCommand.self]), beside("`alias`", [AliasCommand.self]),
      beside("`prune`", [PruneCommand.self]), beside("`invoke`", [InvokeCommand.self]),
      beside("`logs`", [LogsCommand.self]), beside("`report`", [ReportCommand.self]),
      beside("`init --from live`", [InitCommand.self]),
      beside("`preview`", [PreviewCommand.self], PolicyNeeds(preview: true, previewURL: true)),
      more("functions that do not exist yet", PolicyNeeds(creates: true)),
      more("`role`", PolicyNeeds(statesRole: true)),
      more("smoke tests", PolicyNeeds(smokes: true)),
      more("`tags`", PolicyNeeds(stated: ["Tags"])),
      more("`reservedConcurrency`", PolicyNeeds(stated: ["ReservedConcurrentExecutions"])),
      more("`codeSigningConfigArn`", PolicyNeeds(stated: ["CodeSigningConfigArn"])),
      more("`runtimeManagement`", PolicyNeeds(stated: ["RuntimeManagementConfig"])),
      more("`recursiveLoop`", PolicyNeeds(stated: ["RecursiveLoop"])),
      more("`provisionedConcurrency`", PolicyNeeds(stated: ["ProvisionedConcurrentExecutions"])),
      more(
        "parameters in the configuration, for each command that reads it whole",
        PolicyNeeds(parameters: true),
        note: "; `kms:Decrypt` where they are encrypted with a key of yours"),
      more("container images", PolicyNeeds(images: true)),
      more("layers of the repository", PolicyNeeds(layers: true)),
      (
        "the same with `prune` and `keepVersions`",
        added(PruneCommand.operations(PolicyNeeds(layers: true)), to: PruneCommand.operations(least)), ""
      ),
      more("`bucket`", PolicyNeeds(bucket: true), note: " on its objects below `lamctl/`"),
      more(
        "`cache`, and places of `build --to` and `deploy --artifacts` in a bucket", PolicyNeeds(cache: true),
        note: ", the last one on the bucket itself"),
      more("`rollout.alarms`", PolicyNeeds(alarms: true)),
      more("`rollout.deadMan`", PolicyNeeds(deadMan: true)),
      (
        "`companions`, also for what goes on or back",
        added(TickCommand.operations(PolicyNeeds(companions: true)), to: TickCommand.operations(least)), ""
      ),
      more("`keepVersions`", PolicyNeeds(prunes: true)),
      more(
        "`deploy --preview`", PolicyNeeds(preview: true, previewURL: true),
        note: ": [previews](../previews.md)"),
      more("the same with `preview.role`", PolicyNeeds(preview: true, previewURL: true, previewRole: true)),
    ]
    + TriggerKind.allCases.sorted().map { kind in
      let isTrigger = kind != .eventInvoke
      return more("\(isTrigger ? "triggers: " : "")`\(kind.rawValue)`", PolicyNeeds(triggers: [kind]))
    }

  /// What commands call beside what the role that only reads may do.
  private static func beside(
    _ need: String, _ commands: [any RunnableCommand.Type], _ needs: PolicyNeeds = least
  ) -> (need: String, operations: [Operation], note: String) {
    (need, added(commands.flatMap { $0.operations(needs) }, to: reading), "")
  }

  /// What a deploy calls where the configuration asks for more.
  private static func more(
    _ need: String, _ needs: PolicyNeeds, note: String = ""
  ) -> (need: String, operations: [Operation], note: String) {
    (need, added(DeployCommand.operations(needs), to: deploying), note)
  }

  private static func added(_ operations: [Operation], to others: [Operation]) -> [Operation] {
    var known = Set(others.map(\.action))
    return operations.filter { known.insert($0.action).inserted }
  }

  /// All actions that the page names.
  static var actions: Set<String> {
    Set((deploying + rows.flatMap(\.operations)).map(\.action))
  }

  /// The part of the page, in Markdown.
  static var markdown: String {
    let names = readers.map { "`\($0.name)`" }
    var text = "\nThe role for \(names.dropLast().joined(separator: ", ")) and \(names.last ?? ""):\n\n"
    text += block(added(reading, to: [])) + "\n`deploy` needs in addition:\n\n"
    text += block(added(deploying, to: reading))
    text += "\n| for | add |\n|---|---|\n"
    for row in rows {
      let actions = row.operations.map { "`\($0.action)`" }.joined(separator: ", ")
      text += "| \(row.need) | \(actions.isEmpty ? "nothing" : actions)\(row.note) |\n"
    }
    return text + "\n"
  }

  private static func block(_ operations: [Operation]) -> String {
    let policy = AccessPolicy(
      partition: "aws", region: "eu-west-1", account: "123456789012", functions: ["shop-*"], roles: [],
      deadManRole: nil, bucket: nil, parameters: [])
    let statements = (policy.document(allowing: operations)["Statement"]?.array ?? []).map { statement in
      """
          {
            "Effect": "Allow",
            "Action": [
      \(lines(statement["Action"]))
            ],
            "Resource": [
      \(lines(statement["Resource"]))
            ]
          }
      """
    }
    return """
      ```json
      {
        "Version": "2012-10-17",
        "Statement": [
      \(statements.joined(separator: ",\n"))
        ]
      }
      ```

      """
  }

  /// Texts of an array, as many in a line as 110 columns have room for.
  private static func lines(_ value: JSON?) -> String {
    var lines: [String] = []
    for text in (value?.array ?? []).compactMap(\.string) {
      let word = "\"\(text)\""
      if let last = lines.last, last.utf8.count + word.utf8.count < 100 {
        lines[lines.count - 1] = "\(last), \(word)"
      } else {
        if !lines.isEmpty { lines[lines.count - 1] += "," }
        lines.append("        \(word)")
      }
    }
    return lines.joined(separator: "\n")
  }
}
