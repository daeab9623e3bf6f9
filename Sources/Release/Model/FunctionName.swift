/// The two names of a function.
public struct FunctionName: Hashable, Sendable {
  /// Logical name in the repository.
  public let function: String
  /// Name of the Lambda function.
  public let functionName: String

  /// Joins the names.
  public init(function: String, functionName: String) {
    self.function = function
    self.functionName = functionName
  }
}
