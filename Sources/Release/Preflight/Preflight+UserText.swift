internal import AWSClient
internal import Core

extension Preflight {
  /// Whether the user's own text in the alias's Description would have to give way to the record, at any point of a
  /// rollout by `plan` among `functions` of a release.
  static func userText(
    of plan: FunctionPlan, _ snapshot: AliasSnapshot, settings: ReleaseSettings, functions: Int,
    at now: Timestamp
  ) -> PreflightFinding? {
    let text = snapshot.content.userText
    guard !text.isEmpty else { return nil }
    let release = ReleaseID(time: now, commit: nil, random: [])
    var record =
      snapshot.record?.succeeded(by: release, state: .idle) ?? RolloutRecord(release: release, state: .idle)
    // The number of the new version is not known yet, but how many digits it has.
    let next = String((Int(snapshot.version) ?? 0) + 1)
    record.stable = snapshot.version
    record.canary = next
    record.package = plan.input.sourceDigest
    let target = RolloutTarget(
      name: plan.input.name, stable: snapshot.version, canary: next, isSmoked: false, userText: text,
      record: record, known: KnownAlias(snapshot))
    let kept = RecordForecast(settings: settings, functions: functions).room(of: target, at: now)
    guard kept != text else { return nil }
    return .refusal(
      plan.input.function,
      "the alias's Description holds a text of \(text.count) characters, and beside lamctl's record there "
        + "is room for \(kept.count)",
      fix: "shorten the text, or pass --cut-description to let lamctl cut it")
  }
}
