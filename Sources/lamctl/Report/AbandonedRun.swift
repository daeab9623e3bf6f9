internal import AWSClient
internal import Core
internal import Release

/// A run that was left before its traffic was safe: what serves, as far as it could be read. Pure.
struct AbandonedRun: Sendable {
  /// A function that the run was about.
  struct Function: Sendable {
    let name: FunctionName
    /// Where the run's own events saw its traffic; nil where it moved none.
    let place: TrafficSeen.Standing?
    /// The share of traffic of each version; nil where it could not be read in time.
    let weights: [String: Double]?

    /// Whether a version on trial has traffic, or may have it.
    var isOnTrial: Bool {
      guard let weights else { return if case .onTrial = place { true } else { false } }
      if case .onTrial(let version?) = place { return weights[version] != nil }
      return weights.count > 1
    }
  }

  let environment: String
  let alias: String
  /// The signal that ended it.
  let signal: Interruption.Signal
  let course: SignalAnswer.Course
  let functions: [Function]
  /// The commands that go on from here.
  let next: NextCommand

  /// The share of traffic of each version that has any.
  static func shares(of alias: AliasConfiguration) -> [String: Double] {
    var shares = alias.weights.filter { $0.value > 0 }
    shares[alias.functionVersion] = 1 - shares.values.reduce(0, +)
    return shares
  }

  /// What the exit code depends on.
  var ending: RunEnding { RunEnding(serving: serving, cause: .other, signal: signal) }

  private var serving: RunEnding.Serving {
    if functions.contains(where: \.isOnTrial) { return .underWay }
    let promoted = functions.count { $0.place == .promoted }
    let back = functions.count { if case .back = $0.place { true } else { false } }
    if course == .goesOn, back > 0, back < functions.count { return .mixed }
    // On trial when it was last heard of, and not any more.
    let returned = functions.contains { if case .onTrial = $0.place { true } else { false } }
    switch (promoted > 0, back > 0 || returned) {
    case (true, true): return .mixed
    case (true, false): return .everythingNew
    case (false, true): return .allBack
    case (false, false): return .nothingMoved
    }
  }

  /// Why it did not end as it should.
  var failure: Failure {
    let count = functions.count(where: \.isOnTrial)
    guard count > 0 else {
      return Failure(
        ending.exitCode, "ended by \(signal.name) before it was done",
        fix: "see \(next.line("status", environment))")
    }
    let what = count == 1 ? "1 function is" : "\(count) functions are"
    return Failure(
      ending.exitCode,
      "ended by \(signal.name) before the traffic was safe: \(what) left with a version on trial",
      fix: "\(next.line("abort", environment)) takes it back, \(next.resume(environment)) goes on")
  }

  /// How it ended, as the document says it.
  var outcome: String {
    switch serving {
    case .underWay: "held"
    case .everythingNew: "promoted"
    case .allBack: "rolledBack"
    case .nothingMoved, .asBefore, .anotherRun, .mixed: "failed"
    }
  }

  /// The document, in the shape of the one that the command prints when it comes to its end.
  func document(schema: String) -> JSON {
    [
      "schema": .string(schema), "environment": .string(environment), "alias": .string(alias),
      "outcome": .string(outcome), "exitCode": .int(Int(ending.exitCode.rawValue)),
      "functions": .array(
        functions.map { function in
          [
            "function": .string(function.name.function), "functionName": .string(function.name.functionName),
            "weights": function.weights.map(Self.json) ?? .null,
          ]
        }),
      "signal": .string(signal.name), "error": failure.json,
    ]
  }

  private static func json(_ weights: [String: Double]) -> JSON {
    .object(JSONObject(weights.sorted { $0.key < $1.key }.map { ($0.key, .double($0.value)) }))
  }

  static let columns: [TextTable.Column] = [.names("FUNCTION"), .left("SERVES").whole]

  /// The table.
  ///
  /// - Parameter limit: the widest a line may get; nil for any width.
  func text(style: Style, limit: Int? = nil) -> String {
    let rows = functions.map { function -> [String] in
      let words = Percent.text(function.weights ?? [:])
      return [function.name.function, words.isEmpty ? "not known" : words]
    }
    guard !rows.isEmpty else { return "" }
    return TextTable(Self.columns, rows: rows).lines(style: style, limit: limit)
      .map { $0 + "\n" }.joined()
  }
}
