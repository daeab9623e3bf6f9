internal import Core

/// The further addresses of a sandbox: a port on 127.0.0.1 for each HTTP API and each function URL, as browsers may be
/// sent there and what answers must not be reachable under the address that everything else has.
final class Doors: Sendable {
  /// Answers a request that came to the door of this name.
  typealias Handler = @Sendable (_ door: String, _ request: HTTPRequest) -> HTTPAnswer

  /// More than any rehearsal needs, and few enough threads and descriptors.
  static let limit = 500
  /// The most bytes of a body: what API Gateway takes.
  static let bodyLimit = 10 << 20

  private struct State {
    var handler: Handler?
    var servers: [String: HTTPServer] = [:]
    var isStopping = false
  }

  private let state = Lock(State())

  /// Answers requests with `handler` from now on; before that they are dropped.
  func use(_ handler: @escaping Handler) { state.withLock { $0.handler = handler } }

  /// Opens a door, or finds it open.
  ///
  /// - Parameter preferred: the port that it had before; another one when that is taken meanwhile.
  /// - Returns: the port.
  func open(_ door: String, preferred: Int? = nil) throws(SystemError) -> Int {
    if let port = port(of: door) { return port }
    guard state.withLock({ $0.servers.count < Self.limit && !$0.isStopping }) else {
      throw SystemError(operation: "open", subject: "one more port for \(door)", code: 24)
    }
    let server = try listen(door, preferred)
    let other = state.withLock { state -> HTTPServer? in
      if let present = state.servers[door] { return present }
      state.servers[door] = server
      return nil
    }
    guard let other else { return server.port }
    server.stop(patience: 0)
    return other.port
  }

  private func listen(_ door: String, _ preferred: Int?) throws(SystemError) -> HTTPServer {
    if let preferred, let server = try? self.server(door, on: preferred) { return server }
    return try server(door, on: 0)
  }

  private func server(_ door: String, on port: Int) throws(SystemError) -> HTTPServer {
    var limits = HTTPLimits(body: Self.bodyLimit)
    limits.allBodies = 8 * Self.bodyLimit
    return try HTTPServer(port: port, limits: limits, admitsOrigin: true) { [weak self] request in
      guard let handler = self?.state.withLock({ $0.handler }) else { return .drop }
      return handler(door, request)
    }
  }

  /// The port of a door; nil when it is not open.
  func port(of door: String) -> Int? { state.withLock { $0.servers[door]?.port } }

  /// Shuts a door for good. Requests that are under way are cut off.
  func close(_ door: String) {
    state.withLock { $0.servers.removeValue(forKey: door) }?.stop(patience: 0)
  }

  /// Shuts all doors and opens none any more.
  func stop() {
    let servers = state.withLock { state in
      state.isStopping = true
      defer { state.servers = [:] }
      return Array(state.servers.values)
    }
    for server in servers { server.stop(patience: 0.5) }
  }
}
