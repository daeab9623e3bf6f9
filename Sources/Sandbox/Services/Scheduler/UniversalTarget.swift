internal import Core

/// An operation of AWS that a schedule calls by itself, with its input as the request.
///
/// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
enum UniversalTarget: String, CaseIterable, Sendable {
  case updateAlias, deleteAlias, deleteFunctionUrlConfig

  private static let prefix = "arn:aws:scheduler:::aws-sdk:lambda:"

  /// Nil for anything else, other operations among it.
  init?(arn: String) {
    guard arn.hasPrefix(Self.prefix) else { return nil }
    self.init(rawValue: String(arn.dropFirst(Self.prefix.count)))
  }

  /// As a schedule names it.
  var arn: String { Self.prefix + rawValue }

  /// As the API names it: `UpdateAlias`.
  var operation: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

  /// The members of its request that nothing is done without.
  private var required: [String] {
    switch self {
    case .updateAlias, .deleteAlias: ["FunctionName", "Name"]
    case .deleteFunctionUrlConfig: ["FunctionName"]
    }
  }

  private var optional: [String] {
    switch self {
    case .updateAlias: ["FunctionVersion", "Description", "RoutingConfig", "RevisionId"]
    case .deleteAlias: []
    case .deleteFunctionUrlConfig: ["Qualifier"]
    }
  }

  /// Checks the input of a schedule.
  ///
  /// - Throws: 400 when the operation could not be called with it.
  func check(_ input: String) throws(ServiceError) {
    guard let object = (try? JSON(parsing: input))?.object,
      required.allSatisfy({ object[$0]?.string?.isEmpty == false })
    else {
      throw ServiceError(
        400, "ValidationException",
        "Target.Input must be a JSON object with \(required.joined(separator: " and ")), "
          + "\(required.count == 1 ? "which is" : "which are") text.")
    }
    let known = required + optional
    // A misspelt RoutingConfig would leave the weights as they are, and nobody would know before it matters.
    if let other = object.keys.first(where: { !known.contains($0) }) {
      throw ServiceError(
        400, "ValidationException",
        "Target.Input has a member \(other), which \(operation) does not know; it knows "
          + "\(known.joined(separator: ", ")).")
    }
  }

  /// Calls the operation.
  func call(_ lambda: LambdaService, _ input: JSON) throws(ServiceError) {
    let function = try FunctionReference(
      input["FunctionName"]?.string ?? "", region: lambda.arns.region, account: lambda.arns.account)
    let name = input["Name"]?.string ?? ""
    switch self {
    case .updateAlias:
      _ = try lambda.updateAlias(
        LambdaService.Target(name: function.name, qualifier: function.qualifier), name, input)
    case .deleteAlias:
      _ = try lambda.deleteAlias(
        LambdaService.Target(name: function.name, qualifier: function.qualifier), name)
    case .deleteFunctionUrlConfig:
      _ = try lambda.deleteURL(
        LambdaService.Target(name: function.name, qualifier: input["Qualifier"]?.string ?? function.qualifier)
      )
    }
  }
}
