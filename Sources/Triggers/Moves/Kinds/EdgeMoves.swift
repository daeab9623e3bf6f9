internal import AWSClient
internal import Core

/// One kind of edge that can be moved: how it is planned, looked at and put into a state.
protocol EdgeMoves: Sendable {
  /// The moves that lead what hangs on the bare function to the alias.
  func plan(_ edges: HangingEdges, for triggers: [Trigger], into draft: inout MoveDraft)

  /// What stands there now, in those members that the move is about; null where nothing does.
  func state(of move: Move, _ writer: EdgeWriter) async throws(EdgeError) -> JSON

  /// Makes `state` stand there, and returns once it does.
  ///
  /// - Parameter present: what stands there, as ``state(of:_:)`` has told: the move's before or its after.
  /// - Returns: what is to be told.
  func put(
    _ state: JSON, over present: JSON, for move: Move, _ writer: EdgeWriter
  ) async throws(EdgeError) -> [String]
}

extension MoveKind {
  /// What knows this kind.
  var edges: any EdgeMoves {
    switch self {
    case .permission: PermissionMoves()
    case .eventInvoke: EventInvokeMoves()
    case .httpApi: IntegrationMoves()
    case .rule: RuleMoves()
    case .schedule: ScheduleMoves()
    case .sns: TopicMoves()
    case .s3: BucketMoves()
    case .eventSource: MappingMoves()
    case .mark: MarkMoves()
    }
  }
}

/// What a planner has found for one function so far.
struct MoveDraft: Sendable {
  /// A move, and what would have to change where CloudFormation made the edge.
  struct Item: Sendable {
    let move: Move
    /// By what the edge's stack is known; nil for the function's own.
    var key: String?
    /// The template's resource and property: `AWS::Lambda::EventSourceMapping`, `FunctionName`.
    let property: (resource: String, name: String)
    /// What the property is to be.
    let value: String
  }

  var items: [Item] = []
  /// What is to be told, and changes nothing.
  var notes: [String] = []
  /// What keeps the function from being moved.
  var obstacles: [String] = []
}

extension EdgeWriter {
  /// A pause of a wait that has a limit.
  ///
  /// - Throws: ``EdgeError`` with `reason` when the limit is reached.
  func rest(
    _ span: TimeSpan, _ waited: inout TimeSpan, until limit: TimeSpan, or reason: String
  ) async throws(EdgeError) {
    guard waited < limit else { throw EdgeError(scope, nil, reason) }
    do { try await services.clock.sleep(for: span) } catch {
      throw EdgeError(scope, nil, .cancelled("a wait for \(scope.function)"))
    }
    waited = waited + span
  }
}
