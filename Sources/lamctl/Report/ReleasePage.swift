internal import Core

/// One self-contained page of a release: what was released and how it ended, with the judge's evidence minute by minute.
///
/// Pure: a document in, HTML out. It loads nothing, runs nothing, and suits a phone, a printer, light and dark.
struct ReleasePage {
  let release: PageRelease

  /// - Parameter document: of `deploy`, `rollback`, `promote`, `abort`, `resume`, `tick` or `report`.
  init(_ document: JSON) {
    release = PageRelease(document)
  }

  /// The page.
  var html: String {
    let title =
      "\(release.environment) \(release.release ?? "no release"): \(release.outcomeWords)"
      + (release.isRehearsal ? " (rehearsal)" : "")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
      \(HTMLText.element("title", title))
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <main>
      \(head)
      \(overview)
      \(release.functions.map(section).joined())
      <footer>\(HTMLText.escaped("Made by lamctl \(Build.version). Times are UTC."))</footer>
      </main>
      </body>
      </html>

      """
  }

  private var head: String {
    var facts: [(String, String)] = [
      ("Environment", HTMLText.escaped(release.environment)), ("Alias", HTMLText.escaped(release.alias)),
    ]
    if let id = release.release { facts.append(("Release", HTMLText.escaped(id))) }
    if let commit = release.commit { facts.append(("Commit", HTMLText.escaped(commit))) }
    if let owner = release.owner { facts.append(("By", HTMLText.escaped(owner))) }
    if let link = release.link { facts.append(("Run", HTMLText.link(link))) }
    if let seconds = release.seconds {
      facts.append(("Took", HTMLText.escaped(FunctionRow.short(.seconds(seconds)))))
    }
    let list = facts.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }.joined(separator: "\n")
    var text = "<h1><span class=\"badge \(release.ink)\">\(HTMLText.escaped(release.outcomeWords))</span> "
    text += "\(HTMLText.escaped(release.environment))</h1>\n<dl>\n\(list)\n</dl>\n"
    if release.isRehearsal {
      text +=
        HTMLText.element(
          "p", "A rehearsal on one machine: nothing of this happened in AWS.", class: "rehearsal") + "\n"
    }
    if release.isReview, release.functions.contains(where: { $0.verdict != nil }) {
      text +=
        HTMLText.element(
          "p",
          "The outcome is what the run did, by what it saw then. The verdicts are judged anew, by all that CloudWatch has now, "
            + "and may count more than the run had when it acted.", class: "fix") + "\n"
    }
    if let sentence = release.verdict { text += HTMLText.element("p", sentence, class: "verdict") + "\n" }
    if let error = release.error { text += HTMLText.element("p", error, class: "error") + "\n" }
    if let fix = release.fix { text += "<p class=\"fix\">Next: \(HTMLText.escaped(fix))</p>\n" }
    for warning in release.warnings { text += HTMLText.element("p", "Warning: \(warning)") + "\n" }
    return text
  }

  private var overview: String {
    "<h2>Functions</h2>\n"
      + HTMLText.table(
        ["Function", "Change", "Version", "Outcome", "Serves", "Canary", "Stable"],
        release.functions.map { function in
          [
            function.name, function.change, function.versions, function.outcomeWords, function.servesWords,
            function.canary?.words ?? "-", function.stable?.words ?? "-",
          ]
        })
  }

  private func section(_ function: PageFunction) -> String {
    guard function.hasMore else { return "" }
    var text =
      "<section>\n<h2>\(HTMLText.escaped(function.name)) <small>\(HTMLText.escaped(function.functionName))</small></h2>\n"
    if let sentence = function.verdict { text += HTMLText.element("p", sentence, class: "verdict") + "\n" }
    if let error = function.error { text += HTMLText.element("p", error, class: "error") + "\n" }
    if !function.reasons.isEmpty {
      text += HTMLText.element("p", "Changed: " + function.reasons.joined(separator: "; ")) + "\n"
    }
    text += PageChart.Shape.allCases.map { PageChart(function, $0).svg }.joined()
    if let back = function.backWords { text += HTMLText.element("p", back) + "\n" }
    if !function.changes.isEmpty {
      text +=
        "<h3>Weights</h3>\n"
        + HTMLText.table(
          ["Time", function.isInferred ? "Share of the new version" : "Weight of the new version"],
          function.changes.map { [$0.time, Percent.text($0.weight)] })
    }
    if !function.errors.isEmpty {
      text +=
        "<h3>What the new version logged</h3>\n"
        + HTMLText.table(["Count", "Error"], function.errors.map { ["\($0.count)", $0.message] })
    }
    if let cost = function.cost { text += HTMLText.element("p", cost) + "\n" }
    if !function.minutes.isEmpty {
      text +=
        "<details><summary>Minute by minute (\(function.minutes.count))</summary>\n"
        + HTMLText.table(
          ["Minute", function.isInferred ? "Share" : "Weight", "Canary", "Stable"],
          function.minutes.map { minute in
            [
              minute.start?.iso8601 ?? "-", Percent.text(minute.weight), minute.canary.words,
              minute.stable.words,
            ]
          }) + "</details>\n"
    }
    return text + "</section>\n"
  }
}

extension ReleasePage {
  /// One sheet for all: colours are variables, which the dark scheme and the printer set anew.
  static let style = """
    :root { --ink: #1b1f24; --paper: #fff; --faint: #59636e; --line: #d1d9e0; --good: #1a7f37; --bad: #c81e1e; --hold: #9a6700;
      --canary: #c2410c; --stable: #1d4ed8; --area: #fed7aa; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --faint: #9198a1; --line: #3d444d; --good: #3fb950;
      --bad: #ff7b72; --hold: #d29922; --canary: #fb923c; --stable: #79c0ff; --area: #7c2d12; } }
    @media print { :root { --ink: #000; --paper: #fff; --faint: #444; --line: #999; } details::details-content { content-visibility: visible; block-size: auto; }
      section { break-inside: avoid; } a { color: inherit; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2rem; } h3 { font-size: 1rem; } small, footer { color: var(--faint); font-weight: normal; }
    h1, h2, p, dd, td { overflow-wrap: anywhere; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { color: var(--faint); } dd { margin: 0; }
    .badge { border: 2px solid; border-radius: .4rem; padding: 0 .4rem; } .good { color: var(--good); } .bad, .error { color: var(--bad); } .hold { color: var(--hold); }
    .rehearsal { border: 2px dashed var(--hold); border-radius: .4rem; padding: .4rem .8rem; font-weight: 600; }
    .verdict { border-left: 4px solid var(--line); padding-left: .8rem; }
    .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
    th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } th { color: var(--faint); font-weight: 600; white-space: nowrap; }
    svg.broad { display: block; } svg.narrow { display: none; }
    @media screen and (max-width: 40rem) { svg.broad { display: none; } svg.narrow { display: block; }
      thead { display: none; } table, tbody, tr { display: block; } tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
      td { display: flex; gap: .6rem; border: 0; padding: .1rem 0; } td::before { content: attr(data-label); flex: 0 0 6rem; color: var(--faint); } }
    svg { width: 100%; height: auto; } svg text { fill: var(--faint); font: 12px system-ui, sans-serif; }
    .axis { stroke: var(--line); } .weight { fill: var(--area); stroke: none; } .canary { stroke: var(--canary); } .stable { stroke: var(--stable); }
    .canary, .stable { fill: none; stroke-width: 2; } .stable { stroke-dasharray: 5 3; } .dot { fill: var(--canary); stroke: none; }
    """
}
