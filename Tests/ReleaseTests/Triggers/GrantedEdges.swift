import AWSClient
import Core
import TestSupport
import Triggers

/// The policy of one alias, and the function's tags; nothing else that edges reach is there.
final class GrantedEdges: AbsentEdges {
  struct State {
    var statements: [String: JSONObject] = [:]
    var calls: [String] = []
    var fails = false
    var seen: [String] = []
  }

  let state = Lock(State())
  private let connection: Connection
  private let look: @Sendable () -> String

  /// - Parameter look: what the alias says; noted at every write.
  init(_ connection: Connection, look: @escaping @Sendable () -> String) {
    self.connection = connection
    self.look = look
  }

  func statements(_ function: String, alias: String?) async throws(AWSError) -> [JSONObject] {
    state.withLock { state in
      state.calls.append("GetPolicy")
      return state.statements.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  func addPermission(_ function: String, alias: String?, statement: JSONObject) async throws(AWSError) {
    let text = look()
    let fails = state.withLock { state in
      state.calls.append("AddPermission")
      state.seen.append(text)
      guard !state.fails else { return true }
      let sid = statement["StatementId"]?.string ?? ""
      state.statements[sid] = JSONObject([("Sid", .string(sid)), ("Effect", "Allow")])
      return false
    }
    if fails { throw Self.absent }
  }

  func removePermission(_ function: String, alias: String?, sid: String) async throws(AWSError) {
    state.withLock { state in
      state.calls.append("RemovePermission")
      state.statements[sid] = nil
    }
  }

  func tag(_ arn: String, _ tags: [String: String]) async throws(AWSError) {
    state.withLock { $0.calls.append("TagResource") }
    try await connection.tagResource(arn, tags: tags)
  }

  func mappings() async throws(AWSError) -> [JSONObject] { [] }
  func schedules(_ group: String?) async throws(AWSError) -> [JSONObject] { [] }
}
