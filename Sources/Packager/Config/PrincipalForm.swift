internal import Core

/// Who is named by a permission of a function.
enum PrincipalForm {
  /// Why `text` names nobody; nil where it does: a service, an account, an ARN, or everybody.
  ///
  /// Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
  static func fault(in text: String) -> String? {
    let isAccount = text.utf8.count == 12 && text.utf8.allSatisfy { (48...57).contains($0) }
    guard text != "*", !isAccount, !text.hasPrefix("arn:"), !isDomain(text) else { return nil }
    return
      "'\(String(text.prefix(80)).escaped)' is no principal: write a service such as events.amazonaws.com, "
      + "the 12 digits of an account, the ARN of a role, or *"
  }

  private static func isDomain(_ text: String) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return labels.count > 1
      && labels.allSatisfy { label in
        !label.isEmpty
          && label.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
      }
  }
}
