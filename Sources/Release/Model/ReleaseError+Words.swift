internal import AWSClient
internal import Core
internal import Triggers

extension ReleaseError: CustomStringConvertible {
  /// What failed and why, in one sentence.
  package var description: String {
    switch self {
    case .aws(let error, let function):
      return function.map { "\($0): \(error)" } ?? "\(error)"
    case .package(let failure):
      return "\(failure.function): \(failure.message)"
    case .failedInLambda(let function, let subject, let reason):
      return "\(function): Lambda could not bring up \(subject): \(reason)"
    case .timedOut(let function, let subject, let seconds):
      return "\(function): \(subject) was not ready after \(seconds) s"
    case .owned(let function, let alias, let owner):
      return "\(function): another run owns the alias \(alias) (\(owner)); nothing was touched"
    case .standing(let function, let alias, let version, let isHeld):
      let state = isHeld ? "is held" : "is under way, and nobody drives it any more"
      return
        "\(function): a rollout of version \(version) \(state) at the alias \(alias); nothing was touched"
    case .takenOver(let function, let alias, let owner):
      return
        "\(function): the alias \(alias) is not this run's any more: \(owner); this run leaves the rollout as it stands"
    case .overtaken(let function, let alias, let owner):
      return
        "\(function): the alias \(alias) was changed since the plan was made (\(owner)); nothing was touched"
    case .touched(let function, let alias, let what):
      return "\(function): the alias \(alias) is left as it stands: \(what)"
    case .unseen(let function, let alias):
      return "\(function): the alias \(alias) was changed, and AWS does not show yet what it says now"
    case .credentialsEnd(let moment):
      return
        "the credentials end at \(moment.iso8601) and cannot be renewed, so that the rollout ended before them"
    case .changedMeanwhile(let function):
      return
        "\(function): another run changed the function while this one was publishing; no traffic was touched"
    case .outdated(let release):
      return "release \(release), which another run had left half way, was brought to its end first"
    case .interrupted:
      return "interrupted before any traffic was touched"
    case .quarantined(let function, let version):
      return "\(function): this very package is version \(version), which the traffic was taken back from"
    case .notCreatable(let functions):
      return "\(functions.joined(separator: ", ")): no such Lambda function, and lamctl.json does not list it"
    case .unknownAlarms(let names):
      return
        "rollout.alarms: CloudWatch has no \(names.count == 1 ? "alarm" : "alarms") \(names.joined(separator: ", "))"
    case .smokeFailed(let function, let version, let test, let reason):
      return "\(function): version \(version) failed the smoke test \(test): \(reason)"
    case .hookFailed(let program, let functions, let reason):
      return "\(functions.joined(separator: ", ")): the beforeTraffic hook \(program) failed: \(reason)"
    case .preflight(let function, let rule, _):
      return "\(function): \(rule)"
    case .foreignChanges(let function, let changes):
      return "\(function): \(changes.words); the policy \"drift\" is to refuse that"
    case .bareCallers(let function, _, let callers):
      return
        "\(function): its bare name has callers, who would get the release at once and without a canary: "
        + callers.map(\.description).joined(separator: ", ")
    case .notTakenBack(let function, let alias, let wanted, let found):
      return
        "\(function): the alias \(alias) was set to give version \(wanted) all traffic, and it reads \(found)"
    case .foreignWeights(let function, let alias, let weights):
      return
        "\(function): the alias \(alias) has weights that lamctl did not set (\(AliasConfiguration.words(weights)))"
    case .foreignAlias(let function, let alias, let what, _):
      return "\(function): the alias \(alias) is left alone: \(what)"
    case .noTarget(let function, let reason, _):
      return "\(function): nothing to roll back to: \(reason)"
    case .noVersion(let function, let reason, _): return "\(function): \(reason)"
    case .unreadableRecord(let function, let alias, let reason):
      return "\(function): the Description of the alias \(alias) cannot be understood: \(reason)"
    case .nothingHeld(let environment):
      return "nothing in \(environment) waits for a promotion"
    case .notHeld(let function, let state):
      return "\(function): the rollout does not wait for a promotion, it is in the state \(state)"
    case .otherSteps(let function, let rollout, let plan):
      return "\(function): the rollout stands in \(rollout), and was not begun with the steps \(plan)"
    case .splitsRelease(let release, let selected, let others):
      return
        "release \(release) goes forward and back as a whole: \(others.joined(separator: ", ")) belongs to it "
        + "besides \(selected.joined(separator: ", "))"
    case .edge(let error, _): return error.description
    case .incomplete(let release, let found, let count):
      return
        "release \(release) was left when \(found) of its \(count) functions had a canary; it was taken back"
    }
  }

  /// What the user can do about it, where that is known.
  package var fix: String? {
    switch self {
    case .aws: nil
    case .package(let failure): failure.fix
    case .failedInLambda: "mend what Lambda names and deploy again; the new version has no traffic"
    case .timedOut: "look at the function in the console, or give it longer with --timeout"
    case .outdated, .overtaken: "deploy again"
    case .interrupted: nil
    case .takenOver:
      "the table tells what serves now; lamctl resume or lamctl abort ends what nobody drives, if anything is left"
    case .touched:
      "find out who and why; lamctl status shows what serves. lamctl deploy releases over it, and with --retry also what "
        + "the traffic was taken back from"
    case .unseen: "look at lamctl status in a minute, and deploy again"
    case .credentialsEnd: "use credentials that last as long as the rollout, or fewer and shorter steps"
    case .standing(_, _, _, isHeld: true): "end it first, with lamctl promote or lamctl abort"
    case .standing: "end it first, with lamctl resume"
    case .owned, .changedMeanwhile: "wait for that run to end; lamctl status shows it"
    case .quarantined: "change the code, or deploy it all the same with --retry"
    case .notCreatable:
      "pass --create, or list the function's folder in \"functions\" of lamctl.json, \".\" for the root"
    case .unknownAlarms: "correct the names in lamctl.json, or the region; nothing has traffic yet"
    case .smokeFailed:
      "mend the function, or the test's expectation, and deploy again; no traffic goes to the new version by itself"
    case .hookFailed: "mend what it found and deploy again; the new versions have no traffic"
    case .preflight(_, _, let fix), .noTarget(_, _, let fix), .noVersion(_, _, let fix),
      .foreignAlias(_, _, _, let fix):
      fix
    case .foreignChanges:
      "state the settings in the manifest, or take them back in AWS, or put them back with --restore-drift"
    case .bareCallers(_, let alias, let callers):
      callers.remedy(
        "point them at the alias \(alias), which is there and serves what is live (lamctl adopt does that)")
        + ", and run the same command again: it then begins the canary; or release to them all the same with "
        + "--update-latest"
    case .foreignWeights(let function, _, _):
      "find out who set them; lamctl rollback --only \(function) --to VERSION gives one version all traffic"
    case .notTakenBack: "look at lamctl status, and run lamctl rollback"
    case .nothingHeld: "lamctl status shows how the functions stand"
    case .notHeld: "lamctl status shows who drives it; if nobody does, lamctl resume goes on with it"
    case .otherSteps: "give the same --canary, --linear or --steps as the deploy that began it"
    case .splitsRelease: "leave --only out, or name them all"
    case .incomplete: "deploy again"
    case .edge(let error, _): error.fix
    case .unreadableRecord: "use the lamctl that wrote it, or clear the Description of the alias"
    }
  }
}
