internal import AWSClient
internal import Core
internal import LambdaSettings

extension Preflight {
  /// The key of a manifest that states each member which is inferred where none does.
  private static let keys = [
    ("Runtime", "runtime"), ("Architectures", "architectures"), ("Handler", "handler"),
  ]

  /// What is told of one function besides its release: where something about it had to be inferred.
  package static func inferences(_ plan: FunctionPlan) -> [PreflightFinding] {
    contradictions(plan) + [rehearsedRole(plan)].compactMap { $0 }
  }

  /// Where the source lets one think of a function what AWS has otherwise. AWS is right: nothing of it is written.
  private static func contradictions(_ plan: FunctionPlan) -> [PreflightFinding] {
    guard plan.input.ownsConfiguration, let present = plan.present, packageType(plan) == nil else {
      return []
    }
    return keys.compactMap { member, key in
      let inferred = plan.input.configuration.inferred[member].map(words)
      guard let inferred, let there = present.members[member].map(words), there != inferred else {
        return nil
      }
      return .warning(
        plan.input.function, "the source looks like \(key) \(inferred), and AWS has \(there), which stays",
        fix: "set \"\(key)\" in lamctl.json or in its function.json to the one that is right")
    }
  }

  /// Whether the manifest states what Lambda sets when a function is made and never again.
  static func creationSettings(_ plan: FunctionPlan) -> [PreflightFinding] {
    if let finding = packageType(plan) { return [finding] }
    let fixed = plan.differences.filter { SettingCatalogue[$0.setting]?.call == .creation }
    return fixed.map { difference in
      .refusal(
        plan.input.function, "\(difference.key) of a function that exists cannot be changed",
        fix: "take the key out, or give the function another name with \"functionName\" in its function.json")
    }
  }

  /// Whether the function is of the kind that the package is: Lambda converts none into the other.
  /// Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
  private static func packageType(_ plan: FunctionPlan) -> PreflightFinding? {
    guard let present = plan.present else { return nil }
    let settings = plan.input.configuration
    let wanted = (settings.members["PackageType"] ?? settings.inferred["PackageType"])?.string ?? "Zip"
    guard present.packageType != wanted else { return nil }
    return .refusal(
      plan.input.function,
      "\(plan.input.functionName) has the package type \(present.packageType) in AWS and \(wanted) here, and Lambda "
        + "converts neither into the other",
      fix:
        "give the function another name with \"functionName\" in its function.json, so that a new one is made, or set "
        + "\"packageType\" to \"\(present.packageType)\"")
  }

  private static func words(_ value: JSON) -> String {
    value.string ?? (value.array ?? []).compactMap(\.string).joined(separator: ", ")
  }
}

extension FunctionPlan {
  /// The function as it is: the version that serves, or `$LATEST` where there is no alias yet; nil for one that does not
  /// exist.
  var present: FunctionConfiguration? {
    switch deployed {
    case .missing: nil
    case .withoutAlias(let latest): latest.configuration
    case .serving(let serving): serving.description.configuration
    }
  }
}
