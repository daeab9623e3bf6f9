internal import AWSClient
internal import Core
internal import Packager
internal import Release
internal import Triggers

/// Looks at what calls the functions past their aliases, and at what is wrong with it.
struct HangingProbe: Sendable {
  let session: Session
  let names: [FunctionName]
  let account: String

  func findings() async -> [DoctorFinding] {
    guard !names.isEmpty else { return [] }
    let check = "callers"
    let environment = session.environment
    let scopes = names.map { name in
      EdgeScope(
        project: session.workspace.config.project, function: name.function, functionName: name.functionName,
        functionARN: "arn:\(session.aws.partition):lambda:\(session.aws.region):\(account):function:"
          + name.functionName,
        alias: environment.alias)
    }
    let surveyed = await HangingSurveyor(
      session.edgeServices, parallel: session.parallel, readsStacks: false
    ).survey(scopes)
    var findings: [DoctorFinding] = []
    for edges in surveyed {
      let function = edges.scope.function
      findings += edges.findings.map { found in
        found.isBad
          ? .bad(check, "\(function): \(found.text)", fix: found.fix)
          : .warning(check, "\(function): \(found.text)", fix: found.fix)
      }
      let callers = edges.bareCallers
      guard !callers.isEmpty else { continue }
      findings.append(
        .warning(
          check,
          "\(function): called past the alias \(environment.alias): \(callers.joined(separator: "; "))",
          fix: "lamctl adopt \(environment.name) --plan shows how they move"))
    }
    // A function, or an alias, that is not made yet has no callers.
    if let unread = surveyed.flatMap(\.unread).first(where: { $0.cause?.isNotFound != true }) {
      findings.append(
        .warning(
          check, "not all that calls functions could be read: \(unread)",
          fix: "allow what lamctl doctor --policy lists for adopt"))
    }
    return findings.isEmpty ? [.good(check, "nothing calls a function past its alias")] : findings
  }
}
