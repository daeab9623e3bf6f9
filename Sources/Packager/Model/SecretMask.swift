public import Core

/// Knows which settings of a function are secret, and hides them: the same value gives the same token, so that a change
/// shows.
public struct SecretMask: Hashable, Sendable {
  /// Key paths of secret values in the API's configuration, such as `Environment.Variables.DB_PASSWORD`.
  public let paths: Set<String>
  private let values: [String]

  init(paths: Set<String>, values: [String]) {
    self.paths = paths
    // The longest first, so that a secret inside another does not leave its rest behind.
    self.values = Set(values).filter { $0.count >= 4 }.sorted { ($0.count, $0) > ($1.count, $1) }
  }

  /// What stands for a secret: 24 bits under a domain tag, enough to see a change and too few to guess the value from.
  public static func token(for value: String) -> String {
    let code = HMAC.sha256(key: Array("lamctl-mask-1".utf8), value)
    return "secret:" + Hex.encode(code.prefix(3))
  }

  /// Whether the name of an environment variable says that its value is secret.
  public static func looksSecret(_ name: String) -> Bool {
    let secret: Set<String> = [
      "password", "passwd", "passphrase", "pwd", "secret", "secrets", "token", "tokens", "key", "keys",
      "apikey",
      "credential", "credentials", "auth", "dsn", "private", "signature", "salt", "webhook",
    ]
    var words: [String] = [""]
    var wasLower = false
    for character in name {
      if !character.isLetter {
        words.append("")
      } else {
        if character.isUppercase, wasLower { words.append("") }
        words[words.count - 1].append(character.lowercased())
      }
      wasLower = character.isLowercase
    }
    return words.contains { word in
      secret.contains(word)
        || ["password", "secret", "token", "credential", "apikey"].contains(where: word.contains)
    }
  }

  /// `configuration`, ours or one that AWS gave, with a token for every secret.
  public func masked(_ configuration: JSONObject) -> JSONObject {
    guard case .object(let object) = masked(.object(configuration), path: "") else { return JSONObject() }
    return object
  }

  private func masked(_ value: JSON, path: String) -> JSON {
    switch value {
    case .object(let object):
      return .object(
        JSONObject(
          object.members.map { key, value in
            let inner = path.isEmpty ? key : "\(path).\(key)"
            let isVariable = path == "Environment.Variables"
            return (key, masked(value, path: inner, isSecretName: isVariable && Self.looksSecret(key)))
          }))
    case .array(let elements): return .array(elements.map { masked($0, path: path) })
    case .string(let text): return .string(masked(text))
    case .null, .bool, .number: return value
    }
  }

  private func masked(_ value: JSON, path: String, isSecretName: Bool) -> JSON {
    guard paths.contains(path) || isSecretName else { return masked(value, path: path) }
    switch value {
    case .string(let text): return .string(Self.token(for: text))
    case .array(let elements): return .array(elements.map { masked($0, path: path, isSecretName: true) })
    case .null, .bool, .number, .object: return masked(value, path: path + ".")
    }
  }

  /// `text` with a token for every secret value of four characters or more in it.
  public func masked(_ text: String) -> String {
    var text = text
    for value in values where text.contains(value) {
      text = text.replacing(value, with: Self.token(for: value))
    }
    return text
  }
}
