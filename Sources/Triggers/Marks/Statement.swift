package import Core

/// A permission that an edge needs in the policy of the alias. It is never changed: another one has another id.
package struct Statement: Hashable, Sendable {
  /// `lamctl-<kind>-<trigger>-<8 digits>`, at most 100 characters.
  package let sid: String
  /// The trigger that it is for.
  package let trigger: String
  /// Members of AddPermission but `StatementId`.
  package let members: JSONObject

  /// A statement for a trigger.
  ///
  /// - Parameter members: members of AddPermission but `StatementId`.
  init(_ kind: TriggerKind, _ trigger: String, _ members: [(String, JSON)]) {
    self.trigger = trigger
    self.members = JSONObject(members)
    sid = "lamctl-\(kind.rawValue)-\(trigger)-\(Marks.digits(of: self.members.canonical, 8))"
  }

  /// The request of AddPermission.
  var request: JSONObject {
    var request = members
    request["StatementId"] = .string(sid)
    return request
  }

  /// The permission for a service that calls on behalf of one resource.
  static func service(
    _ service: String, source: String, account: String?, _ kind: TriggerKind, _ trigger: String
  ) -> Statement {
    var members: [(String, JSON)] = [
      ("Action", "lambda:InvokeFunction"), ("Principal", .string("\(service).amazonaws.com")),
      ("SourceArn", .string(source)),
    ]
    if let account { members.append(("SourceAccount", .string(account))) }
    return Statement(kind, trigger, members)
  }
}

/// A statement of ours as the policy shows it.
package struct PlacedStatement: Hashable, Sendable {
  /// Its id.
  package let sid: String
  /// Its kind, by the id.
  package let kind: TriggerKind
  /// The name of its trigger, by the id.
  package let trigger: String
  /// The resource that may call, where it names one.
  package let source: String?

  /// Reads a statement of a policy; nil for one that is not ours.
  init?(_ statement: JSONObject) {
    guard let sid = statement["Sid"]?.string, sid.hasPrefix("lamctl-") else { return nil }
    let parts = sid.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, let kind = TriggerKind(rawValue: String(parts[1])), let hash = parts.last,
      hash.utf8.count == 8
    else { return nil }
    self.sid = sid
    self.kind = kind
    trigger = parts.dropFirst(2).dropLast().joined(separator: "-")
    source = Self.condition("aws:sourcearn", in: statement)
  }

  /// The value of a condition's key, whatever its operator is called and however the key is spelt.
  private static func condition(_ key: String, in statement: JSONObject) -> String? {
    for (_, tests) in statement["Condition"]?.object?.members ?? [] {
      for (name, value) in tests.object?.members ?? [] where name.lowercased() == key {
        return value.string ?? value.array?.first?.string
      }
    }
    return nil
  }
}
