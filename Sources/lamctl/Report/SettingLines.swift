internal import Core
internal import LambdaSettings

/// Settings that would change, for people and for programs: secrets as tokens, the same for the same value.
struct SettingLines {
  private let secrets: Secrets

  init(_ secrets: Secrets) {
    self.secrets = secrets
  }

  /// `memorySize: 128 -> 256`, a line each.
  func lines(_ differences: [SettingDifference]) -> [String] {
    differences.map { difference in
      let old = shown(difference.old, of: difference).map { $0.text() } ?? "none"
      let new = shown(difference.new, of: difference).map { $0.text() } ?? "none"
      return "\(PlainText.line(difference.key)): \(PlainText.line(old)) -> \(PlainText.line(new))"
    }
  }

  /// The same as a list of objects with `key`, `from`, `to` and `needsVersion`.
  func json(_ differences: [SettingDifference]) -> JSON {
    .array(
      differences.map { difference in
        [
          "key": .string(difference.key), "from": shown(difference.old, of: difference) ?? .null,
          "to": shown(difference.new, of: difference) ?? .null,
          "needsVersion": .bool(difference.needsVersion),
        ]
      })
  }

  /// What AWS has of a secret variable is a secret too, and nobody has told lamctl of it; so are passwords inside URLs.
  private func shown(_ value: JSON?, of difference: SettingDifference) -> JSON? {
    let prefix = "Environment.Variables."
    guard difference.path.hasPrefix(prefix), let text = value?.string else { return value }
    let name = String(difference.path.dropFirst(prefix.count))
    secrets.hide(environment: [name: text])
    return .string(Secrets.isSecretName(name) ? secrets.token(for: text) : secrets.shielded(text))
  }
}
