/// Finds Lambda handlers in Python files by their signature.
enum PythonHandlers {
  private static let names: Set<String> = ["handler", "lambda_handler", "main", "handle"]

  /// Functions that a Lambda runtime would be pointed at: a handler's name, an event and a context, not `async`.
  static func symbols(in module: PythonModule, isConventional: Bool) -> [String] {
    var found = module.functions.filter(isHandler).map(\.name)
    if found.isEmpty, isConventional {
      // An ASGI application in Mangum's wrapper is a handler without a function.
      found = module.calls.filter { $0.value == "Mangum" && isHandlerName($0.key) }.map(\.key).sorted()
    }
    return found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private static func isHandlerName(_ name: String) -> Bool {
    names.contains(name) || name.hasSuffix("_handler")
  }

  private static func isHandler(_ function: PythonModule.Function) -> Bool {
    guard !function.isAsync, isHandlerName(function.name), function.parameters.count >= 2,
      function.parameters.dropFirst(2).allSatisfy(\.hasDefault)
    else { return false }
    return isEvent(function.parameters[0].name) && isContext(function.parameters[1].name)
  }

  private static func words(_ name: String) -> [Substring] { name.lowercased().split(separator: "_") }

  private static func isEvent(_ name: String) -> Bool {
    words(name).contains { ["event", "events", "evt"].contains($0) }
  }

  private static func isContext(_ name: String) -> Bool {
    let words = words(name)
    return words.isEmpty || words.contains { ["context", "ctx"].contains($0) || $0.hasSuffix("context") }
  }
}
