package import Core

/// Something that calls a function by its bare name, and so runs whatever `$LATEST` is.
package enum BareCaller: Hashable, Sendable {
  /// A statement of the policy on the bare ARN lets somebody.
  case statement(id: String, principal: String, source: String?)
  /// An event source mapping on the bare ARN.
  case mapping(id: String, source: String?)
  /// The function's own URL.
  case url(String)
  /// Another alias that names `$LATEST`.
  case alias(String)
  /// Invocations of the last hour that went through no alias and no version.
  case invocations(Int)
  /// What could not be read, and so may hold any of them: a sentence's part.
  case unreadable(what: String, why: String)
}

extension BareCaller: CustomStringConvertible {
  /// What it is, to be put into a list.
  package var description: String {
    switch self {
    case .statement(let id, let principal, let source):
      "the statement \(id) for \(principal)" + (source.map { " (\($0))" } ?? "")
    case .mapping(let id, let source): "the event source mapping \(id)" + (source.map { " of \($0)" } ?? "")
    case .url(let url): "the function URL \(url)"
    case .alias(let name): "the alias \(name), which names $LATEST"
    case .invocations(let count):
      count == 1 ? "1 invocation in the last hour" : "\(count) invocations in the last hour"
    case .unreadable(let what, let why): "perhaps others, as \(what) cannot be read (\(why))"
    }
  }
}

extension [BareCaller] {
  /// What leads them away from `$LATEST`: a sentence's part.
  ///
  /// - Parameter move: what does so for all of them that are no aliases.
  func remedy(_ move: String) -> String {
    let aliases = compactMap { if case .alias(let name) = $0 { name } else { nil } }
    let pin =
      "let the \(aliases.count == 1 ? "alias" : "aliases") \(aliases.joined(separator: ", ")) name a published version "
      + "(lamctl deploy does that for an environment's, aws lambda update-alias for any)"
    let parts = [aliases.count < count ? move : nil, aliases.isEmpty ? nil : pin]
    return parts.compactMap { $0 }.joined(separator: ", and ")
  }
}

/// How a function that serves already comes under its alias.
package struct Adoption: Hashable, Sendable {
  /// What has to be done before the alias can shift traffic.
  package enum Stage: String, Hashable, Sendable {
    /// There is no alias: what is live becomes a version, and the alias is made there.
    case alias
    /// The alias names `$LATEST`: what is live becomes a version, and the alias is pointed there.
    case pin
    /// The alias is there, and no release has written `$LATEST` yet.
    case begun
  }

  /// What has to be done.
  package let stage: Stage
  /// Who calls the bare name, and so would get new code at once.
  package let callers: [BareCaller]
  /// When an hour began in which the bare name was called last, within 14 days and before the last hour; nil where it
  /// was not.
  package let lastCall: Timestamp?

  /// An adoption of these values.
  package init(stage: Stage, callers: [BareCaller], lastCall: Timestamp?) {
    self.stage = stage
    self.callers = callers
    self.lastCall = lastCall
  }
}

extension Adoption {
  /// What it comes to for its function, a sentence each, without full stops.
  ///
  /// - Parameter updatesLatest: whether `$LATEST` is written although the bare name is called.
  package func sentences(alias: String, updatesLatest: Bool) -> [String] {
    var sentences: [String] = []
    switch stage {
    case .alias:
      sentences.append(
        "it is live without the alias \(alias); deploy first publishes what is live as a version and makes the alias "
          + "there")
    case .pin:
      sentences.append(
        "the alias \(alias) names $LATEST; deploy first points it at a version published from that")
    case .begun: break
    }
    if !callers.isEmpty {
      let words = callers.map(\.description).joined(separator: ", ")
      sentences.append(
        "its bare name has callers, which get no canary: \(words); "
          + (updatesLatest
            ? "with --update-latest the release reaches them at once"
            : "deploy ends with 1 before it writes code or settings, until they call the alias \(alias) or a version")
      )
    }
    if let lastCall {
      sentences.append(
        "its bare name was last called in the hour from \(lastCall.iso8601); a monthly job may still come")
    }
    return sentences
  }
}
