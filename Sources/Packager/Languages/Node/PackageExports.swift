internal import Core

/// What the `exports` of a package.json lets others load.
///
/// Source: the resolution algorithm in Node's documentation of packages and ES modules.
struct PackageExports {
  enum Target: Equatable {
    /// As it is written, from the package's folder.
    case file(String)
    /// Written in a way that is not read here.
    case unknown
    /// Nothing for this way of loading.
    case nothing
  }

  let value: JSON
  let conditions: Set<String>

  /// Conditions within conditions; nobody nests them deeper.
  private static let deepest = 16

  /// What is loaded as `rest` of the package; the package itself where that is empty.
  func target(of rest: some StringProtocol) -> Target {
    guard let ways = value.object, ways.keys.contains(where: { $0.hasPrefix(".") }) else {
      return rest.isEmpty ? resolved(value, star: nil, depth: 0) ?? .nothing : .nothing
    }
    let wanted = rest.isEmpty ? "." : "./\(rest)"
    if let own = ways[wanted], !wanted.contains("*") { return resolved(own, star: nil, depth: 0) ?? .nothing }
    // An older way to open a whole folder.
    if ways.keys.contains(where: { $0.hasSuffix("/") }) { return .unknown }
    var best: (length: Int, value: JSON, star: String)?
    for (key, value) in ways.members {
      let parts = key.split(separator: "*", omittingEmptySubsequences: false)
      guard parts.count == 2, wanted.hasPrefix(parts[0]), wanted.hasSuffix(parts[1]),
        wanted.utf8.count > parts[0].utf8.count + parts[1].utf8.count,
        parts[0].utf8.count > best?.length ?? -1
      else { continue }
      let star = String(wanted.dropFirst(parts[0].count).dropLast(parts[1].count))
      best = (parts[0].utf8.count, value, star)
    }
    guard let best else { return .nothing }
    return resolved(best.value, star: best.star, depth: 0) ?? .nothing
  }

  /// Nil where no condition holds, so that those after it are looked at.
  private func resolved(_ value: JSON, star: String?, depth: Int) -> Target? {
    guard depth < Self.deepest else { return .unknown }
    if let text = value.string {
      guard text.hasPrefix("./") else { return .unknown }
      return .file(star.map { text.replacing("*", with: $0) } ?? text)
    }
    if let choices = value.array {
      let found = choices.lazy.compactMap { resolved($0, star: star, depth: depth + 1) }
      return found.first { $0 != .nothing } ?? .nothing
    }
    guard let object = value.object else { return .nothing }
    for (name, inner) in object.members where name == "default" || conditions.contains(name) {
      if let found = resolved(inner, star: star, depth: depth + 1) { return found }
    }
    return nil
  }
}
