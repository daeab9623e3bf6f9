internal import Core
internal import LambdaSettings

// Names and texts that go to Lambda.
extension ConfigFile {
  /// The members of `value` that `rule` takes; nil when nothing is left. What is left out is noted in `findings`, always
  /// without the texts: they may be secrets.
  static func examine(
    _ members: [ConfigValue.Member], of value: ConfigValue, _ rule: SettingMap, what: String,
    path: [String], into findings: inout Findings
  ) -> ConfigValue? {
    var kept = value
    kept.kind = .object(
      members.filter { member in
        let place = "\(value.file.escaped):\(member.keyPlace.line):\(member.keyPlace.column)"
        if let reason = rule.fault(inKey: member.key) {
          findings.drop(
            path + [member.key],
            .config(location: place, reason: "\(what): \"\(member.key.escaped)\" \(reason)"))
          return false
        }
        guard let text = member.value.string else {
          let reason = "\"\(member.key)\" must be a string, not \(word(for: member.value))"
          findings.drop(path + [member.key], member.value.error(reason))
          return false
        }
        guard !text.contains("${"), let reason = rule.value.fault(in: text) else { return true }
        findings.drop(path + [member.key], member.value.error("\"\(member.key)\" \(reason)"))
        return false
      })
    if let reason = fault(in: members.count, rule.count, what: what) ?? tooLarge(kept, rule, what: what) {
      findings.drop(path, value.error(reason))
      return nil
    }
    return kept
  }

  /// Why `count` elements are too many or too few; nil where they are not.
  static func fault(in count: Int, _ range: ClosedRange<Int>, what: String) -> String? {
    guard !range.contains(count) else { return nil }
    let bound = count > range.upperBound ? "at most \(range.upperBound)" : "at least \(range.lowerBound)"
    return "\(what) must have \(bound) element\(bound.hasSuffix(" 1") ? "" : "s"), and has \(count)"
  }

  /// What is still to be interpolated is measured when it has its value.
  private static func tooLarge(_ value: ConfigValue, _ rule: SettingMap, what: String) -> String? {
    guard let limit = rule.totalBytes,
      !value.members.contains(where: { $0.value.string?.contains("${") ?? false })
    else { return nil }
    let size = value.json.text().utf8.count
    return size <= limit ? nil : "\(what) have \(size) bytes as JSON, and Lambda takes at most \(limit)"
  }
}
