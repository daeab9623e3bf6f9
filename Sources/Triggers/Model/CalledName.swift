internal import Core

/// By which name of a function something calls it.
package enum CalledName: Hashable, Sendable {
  /// The function itself, without a name behind it.
  case bare
  /// `$LATEST`, which is the same code.
  case latest
  /// A version by its number.
  case version(String)
  /// An alias.
  case alias(String)

  /// Whether it is what was uploaded last that is called.
  package var isUnqualified: Bool { self == .bare || self == .latest }

  /// For a sentence.
  var words: String {
    switch self {
    case .bare, .latest: "the bare function"
    case .version(let number): "version \(number)"
    case .alias(let name): "the alias \(name)"
    }
  }

  /// The name by which `arn` calls the function of `scope`; nil where it calls something else.
  ///
  /// - Parameter arn: the ARN of a function, or API Gateway's path around one.
  init?(_ arn: String, in scope: EdgeScope) {
    let called = CalledFunction.inside(arn)
    guard called.hasPrefix(scope.functionARN) else { return nil }
    let rest = called.dropFirst(scope.functionARN.count)
    if rest.isEmpty {
      self = .bare
      return
    }
    guard rest.first == ":" else { return nil }
    let qualifier = String(rest.dropFirst())
    if qualifier == "$LATEST" {
      self = .latest
    } else if !qualifier.isEmpty, qualifier.utf8.allSatisfy({ (48...57).contains($0) }) {
      self = .version(qualifier)
    } else {
      self = .alias(qualifier)
    }
  }
}

extension EdgeScope {
  /// `address` with the alias in place of whatever name of the function it calls.
  func led(_ address: String) -> String {
    guard address.contains(":lambda:path/") else { return aliasARN }
    let head = address.firstRange(of: functionARN).map { String(address[..<$0.lowerBound]) } ?? ""
    return "\(head)\(aliasARN)/invocations"
  }
}

/// Any function, and the name behind it by which something calls it.
struct CalledFunction: Hashable, Sendable {
  /// The function's ARN, without a name behind it.
  let functionARN: String
  /// A version, an alias or `$LATEST`; nil for the bare function.
  let qualifier: String?

  /// Nil for what is no function's ARN, nor API Gateway's path around one.
  init?(_ arn: String) {
    let parts = Self.inside(arn).split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (7...8).contains(parts.count), parts[2] == "lambda", parts[5] == "function" else { return nil }
    functionARN = parts[..<7].joined(separator: ":")
    qualifier = parts.count == 8 ? parts[7] : nil
  }

  /// Whether it is in the account and the region of `scope`.
  func isBeside(_ scope: EdgeScope) -> Bool {
    functionARN.hasPrefix(
      "arn:\(scope.partition):lambda:\(scope.region):\(scope.account):function:")
  }

  /// The ARN within API Gateway's path around it.
  static func inside(_ arn: String) -> String {
    guard let inside = arn.components(after: ":lambda:path/"),
      let path = inside.components(after: "/functions/")
    else { return arn }
    return path.hasSuffix("/invocations") ? String(path.dropLast("/invocations".count)) : path
  }
}

extension String {
  /// What follows the first `mark`; nil without it.
  func components(after mark: String) -> String? {
    firstRange(of: mark).map { String(self[$0.upperBound...]) }
  }
}
