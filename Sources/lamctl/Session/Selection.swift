internal import Core
internal import Packager

/// What `--only` selects: names that match a pattern, less those that match one with `!`.
struct Selection: Sendable {
  private let wanted: [Pattern]
  private let unwanted: [Pattern]

  private struct Pattern: Sendable {
    let text: String
    let glob: Glob

    /// Whether it is the name of one function, and stands for no others.
    var isName: Bool { !text.contains { "*?[\\".contains($0) } }

    init(_ text: String, of option: String) throws(Failure) {
      guard !text.isEmpty, let glob = Glob(text.utf8) else {
        throw Failure(
          .usage, "--only '\(option)' is no pattern", fix: "write a name, or one with *, ? and [a-z] in it")
      }
      self.text = text
      self.glob = glob
    }
  }

  /// Patterns with `*`, `?` and `[…]` over logical names.
  ///
  /// - Throws: ``Failure`` for what is no pattern: it would select nothing, and with `!` keep nothing out.
  init(_ patterns: [String]) throws(Failure) {
    var (wanted, unwanted): ([Pattern], [Pattern]) = ([], [])
    for pattern in patterns {
      if pattern.hasPrefix("!") {
        unwanted.append(try Pattern(String(pattern.dropFirst()), of: pattern))
      } else {
        wanted.append(try Pattern(pattern, of: pattern))
      }
    }
    self.wanted = wanted
    self.unwanted = unwanted
  }

  /// The elements whose names are selected.
  ///
  /// - Parameters:
  ///   - others: names that functions have which are no elements.
  ///   - isWayBack: whether traffic is to go back: then a name to keep out that nothing has is no fault. The file of the
  ///     function that has it may be broken, and the others must not wait for that.
  /// - Throws: ``Failure`` when patterns are given and none is, and when a name is to be kept out that nothing has: what
  ///   was meant would be released.
  func select<Element>(
    _ elements: [Element], besides others: [String] = [], isWayBack: Bool = false, name: (Element) -> String
  ) throws -> [Element] {
    guard !elements.isEmpty else { return [] }
    let names = elements.map(name)
    let known = names + others
    for pattern in unwanted where !isWayBack && pattern.isName && !known.contains(where: pattern.glob.matches)
    {
      throw Failure(
        .usage, "--only '!\(pattern.text)' keeps no function out", fix: Self.hint(pattern.text, names))
    }
    let selected = elements.filter { element in
      let name = name(element)
      let isWanted = wanted.isEmpty || wanted.contains { $0.glob.matches(name) }
      return isWanted && !unwanted.contains { $0.glob.matches(name) }
    }
    guard selected.isEmpty, !(wanted + unwanted).isEmpty else { return selected }
    let pattern = (wanted.map(\.text) + unwanted.map { "!" + $0.text }).joined(separator: " ")
    throw Failure(
      .usage, "--only \(pattern) selects no function", fix: Self.hint(wanted.first?.text ?? "", names))
  }

  /// The patterns with `!` that keep out none of `names`.
  func idle(among names: [String]) -> [String] {
    unwanted.filter { pattern in !pattern.isName && !names.contains(where: pattern.glob.matches) }.map(\.text)
  }

  private static func hint(_ text: String, _ names: [String]) -> String {
    Suggestion.nearest(to: text, in: names).map { "did you mean '\($0)'?" } ?? "'lamctl list' names them"
  }
}
