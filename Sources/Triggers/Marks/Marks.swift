internal import Core

/// How lamctl marks what it makes, so that it is known again without a state of its own.
package enum Marks {
  /// `lamctl-<part>-<part>`; what is too long is cut and ends with 8 digits of the SHA-256 of the whole.
  package static func name(_ parts: [String], limit: Int) -> String {
    let whole = (["lamctl"] + parts).joined(separator: "-")
    guard whole.utf8.count > limit else { return whole }
    return String(decoding: Array(whole.utf8.prefix(limit - 9)), as: UTF8.self) + "-" + digits(of: whole, 8)
  }

  /// The name of an edge.
  package static func name(of trigger: String, in scope: EdgeScope, limit: Int) -> String {
    name([scope.project, scope.function, scope.alias, trigger], limit: limit)
  }

  /// The tag of what can have tags.
  package static let tagKey = "lamctl"

  /// Its value: `project/function/alias/trigger`.
  package static func tag(of trigger: String, in scope: EdgeScope) -> String {
    [scope.project, scope.function, scope.alias, trigger].joined(separator: "/")
  }

  /// The first hexadecimal digits of the SHA-256 of a text.
  static func digits(of text: String, _ count: Int) -> String {
    String(SHA256.digest(of: text).hex.prefix(count))
  }
}

extension EdgeScope {
  /// The group of schedules of the project; lamctl makes it and never deletes it.
  package var scheduleGroup: String { Marks.name([project], limit: 64) }
}

extension JSONObject {
  /// As text that is the same for all that are equal.
  var canonical: String { JSON.object(self).text(.compact, sortedKeys: true) }
}
