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
    if let path = Self.firstDifference(between: expectation, and: answer, at: "") {
      throw failed(
        input, version, "the answer differs from what is expected at \(path.isEmpty ? "the top" : path)")
    }
  }

  private func failed(_ input: FunctionInput, _ version: String, _ reason: String) -> ReleaseError {
    .smokeFailed(function: input.function, version: version, test: name, reason: reason)
  }

  /// Where `answer` lacks something of `expected`: objects may have more members, everything else must be equal.
  static func firstDifference(between expected: JSON, and answer: JSON, at path: String) -> String? {
    guard case .object(let members) = expected else {
      if let a = expected.double, let b = answer.double { return a == b ? nil : path }
      return expected == answer ? nil : path
    }
    for (key, value) in members.members {
      let place = path.isEmpty ? key : "\(path).\(key)"
      guard let there = answer[key] else { return place }
      if let difference = firstDifference(between: value, and: there, at: place) { return difference }
    }
    return nil
  }
}
