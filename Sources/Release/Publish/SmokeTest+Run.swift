internal import AWSClient
internal import Core

extension SmokeTest {
  /// Runs the test on one published version, which may have been published a moment ago.
  ///
  /// - Throws: ``ReleaseError`` when the version fails, or answers something else than expected.
  func run(
    _ input: FunctionInput, version: String, with lambda: any LambdaInvoking, waiter: Waiter
  ) async throws(ReleaseError) {
    let result = try await waiter.whenFound(version, of: input.name) { () async throws(AWSError) in
      try await lambda.invoke(
        input.functionName, qualifier: version, payload: event, kind: .requestResponse, logs: false)
    }
    if let failure = result.functionError {
      let words = [failure, result.errorMessage?.description].compactMap { $0 }
      throw failed(input, version, words.joined(separator: ": "))
    }
    guard let expectation else { return }
    guard let answer = try? JSON(parsing: result.payload) else {
      throw failed(input, version, "the answer is not JSON")
    }
    if let difference = Difference(between: expectation, and: answer) {
      throw failed(input, version, difference.description)
    }
  }

  private func failed(_ input: FunctionInput, _ version: String, _ reason: String) -> ReleaseError {
    .smokeFailed(function: input.function, version: version, test: name, reason: reason)
  }
}

extension SmokeTest {
  /// The first place where an answer lacks something of what is expected: objects may have more members, everything else
  /// must be equal.
  struct Difference: Equatable, CustomStringConvertible {
    /// The members on the way there; empty for the answer as a whole.
    let path: [String]
    let expected: JSON
    /// Nil where the answer has no such member.
    let found: JSON?

    /// Nil where `answer` has all that is expected.
    init?(between expected: JSON, and answer: JSON) {
      guard let difference = Self.first(expected, answer, at: []) else { return nil }
      self = difference
    }

    private init(_ path: [String], _ expected: JSON, _ found: JSON?) {
      self.path = path
      self.expected = expected
      self.found = found
    }

    private static func first(_ expected: JSON, _ answer: JSON, at path: [String]) -> Difference? {
      guard case .object(let members) = expected, case .object = answer else {
        let isSame = expected.double.map { $0 == answer.double } ?? (expected == answer)
        return isSame ? nil : Difference(path, expected, answer)
      }
      for (key, value) in members.members {
        guard let there = answer[key] else { return Difference(path + [key], value, nil) }
        if let difference = first(value, there, at: path + [key]) { return difference }
      }
      return nil
    }

    /// `expected 200 at statusCode, got 500`.
    var description: String {
      let place = path.isEmpty ? "" : " at \(path.joined(separator: "."))"
      let end = found.map { ", got \(Self.short($0))" } ?? ", which the answer lacks"
      return "expected \(Self.short(expected))\(place)\(end)"
    }

    /// A value as a sentence has room for it.
    private static func short(_ value: JSON) -> String {
      let text = value.text()
      return text.count > 80 ? text.prefix(79) + "…" : text
    }
  }
}
