internal import Core

/// Whoever calls a function with nothing but the function's own policy to let them.
struct PolicyCaller: Sendable {
  /// `s3.amazonaws.com`; nil for anybody, as behind a public URL.
  var service: String?
  /// The ARN of what calls.
  var sourceARN: String?
  /// The account that what calls belongs to.
  var sourceAccount: String?
  /// `NONE` or `AWS_IAM`, for calls by a URL.
  var urlAuthType: String?
  /// Whether the call comes through the function's URL.
  var isViaURL = false

  /// Whether one of `statements` lets this caller do `action`.
  func may(_ action: String, by statements: [JSONObject]) -> Bool {
    statements.contains { allows(action, $0) }
  }

  private func allows(_ action: String, _ statement: JSONObject) -> Bool {
    guard statement["Effect"]?.string == "Allow",
      Self.texts(statement["Action"]).contains(where: { Wildcard.matches($0, action) }),
      isMeant(by: statement["Principal"])
    else { return false }
    return (statement["Condition"]?.object?.members ?? []).allSatisfy { operation, tests in
      (tests.object?.members ?? []).allSatisfy { key, wanted in holds(operation, key, Self.texts(wanted)) }
    }
  }

  private func isMeant(by principal: JSON?) -> Bool {
    if principal?.string == "*" { return true }
    if Self.texts(principal?["AWS"]).contains("*") { return true }
    guard let service else { return false }
    return Self.texts(principal?["Service"]).contains(service)
  }

  /// A condition that this caller says nothing about does not hold.
  private func holds(_ operation: String, _ key: String, _ wanted: [String]) -> Bool {
    guard let value = value(of: key.lowercased()) else { return false }
    return switch operation {
    case "StringEquals": wanted.contains(value)
    case "StringLike": wanted.contains { Wildcard.matches($0, value) }
    case "ArnLike", "ArnEquals": wanted.contains { Wildcard.matches(arn: $0, value) }
    case "Bool": wanted.contains { $0.lowercased() == value }
    default: false
    }
  }

  private func value(of key: String) -> String? {
    switch key {
    case "aws:sourcearn": sourceARN
    case "aws:sourceaccount": sourceAccount
    case "lambda:functionurlauthtype": urlAuthType
    case "lambda:invokedviafunctionurl": isViaURL ? "true" : "false"
    default: nil
    }
  }

  private static func texts(_ value: JSON?) -> [String] {
    if let truth = value?.bool { return [truth ? "true" : "false"] }
    return value?.array?.compactMap(\.string) ?? [value?.string].compactMap { $0 }
  }
}

/// Patterns of policies: `*` for any characters, `?` for one.
enum Wildcard {
  /// Whether `text` is what `pattern` describes, in time that is linear in their product at worst.
  static func matches(_ pattern: some StringProtocol, _ text: some StringProtocol) -> Bool {
    let (pattern, text) = (Array(pattern.utf8), Array(text.utf8))
    var (place, index) = (0, 0)
    // Where to go on when what follows the last star did not fit.
    var star: (place: Int, index: Int)?
    while index < text.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        star = (place, index)
        place += 1
      } else if place < pattern.count, pattern[place] == text[index] || pattern[place] == UInt8(ascii: "?") {
        place += 1
        index += 1
      } else if let last = star {
        star = (last.place, last.index + 1)
        place = last.place + 1
        index = last.index + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  /// The same for ARNs, of which each of the six parts is matched for itself.
  static func matches(arn pattern: String, _ arn: String) -> Bool {
    let parts = pattern.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    let values = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, values.count == 6 else { return pattern == "*" || pattern == arn }
    return zip(parts, values).allSatisfy { matches($0, $1) }
  }
}
