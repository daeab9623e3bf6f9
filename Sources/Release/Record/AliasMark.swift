package import Core

/// What an alias beside an environment's is for.
package enum CompanionRole: String, Hashable, Sendable, CaseIterable {
  /// It names the version on trial from before its first weight; where none is on trial, the one that serves.
  case canary
  /// It names the version that serves, and the next one only after its bake.
  case stable
}

/// What the Description of an alias of lamctl's says that is no environment's own: `lamctl/1 alias u=1795741200 o=ann`.
/// An alias without such a line, or a record, is somebody else's.
package enum AliasMark: Hashable, Sendable {
  /// An alias that a person has set, by AWS's clock until then, in whole seconds.
  case temporary(until: Timestamp, owner: String)
  /// An alias that goes with the one called so.
  case companion(of: String, CompanionRole)

  /// What the owner of a preview's alias begins with.
  package static let previews = "preview:"

  private static let head = DescriptionLine.tag + " alias "
  private static let longestOwner = 48

  /// The line as a Description.
  package var description: String {
    switch self {
    case .temporary(let until, let owner):
      let name = DescriptionLine.token(owner.isEmpty ? "unknown" : owner, atMost: Self.longestOwner)
      return "\(Self.head)u=\(Int(until.seconds.rounded(.down))) o=\(name)"
    case .companion(let alias, let role): return "\(Self.head)m=\(alias) w=\(role.rawValue)"
    }
  }

  /// Reads a Description; nil where it is no such line.
  package init?(parsing text: String) {
    guard text.hasPrefix(Self.head), DescriptionLine.length(text) <= DescriptionLine.limit,
      let fields = DescriptionLine.fields(of: String(text.dropFirst(DescriptionLine.tag.count + 1)))
    else { return nil }
    if let until = fields["u"].flatMap({ DescriptionLine.whole($0) }), let owner = fields["o"],
      fields.count == 2
    {
      self = .temporary(until: Timestamp(seconds: Double(until)), owner: owner)
    } else if let alias = fields["m"], let role = fields["w"].flatMap(CompanionRole.init(rawValue:)),
      fields.count == 2
    {
      self = .companion(of: alias, role)
    } else {
      return nil
    }
  }

  /// What the alias is, for an error: `set by ann until 2026-11-27T04:00:00Z`.
  package var words: String {
    switch self {
    case .temporary(let until, let owner) where owner.hasPrefix(Self.previews):
      "a preview by \(owner.dropFirst(Self.previews.count)) until \(until.iso8601)"
    case .temporary(let until, let owner): "set by \(owner) until \(until.iso8601)"
    case .companion(let alias, let role): "the companion \"\(role.rawValue)\" of the alias \(alias)"
    }
  }
}
