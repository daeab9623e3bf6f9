internal import AWSClient
internal import Core

/// Whether an action that releases need is allowed, as far as that can be seen without writing.
struct Permission: Equatable, Sendable {
  /// What was seen.
  enum Sight: Equatable, Sendable {
    /// The call was made and not refused.
    case worked(String)
    /// The call was made and failed.
    case failed(DoctorFinding)
    /// The call was not made, for this reason.
    case untried(String)
  }

  /// As in IAM policies: `lambda:UpdateAlias`.
  let action: String
  let sight: Sight

  /// Why writing actions are not tried.
  static let wouldWrite = "it would write"
  /// Why actions are not tried that need something to be asked about, such as a bucket of a trigger.
  static let unasked = "what they are asked about is looked at by plan and triggers"
  /// Why nothing of functions is tried.
  static let nobody = "no function is known to ask for"

  /// The line of its own; nil when it was not tried.
  var finding: DoctorFinding? {
    switch sight {
    case .worked(let text): .good(action, text)
    case .failed(let finding): finding
    case .untried: nil
    }
  }

  /// One line for all actions that were not tried for the same reason.
  static func untried(_ permissions: [Permission]) -> [DoctorFinding] {
    var actions: [(reason: String, names: [String])] = []
    for permission in permissions {
      guard case .untried(let reason) = permission.sight else { continue }
      if let index = actions.firstIndex(where: { $0.reason == reason }) {
        actions[index].names.append(permission.action)
      } else {
        actions.append((reason, [permission.action]))
      }
    }
    return actions.map { reason, names in
      .warning(
        "permissions", "not tried, because \(reason): \(names.joined(separator: ", "))",
        fix: fix(where: reason))
    }
  }

  private static func fix(where reason: String) -> String {
    switch reason {
    case wouldWrite:
      "compare the list with the role's policy; a deploy shows the first that is missing, before any traffic"
    case unasked: "compare the list with the role's policy, and see what lamctl plan and lamctl triggers say"
    default: "repair what the other lines name first"
    }
  }

  /// The same where a release does without: a refusal is worth a word and no failure.
  var dispensable: Permission {
    guard case .failed(let finding) = sight else { return self }
    return Permission(
      action: action,
      sight: .failed(
        .warning(action, "\(finding.text); a release goes on and knows less", fix: finding.fix ?? "")))
  }

  var json: JSON {
    let seen: JSON
    let text: String
    switch sight {
    case .worked(let words): (seen, text) = (true, words)
    case .failed(let finding): (seen, text) = (false, finding.text)
    case .untried(let reason): (seen, text) = (nil, "not tried: \(reason)")
    }
    return ["action": .string(action), "seen": seen, "text": .string(text)]
  }
}
