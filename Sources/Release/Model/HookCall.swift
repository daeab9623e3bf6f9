/// One run of a hook: once for all functions of the release that name the same program and arguments.
package struct HookCall: Hashable, Sendable {
  /// When hooks run.
  package enum Moment: String, Hashable, Sendable {
    /// The new versions are published and tested, and have no traffic.
    case beforeTraffic
    /// The new versions have all traffic for good.
    case afterTraffic
  }

  /// One function that the hook is run for.
  package struct Subject: Hashable, Sendable {
    /// Logical name.
    package let function: String
    /// Name of the Lambda function.
    package let functionName: String
    /// The version that served before; nil for a new function.
    package let fromVersion: String?
    /// The new version.
    package let toVersion: String
  }

  /// When it runs.
  package let moment: Moment
  /// Program and arguments.
  package let arguments: [String]
  /// Name of the environment.
  package let environment: String
  /// Its alias.
  package let alias: String
  /// The release.
  package let release: String
  /// What it is run for, by name; at least one.
  package let subjects: [Subject]

  /// What the program gets to know. Lists are separated by spaces, in the same order; `-` stands for no version.
  package var variables: [String: String] {
    func list(_ value: (Subject) -> String) -> String { subjects.map(value).joined(separator: " ") }
    return [
      "LAMCTL_HOOK": moment.rawValue, "LAMCTL_ENVIRONMENT": environment, "LAMCTL_ALIAS": alias,
      "LAMCTL_RELEASE": release, "LAMCTL_FUNCTIONS": list(\.function),
      "LAMCTL_FUNCTION_NAMES": list(\.functionName), "LAMCTL_FROM_VERSIONS": list { $0.fromVersion ?? "-" },
      "LAMCTL_TO_VERSIONS": list(\.toVersion),
    ]
  }

  /// The runs that `wishes` come to.
  static func calls(
    _ moment: Moment, _ wishes: [(arguments: [String], subject: Subject)], environment: String, alias: String,
    release: ReleaseID
  ) -> [HookCall] {
    var subjects: [[String]: [Subject]] = [:]
    for wish in wishes where !wish.arguments.isEmpty {
      subjects[wish.arguments, default: []].append(wish.subject)
    }
    return subjects.map { arguments, subjects in
      HookCall(
        moment: moment, arguments: arguments, environment: environment, alias: alias,
        release: "\(release)", subjects: subjects.sorted { $0.function < $1.function })
    }.sorted {
      ($0.subjects[0].function, $0.arguments.description) < (
        $1.subjects[0].function, $1.arguments.description
      )
    }
  }
}

/// Why a hook did not succeed, in half a sentence: `it ended with exit code 3`.
package struct HookFailure: Error, Hashable, Sendable {
  /// The half sentence.
  package let reason: String

  /// A failure for this reason.
  package init(reason: String) {
    self.reason = reason
  }
}
