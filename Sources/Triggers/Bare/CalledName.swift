internal import Core

/// By which name of a function something calls it.
public enum CalledName: Hashable, Sendable {
  /// The function itself, without a name behind it.
  case bare
  /// `$LATEST`, which is the same code.
  case latest
  /// A version by its number.
  case version(String)
  /// An alias.
  case alias(String)

  /// Whether it is what was uploaded last that is called.
  public var isUnqualified: Bool { self == .bare || self == .latest }

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
    var called = arn
    if let inside = arn.components(after: ":lambda:path/"), let path = inside.components(after: "/functions/")
    {
      called = path.hasSuffix("/invocations") ? String(path.dropLast("/invocations".count)) : path
    }
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
