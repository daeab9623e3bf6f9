package import Core

/// Knows which settings of a function are secret, and hides them: the same value gives the same token, so that a change
/// shows.
package struct SecretMask: Sendable {
  /// Key paths of secret values in the API's configuration, such as `Environment.Variables.DB_PASSWORD`.
  package let paths: Set<String>
  private let secrets: Secrets

  init(paths: Set<String>, secrets: Secrets) {
    self.paths = paths
    self.secrets = secrets
  }

  /// `configuration`, ours or one that AWS gave, with a token for every secret.
  package func masked(_ configuration: JSONObject) -> JSONObject {
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
            return (key, masked(value, path: inner, isSecretName: isVariable && Secrets.isSecretName(key)))
          }))
    case .array(let elements): return .array(elements.map { masked($0, path: path) })
    case .string(let text): return .string(secrets.shielded(text))
    case .null, .bool, .number: return value
    }
  }

  private func masked(_ value: JSON, path: String, isSecretName: Bool) -> JSON {
    guard paths.contains(path) || isSecretName else { return masked(value, path: path) }
    switch value {
    case .string(let text): return .string(secrets.token(for: text))
    case .array(let elements): return .array(elements.map { masked($0, path: path, isSecretName: true) })
    case .null, .bool, .number, .object: return masked(value, path: path + ".")
    }
  }

  /// What a build says, with a token for everything in it that is hidden.
  package func masked(_ text: String) -> String { ForeignText(text, hiding: secrets).description }
}
