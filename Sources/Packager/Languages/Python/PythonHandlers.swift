/// Finds Lambda handlers in Python files by their signature.
enum PythonHandlers {
  private static let names: Set<String> = ["handler", "lambda_handler", "main", "handle"]
  /// Decorators that make a function something else than a handler: a route, a command, a test's piece.
  private static let foreign: Set<String> = [
    "route", "get", "post", "put", "delete", "patch", "command", "group", "task", "fixture",
    "exception_handler",
    "errorhandler", "error_handler", "middleware", "property", "receiver", "register",
  ]
  /// Classes whose objects are handlers; those of `logging` only sound alike.
  private static let wrappers: Set<String> = ["Mangum"]

  /// What a Lambda runtime could be pointed at: a function that takes an event and a context and is not `async`, one that a
  /// decorator makes one, or a wrapper around an application.
  static func symbols(in module: PythonModule) -> [HandlerSymbol] {
    var found: [HandlerSymbol] = []
    for function in module.functions {
      guard let evidence = evidence(function) else { continue }
      // The last definition of a name is the one that counts.
      found.removeAll { $0.name == function.name }
      found.append(HandlerSymbol(function.name, evidence))
    }
    for (name, callee) in module.calls.sorted(by: { $0.key < $1.key })
    where isHandlerName(name) && !found.contains(where: { $0.name == name }) {
      // `lambda_handler = make_handler(…)`; `handler = logging.StreamHandler()` is none.
      let isMade = name == "lambda_handler" || wrappers.contains(callee)
      found.append(HandlerSymbol(name, isMade ? .customary : .nameable))
    }
    return found
  }

  private static func isHandlerName(_ name: String) -> Bool {
    names.contains(name) || name.hasSuffix("_handler")
  }

  private static func evidence(_ function: PythonModule.Function) -> HandlerSymbol.Evidence? {
    let isExact = ["handler", "lambda_handler"].contains(function.name)
    guard function.decorators.allSatisfy({ !foreign.contains($0) }) else { return nil }
    let parameters = function.parameters
    let takesBoth =
      parameters.count >= 2 && parameters.dropFirst(2).allSatisfy(\.hasDefault)
      && isEvent(parameters[0].name) && isContext(parameters[1].name)
    if function.isAsync {
      guard takesBoth, isHandlerName(function.name) else { return nil }
      return .unusual("'\(function.name)' is async, and Lambda's Python does not wait for it")
    }
    if takesBoth { return isHandlerName(function.name) ? .signature : .customary }
    // What a decorator takes over may have any parameters.
    if isExact, !function.decorators.isEmpty { return .signature }
    if isExact {
      let taken = parameters.map(\.name).joined(separator: ", ")
      return .unusual("'\(function.name)' takes (\(taken)), not an event and a context")
    }
    return .nameable
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
