internal import AWSClient
internal import Core

/// What is to be done to one function so that its callers call the alias.
package struct MovePlan: Sendable {
  /// The function and the alias.
  package let scope: EdgeScope
  /// The moves, in order: what is copied, then what is moved, mappings last.
  package internal(set) var moves: [Move] = []
  /// What is to be told, and changes nothing.
  package var notes: [String] = []
  /// Why nothing of the function is moved: what CloudFormation made, with the change to the template.
  package internal(set) var refusals: [String] = []
  /// Why nothing of the function is moved: what is in the way, or could not be read.
  package internal(set) var obstacles: [EdgeError] = []

  /// Whether nothing may be written for the function.
  package var isBlocked: Bool { !refusals.isEmpty || !obstacles.isEmpty }

  /// Plans the moves of one function.
  ///
  /// - Parameters:
  ///   - edges: what calls it.
  ///   - triggers: those of its configuration: an edge that does what one says becomes that trigger's.
  ///   - evenManaged: whether to move what a CloudFormation stack made.
  package init(_ edges: HangingEdges, triggers: [Trigger], evenManaged: Bool) {
    scope = edges.scope
    obstacles = edges.unread
    var draft = MoveDraft()
    for kind in MoveKind.allCases { kind.edges.plan(edges, for: triggers, into: &draft) }
    Self.tell(edges, in: &draft)
    let found = draft.obstacles
    obstacles += found.map { EdgeError(edges.scope, nil, $0) }
    notes = draft.notes
    if !evenManaged { refusals = draft.items.compactMap { Self.refusal($0, edges) } }
    if !isBlocked { moves = draft.items.map(\.move) }
  }

  /// No moves, because of what is in the way.
  package init(_ scope: EdgeScope, obstacle: String, fix: String) {
    self.scope = scope
    obstacles = [EdgeError(scope, nil, obstacle, fix: fix)]
  }

  /// The same, with nothing to be done because of what is in the way.
  package func held(by obstacle: String, fix: String) -> MovePlan {
    var plan = MovePlan(scope, obstacle: obstacle, fix: fix)
    plan.notes = notes
    return plan
  }

  /// Plans how the bare function loses the statements that its alias has too. What still calls the bare function keeps
  /// them all: which statement is for which caller nobody says.
  ///
  /// - Parameters:
  ///   - edges: what calls it.
  ///   - evenManaged: whether to take away what a CloudFormation stack made.
  package static func farewell(_ edges: HangingEdges, evenManaged: Bool) -> MovePlan {
    var plan = MovePlan(scope: edges.scope)
    plan.obstacles = edges.unread
    let all = MovePlan(edges, triggers: [], evenManaged: true)
    let left = all.moves.filter { $0.kind != .eventInvoke && $0.kind != .mark }.map(\.title)
    if !left.isEmpty {
      plan.obstacles.append(
        EdgeError(
          edges.scope, nil, "the bare function is still called: \(left.joined(separator: "; "))",
          fix: "run lamctl adopt first"))
    }
    plan.obstacles += all.obstacles.filter { !edges.unread.contains($0) }
    (plan.moves, plan.notes) = PermissionMoves.farewells(edges)
    if !evenManaged, let stack = edges.stacks[HangingKey.function], !plan.moves.isEmpty {
      plan.refusals = plan.moves.map { move in
        "the stack \(stack) made \(edges.scope.functionName): take the AWS::Lambda::Permission out of its template, "
          + move.title
      }
    }
    if plan.isBlocked { plan.moves = [] }
    return plan
  }

  private init(scope: EdgeScope) { self.scope = scope }

  /// What a stack made is set back when the stack is updated.
  private static func refusal(_ item: MoveDraft.Item, _ edges: HangingEdges) -> String? {
    let edge = item.key.flatMap { edges.stacks[$0] }
    guard let stack = edge ?? edges.stacks[HangingKey.function] else { return nil }
    let made = edge == nil ? edges.scope.functionName : "it"
    return
      "\(item.move.title): the stack \(stack) made \(made); in its template set \(item.property.name) of "
      + "the \(item.property.resource) to \(item.value)"
  }

  /// What cannot be moved.
  private static func tell(_ edges: HangingEdges, in draft: inout MoveDraft) {
    if let url = edges.url?["FunctionUrl"]?.string {
      draft.notes.append(
        "the URL \(url) goes on calling the bare function, as the alias can only have an address of its own: "
          + "state \"functionUrl\" in triggers, and give its callers the new one")
    }
    for (arn, count) in edges.provisioned.sorted(by: { $0.key < $1.key }) where !edges.isAlias(arn) {
      guard let name = edges.called(arn), !name.isUnqualified else { continue }
      draft.notes.append(
        "\(count) provisioned instances stay with \(name.words): who moves to the alias has none of them")
    }
    for mapping in edges.mappings {
      guard case .version(let number)? = edges.called(mapping["FunctionArn"]?.string) else { continue }
      draft.notes.append(
        "the mapping \(mapping["UUID"]?.string ?? "") of \(MappingEdges.source(mapping)) feeds version \(number), "
          + "and stays there")
    }
    for schedule in edges.schedules {
      guard case .version(let number)? = edges.called(schedule["Target"]?["Arn"]?.string) else { continue }
      draft.notes.append(
        "the schedule \(schedule["Name"]?.string ?? "") calls version \(number), and stays there")
    }
  }
}

extension HangingEdges {
  /// The ids of the bare function's statements that nobody needs any more: the alias has their like, and nothing calls
  /// the bare function. None where something does, or where not all could be read.
  package var idleStatements: Set<String> {
    guard !MovePlan.farewell(self, evenManaged: true).isBlocked else { return [] }
    return Set(PermissionMoves.copied(self).map(\.statement.sid))
  }

  /// What calls the bare function, a few words each: what adoption would move.
  package var bareCallers: [String] {
    var draft = MoveDraft()
    for kind in MoveKind.allCases where kind != .permission && kind != .eventInvoke && kind != .mark {
      kind.edges.plan(self, for: [], into: &draft)
    }
    var seen: Set<String> = []
    return draft.items.filter { seen.insert($0.move.group).inserted }.map(\.move.title)
  }
}
