/// Finds Lambda handlers in JavaScript and TypeScript files by what they export.
enum NodeHandlers {
  /// Exports that a Lambda runtime would be pointed at.
  ///
  /// `handler` and `lambdaHandler` in any file, `…Handler` where the function takes an event or cannot be looked into,
  /// and any export of a conventional file that takes an event.
  static func symbols(in module: ScriptModule, isConventional: Bool) -> [String] {
    module.exports.filter { export in
      let isExact = export.name == "handler" || export.name == "lambdaHandler"
      switch export.shape {
      case .opaque:
        // A wrapper such as middy(…), or a re-export.
        return isExact || (isConventional && hasSuffix(export.name))
      case .function(let parameters):
        if isExact { return !isWebServer(parameters) }
        guard hasSuffix(export.name) || isConventional, let first = parameters.first else { return false }
        return export.name != "default" && isEvent(first)
      }
    }.map(\.name)
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
