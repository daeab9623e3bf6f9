internal import Core
internal import Release

/// What of one look of the judge at a release is worth a line: a verdict that is another than the last, said once for all
/// functions that have it, and once for the release. Pure.
struct VerdictNews: Sendable {
  /// A line, and the function that it is about where it is about one.
  struct Line: Equatable, Sendable {
    let text: String
    var function: String?
  }

  /// From so many functions on equal verdicts are one line with their count.
  private static let fewest = 4

  private var told: [String: Verdict.Kind] = [:]
  private var fresh: [(function: String, verdict: Verdict)] = []
  private var release: Verdict?
  /// Whether every verdict is news.
  let isVerbose: Bool

  init(isVerbose: Bool) {
    self.isVerbose = isVerbose
  }

  /// The judge looked at a function.
  mutating func judged(_ function: String, _ verdict: Verdict) {
    if isNews(verdict, of: function) { fresh.append((function, verdict)) }
  }

  /// The judge looked at the release.
  mutating func judged(_ verdict: Verdict) {
    release = isNews(verdict, of: "") ? verdict : nil
  }

  /// A new step is judged anew.
  mutating func forget(_ function: String) {
    told[function] = nil
    told[""] = nil
  }

  /// The lines of the look that is over.
  mutating func taken() -> [Line] {
    defer { (fresh, release) = ([], nil) }
    return lines
  }

  /// Whether a verdict is worth a line: the same one every minute buries the few that matter. Events have all of them.
  private mutating func isNews(_ verdict: Verdict, of function: String) -> Bool {
    let isOther = told.updateValue(verdict.kind, forKey: function) != verdict.kind
    return isVerbose || (isOther && verdict.kind != .watching)
  }

  private var lines: [Line] {
    // The release's sentence begins with that of the function that decided, unless all are well.
    let culprit = release.flatMap { release in
      fresh.first { release.sentence.hasPrefix($0.verdict.sentence) }
    }
    let rest =
      culprit.flatMap { culprit in release?.sentence.dropFirst(culprit.verdict.sentence.count) } ?? ""
    var lines: [Line] = []
    var isReleaseTold = release == nil
    for group in groups {
      guard let first = group.first else { continue }
      let holdsCulprit = group.contains { $0.function == culprit?.function }
      if group.count >= Self.fewest {
        // What the release is said to be, its functions are.
        if culprit == nil, release?.kind == first.verdict.kind, groups.count == 1 { continue }
        let shown = holdsCulprit ? culprit ?? first : first
        lines.append(Line(text: Self.sentence(group, for: shown) + (holdsCulprit ? rest : "")))
      } else {
        lines += group.map { function, verdict in
          let isCulprit = function == culprit?.function
          return Line(
            text: isCulprit ? release?.sentence ?? verdict.sentence : verdict.sentence,
            function: isCulprit ? nil : function)
        }
      }
      isReleaseTold = isReleaseTold || holdsCulprit
    }
    if !isReleaseTold, let release { lines.append(Line(text: release.sentence)) }
    return lines
  }

  /// The functions of equal verdicts, in the order in which they were looked at.
  private var groups: [[(function: String, verdict: Verdict)]] {
    var groups: [[(function: String, verdict: Verdict)]] = []
    for entry in fresh {
      let index = groups.firstIndex { group in
        group.first.map { ($0.verdict.kind, $0.verdict.cause) == (entry.verdict.kind, entry.verdict.cause) }
          ?? false
      }
      if let index { groups[index].append(entry) } else { groups.append([entry]) }
    }
    return groups
  }

  /// `EXTEND 40 functions (a, b, c, d, e and 35 more): only 0 invocations …`.
  private static func sentence(
    _ group: [(function: String, verdict: Verdict)], for shown: (function: String, verdict: Verdict)
  ) -> String {
    let names = PlanText.names(group.map(\.function))
    let reason = reason(shown.verdict, of: shown.function)
    let areEqual = group.allSatisfy { Self.reason($0.verdict, of: $0.function) == reason }
    return "\(verb(shown.verdict)) \(group.count) functions (\(names)): "
      + (areEqual ? "" : "\(shown.function), for one: ") + reason
  }

  /// A verdict's sentence behind the names that it begins with: `EXTEND orders v42: `.
  static func reason(_ verdict: Verdict, of function: String) -> String {
    let sentence = verdict.sentence
    guard sentence.dropFirst(verb(verdict).count).hasPrefix(" \(function)"),
      let colon = sentence.firstRange(of: ": ")
    else { return sentence }
    return String(sentence[colon.upperBound...])
  }

  /// The word that it begins with.
  private static func verb(_ verdict: Verdict) -> Substring { verdict.sentence.prefix { $0 != " " } }
}
