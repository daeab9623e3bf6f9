/// What a `FunctionName` parameter says: a name, a partial ARN or a full one, perhaps with a qualifier.
struct FunctionReference: Sendable {
  let name: String
  let qualifier: String?

  /// Reads `text`: `f`, `f:q`, `account:function:f[:q]`, `function:f[:q]`, `arn:aws:lambda:region:account:function:f[:q]`.
  ///
  /// - Throws: 400 for anything else, 404 for another region's or account's function.
  init(_ text: String, region: String, account: String) throws(ServiceError) {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if parts.first == "arn" {
      guard parts.count >= 7, parts[2] == "lambda", parts[5] == "function" else { throw Self.invalid(text) }
      guard parts[3] == region else {
        throw .notFound("Functions from '\(parts[3])' are not reachable in this region ('\(region)')")
      }
      parts.removeFirst(4)
    }
    if parts.count >= 3, parts[1] == "function" {
      guard parts[0] == account else {
        throw ServiceError(
          403, "AccessDeniedException",
          "User: arn:aws:iam::\(account):user/sandbox is not authorized to perform this operation on resource: \(text)"
        )
      }
      parts.removeFirst(2)
    } else if parts.count >= 2, parts[0] == "function" {
      parts.removeFirst()
    }
    guard (1...2).contains(parts.count), !parts[0].isEmpty, parts[0].utf8.allSatisfy(Self.isNameCharacter)
    else {
      throw Self.invalid(text)
    }
    name = parts[0]
    qualifier = parts.count > 1 ? parts[1] : nil
    guard name.utf8.count <= 64 else {
      throw ServiceError(
        400, "ValidationException",
        "1 validation error detected: Value '\(name)' at 'functionName' failed to satisfy constraint: "
          + "Member must have length less than or equal to 64")
    }
  }

  /// The qualifier of the name and of the `Qualifier` parameter, which must not differ.
  func qualifier(with parameter: String?) throws(ServiceError) -> String? {
    guard let parameter else { return qualifier }
    if let qualifier, qualifier != parameter {
      throw .invalid(
        "The derived qualifier from the function name does not match the specified qualifier.")
    }
    var validation = Validation()
    validation.qualifier(parameter)
    try validation.check()
    return parameter
  }

  static func isNameCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }

  private static func invalid(_ text: String) -> ServiceError {
    ServiceError(
      400, "ValidationException",
      "1 validation error detected: Value '\(text)' at 'functionName' failed to satisfy constraint: Member must "
        + "satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?"
        + "-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?")
  }
}
