internal import AWSClient
internal import Core

// What one alias asks of the two versions behind it:
// https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
extension Preflight {
  static func publishedStable(_ facts: PreflightFacts) -> PreflightFinding? {
    guard facts.heaviest != nil, !facts.isAdopted, facts.stable.version == "$LATEST" else { return nil }
    return .refusal(
      facts.name.function, "the alias names $LATEST, and weights need published versions on both sides",
      fix: "deploy once with --all-at-once, which gives the alias a version")
  }

  static func sameRole(_ facts: PreflightFacts) -> PreflightFinding? {
    guard facts.heaviest != nil, facts.stable.role != facts.next.role else { return nil }
    return apart(facts, by: "execution roles")
  }

  static func sameDeadLetterTarget(_ facts: PreflightFacts) -> PreflightFinding? {
    let stable = facts.stable.members["DeadLetterConfig"]?["TargetArn"]?.string
    let target = stable?.isEmpty == false ? stable : nil
    guard facts.heaviest != nil, target != facts.next.deadLetterTarget else { return nil }
    return apart(facts, by: "dead-letter targets")
  }

  private static func apart(_ facts: PreflightFacts, by what: String) -> PreflightFinding {
    .refusal(
      facts.name.function,
      "\(facts.isAdopted ? "what is live" : "version \(facts.stable.version)") and \(facts.next.label) have different \(what), which one alias "
        + "cannot weigh against each other", fix: "deploy with --all-at-once")
  }

  /// A version that had ended `Failed` before, and that PublishVersion returns again because nothing has changed.
  static func broken(
    _ version: FunctionConfiguration, wasThere: Bool, function: String
  ) -> PreflightFinding? {
    guard wasThere, version.state == "Failed" else { return nil }
    let reason = [version.stateReasonCode, version.stateReason].compactMap { $0 }.joined(separator: ": ")
    return .refusal(
      function,
      "version \(version.version) holds this very code and these settings, and Lambda could not bring it up"
        + (reason.isEmpty ? "" : " (\(reason))") + "; as long as nothing changes, publishing gives it back",
      fix: "mend what Lambda names, delete version \(version.version), and deploy again")
  }
}
