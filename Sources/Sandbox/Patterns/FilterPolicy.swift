internal import Core

/// A filter policy of SNS: which messages a subscription wants.
struct FilterPolicy: Sendable {
  private enum Scope: Sendable {
    /// By names of attributes.
    case attributes([(key: String, tests: [ValueTest])])
    case body(EventPattern)
  }

  private let scope: Scope

  /// - Parameters:
  ///   - text: JSON.
  ///   - ofBody: whether it is about the message's body, which must be JSON then; about its attributes otherwise.
  /// - Throws: ``PatternError`` for what SNS refuses too.
  init(parsing text: String, ofBody: Bool) throws(PatternError) {
    guard !ofBody else {
      scope = .body(try EventPattern(parsing: text))
      return
    }
    guard text.utf8.count <= 262_144, let object = (try? JSON(parsing: text))?.object else {
      throw PatternError("failed to parse JSON")
    }
    var keys: [(key: String, tests: [ValueTest])] = []
    for (key, value) in object.members {
      guard let values = value.array else {
        throw PatternError("Filter policy scope MessageAttributes does not support nested filter policy")
      }
      keys.append((key, try EventPattern.tests(values)))
    }
    scope = .attributes(keys)
  }

  /// Whether a message is wanted.
  ///
  /// - Parameter attributes: by name; a `String.Array` as a list, a `Number` as a number.
  func wants(body: String, attributes: [String: JSON]) -> Bool {
    switch scope {
    case .attributes(let keys):
      return keys.allSatisfy { key, tests in tests.contains { $0.holds(for: attributes[key]) } }
    case .body(let pattern):
      guard let json = try? JSON(parsing: body) else { return false }
      return pattern.matches(json)
    }
  }
}
