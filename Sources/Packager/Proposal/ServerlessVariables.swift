internal import Core

/// The variables of a `serverless.yml`. Source: https://www.serverless.com/framework/docs/guides/variables
struct ServerlessVariables {
  /// How far references are followed that lead to one another.
  private static let deepest = 16
  /// How many variables one value may lead to, and how long it may become: they multiply one another.
  private static let most = 1000
  private static let longest = 1 << 16

  private let document: JSONNode

  init(_ document: JSONNode) { self.document = document }

  /// `node` with what lamctl has words for.
  func resolve(_ node: JSONNode) -> Resolved {
    var left = Self.most
    return value(of: node, depth: 0, &left)
  }

  private func value(of node: JSONNode, depth: Int, _ left: inout Int) -> Resolved {
    guard depth < Self.deepest else { return .unknown("its variables lead in a circle") }
    guard let text = node.string else { return Intrinsic.resolve(node) }
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      guard let end = rest.firstIndex(of: "}") else { return .unknown("'\(text)' has no closing brace") }
      let inner = String(rest[..<end])
      rest = rest[end...].dropFirst()
      left -= 1
      guard left > 0, result.utf8.count < Self.longest else { return .unknown("its variables grow too long") }
      switch variable(inner, depth: depth, &left) {
      case .unknown(let why): return .unknown(why)
      case .value(let json):
        // A variable that is the whole text keeps its kind.
        if result.isEmpty, rest.isEmpty { return .value(json) }
        guard let word = json.string ?? json.int.map(String.init) else {
          return .unknown("${\(inner)} is no text")
        }
        result += word
      }
    }
    return .value(.string(result + rest))
  }

  private func variable(_ text: String, depth: Int, _ left: inout Int) -> Resolved {
    let parts = text.split(separator: ",", maxSplits: 1).map { $0.drop(while: \.isWhitespace) }
    let name = String(parts.first ?? "")
    let standard = parts.count > 1 ? String(parts[1].filter { $0 != "'" && $0 != "\"" }) : nil
    let unknown = Resolved.unknown("only the Serverless Framework knows what ${\(text)} is")
    switch name {
    case "aws:region", "self:provider.region", "opt:region": return .value("${region}")
    case "aws:accountId": return .value("${account}")
    case "sls:stage", "self:provider.stage", "opt:stage": return .value("${environment}")
    case _ where name.contains("$"): return unknown
    case _ where name.hasPrefix("env:"):
      let otherwise = standard.map { ":-\($0)" } ?? ""
      return .value(.string("${\(name)\(otherwise)}"))
    case _ where name.hasPrefix("ssm:/"): return .value(.string("${\(name)}"))
    case _ where name.hasPrefix("self:"): break
    default: return unknown
    }
    var node: JSONNode? = document
    for part in name.dropFirst(5).split(separator: ".") { node = node?[String(part)] }
    guard let node else { return standard.map { Resolved.value(.string($0)) } ?? unknown }
    return value(of: node, depth: depth + 1, &left)
  }
}
