import Core
import TestSupport

@testable import AWSClient

/// One function with versions and an alias that obeys Lambda's rules of revisions, behind a network that
/// fails once.
final class FakeFunction: Sendable {
  /// What goes wrong with one request.
  enum Fault: String, Sendable, CaseIterable {
    case lostBefore = "the connection breaks before the request is carried out"
    case lostAfter = "the connection breaks after the request was carried out"
    case truncated = "the answer to a request that was carried out breaks off"
    case malformed = "the answer to a request that was carried out is not JSON"
    case pageAfter = "a proxy's error page stands in for the answer"
    case throttled = "429"
    case throttledWithWait = "429 with Retry-After"
    case failedBefore = "500 before the request is carried out"
    case failedTwice = "500 twice"
    case unavailableAfter = "503 after the request was carried out"

    /// How many requests in a row it hits.
    var length: Int { self == .failedTwice ? 2 : 1 }

    var isProcessed: Bool {
      switch self {
      case .lostAfter, .truncated, .malformed, .pageAfter, .unavailableAfter: true
      case .lostBefore, .throttled, .throttledWithWait, .failedBefore, .failedTwice: false
      }
    }

    func reaction(to answer: String) -> Reaction {
      switch self {
      case .lostBefore, .lostAfter: .hangUp
      case .truncated: .raw("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + answer)
      case .malformed: .json(200, String(answer.dropLast(3)))
      case .pageAfter: .answer(502, "<html><head><title>502 Bad Gateway</title></head></html>")
      case .throttled: .error(429, "TooManyRequestsException", "Rate exceeded")
      case .throttledWithWait: .answer(429, [("Retry-After", "2")], "{}")
      case .failedBefore, .failedTwice: .error(500, "ServiceException", "internal")
      case .unavailableAfter: .answer(503, "")
      }
    }
  }

  struct State {
    var versions: [String] = []
    var published = "old"
    var code = "new"
    var functionRevision = 1
    var aliasRevision = 1
    var aliasVersion = "1"
    var weights = JSONObject()
    var aliasWrites: [String] = []
  }

  let state = Lock(State())
  private let fault: Fault?
  private let index: Int

  /// - Parameter index: of the first request that `fault` hits, from 0.
  init(fault: Fault?, at index: Int) {
    self.fault = fault
    self.index = index
  }

  func react(_ request: ReceivedRequest, _ number: Int) -> Reaction {
    guard let fault, number >= index, number < index + fault.length else { return answer(request) }
    guard fault.isProcessed else { return fault.reaction(to: "") }
    guard case .answer(let status, _, let body) = answer(request), status < 300 else {
      return answer(request)
    }
    return fault.reaction(to: body)
  }

  private func answer(_ request: ReceivedRequest) -> Reaction {
    let end = request.path.split(separator: "/").dropFirst(3)
    return state.withLock { state in
      switch (request.method, end.joined(separator: "/")) {
      case ("GET", ""):
        return .json(200, "{\"Configuration\":\(Self.latest(state))}")
      case ("GET", "versions"):
        let list = [Self.latest(state)] + state.versions.indices.map { Self.version(state, $0) }
        return .json(200, "{\"Versions\":[\(list.joined(separator: ","))]}")
      case ("POST", "versions"): return publish(request, &state)
      case ("GET", "aliases/live"): return .json(200, Self.alias(state))
      case ("PUT", "aliases/live"): return update(request, &state)
      default: return .error(404, "ResourceNotFoundException", "no such path")
      }
    }
  }

  private func publish(_ request: ReceivedRequest, _ state: inout State) -> Reaction {
    if let revision = request.json?["RevisionId"]?.string, revision != "f\(state.functionRevision)" {
      return .error(412, "PreconditionFailedException", "The Revision Id provided does not match")
    }
    if state.published != state.code {
      state.published = state.code
      state.versions.append(request.json?["Description"]?.string ?? "")
      state.functionRevision += 1
    }
    return .json(201, Self.version(state, state.versions.count - 1))
  }

  private func update(_ request: ReceivedRequest, _ state: inout State) -> Reaction {
    guard request.json?["RevisionId"]?.string == "a\(state.aliasRevision)" else {
      return .error(412, "PreconditionFailedException", "The Revision Id provided does not match")
    }
    state.aliasRevision += 1
    state.aliasVersion = request.json?["FunctionVersion"]?.string ?? state.aliasVersion
    if let weights = request.json?["RoutingConfig"]?["AdditionalVersionWeights"]?.object {
      state.weights = weights
    }
    state.aliasWrites.append("\(state.aliasVersion) \(JSON.object(state.weights).text())")
    return .json(200, Self.alias(state))
  }

  private static func latest(_ state: State) -> String {
    "{\"FunctionName\":\"orders\",\"Version\":\"$LATEST\",\"CodeSha256\":\"\(state.code)\","
      + "\"RevisionId\":\"f\(state.functionRevision)\"}"
  }

  private static func version(_ state: State, _ index: Int) -> String {
    "{\"FunctionName\":\"orders\",\"Version\":\"\(index + 2)\",\"CodeSha256\":\"\(state.published)\","
      + "\"Description\":\"\(state.versions[index])\",\"RevisionId\":\"v\(index)\"}"
  }

  private static func alias(_ state: State) -> String {
    "{\"Name\":\"live\",\"FunctionVersion\":\"\(state.aliasVersion)\",\"Description\":\"\","
      + "\"RevisionId\":\"a\(state.aliasRevision)\",\"RoutingConfig\":{\"AdditionalVersionWeights\":"
      + JSON.object(state.weights).text() + "}}"
  }
}
