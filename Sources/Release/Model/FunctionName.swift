/// The two names of a function.
package struct FunctionName: Hashable, Sendable {
  /// Logical name in the repository.
  package let function: String
  /// Name of the Lambda function.
  package let functionName: String

  /// Joins the names.
  package init(function: String, functionName: String) {
    self.function = function
    self.functionName = functionName
  }
}
