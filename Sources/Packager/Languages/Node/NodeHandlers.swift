internal import Core

/// Finds Lambda handlers in JavaScript and TypeScript files by what they export.
enum NodeHandlers {
  /// Exports that a Lambda runtime could be pointed at.
  ///
  /// `handler` and `lambdaHandler` in any file, `…Handler` where the function takes an event. In a conventional file also
  /// `…Handler` that cannot be looked into, and what takes an event or nothing at all; other exports where something names
  /// them.
  static func symbols(in module: ScriptModule) -> [HandlerSymbol] {
    module.exports.map { HandlerSymbol($0.name, evidence($0.name, $0.shape)) }
  }

  private static func evidence(_ name: String, _ shape: ScriptModule.Shape) -> HandlerSymbol.Evidence {
    let isExact = name == "handler" || name == "lambdaHandler"
    switch shape {
    case .opaque:
      // A wrapper such as middy(…), or a re-export.
      if isExact { return .signature }
      return hasSuffix(name) ? .customary : .nameable
    case .function(let parameters, let isAsync):
      if isWebServer(parameters) {
        return isExact
          ? .unusual("'\(name)' takes a request and a response, as a web server's functions do") : .nameable
      }
      if isExact { return .signature }
      guard name != "default" else { return .nameable }
      guard let first = parameters.first else {
        return isAsync || hasSuffix(name) ? .customary : .nameable
      }
      guard isEvent(first) else { return .nameable }
      return hasSuffix(name) ? .signature : .customary
    }
  }

  private static func hasSuffix(_ name: String) -> Bool { name.hasSuffix("Handler") && name.count > 7 }

  private static func isEvent(_ parameter: ScriptModule.Parameter) -> Bool {
    let name = parameter.name.lowercased()
    if name.contains("event") || name == "evt" || name == "_evt" {
      // React's and the browser's events are no business of Lambda.
      return !parameter.type.contains {
        $0 == "React" || ["MouseEvent", "ChangeEvent", "KeyboardEvent"].contains($0)
      }
    }
    return parameter.type.contains {
      $0.hasSuffix("Handler") || $0.hasSuffix("ProxyEvent") || $0 == "SQSEvent"
    }
  }

  /// `(req, res)` and `(err, req, res, next)` belong to web servers.
  private static func isWebServer(_ parameters: [ScriptModule.Parameter]) -> Bool {
    let names = parameters.map { $0.name.trimmingPrefix("_") }
    return names.contains { $0 == "res" || $0 == "response" || $0 == "reply" || $0 == "next" }
  }
}
