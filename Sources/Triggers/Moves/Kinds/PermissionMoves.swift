internal import AWSClient
internal import Core

/// Statements of policies: those of the bare function are copied to the alias, and go from the function in the end.
struct PermissionMoves: EdgeMoves {
  private static let property = (resource: "AWS::Lambda::Permission", name: "FunctionName")

  func plan(_ edges: HangingEdges, for triggers: [Trigger], into draft: inout MoveDraft) {
    let present = edges.aliasStatements.compactMap { StatementForm($0)?.request }
    var taken = Set(edges.aliasStatements.map(\.sid))
    for statement in edges.statements where statement.allows && statement.invokes {
      if statement.lacksSource {
        draft.notes.append(
          "the statement \(statement.sid) names no source, so that whoever may use "
            + "\(statement.principals.joined(separator: ", ")) may call; name one")
      } else if let unseen = edges.unseen(statement) {
        draft.notes.append(
          "the statement \(statement.sid) lets \(unseen) call; what calls there is not looked up: lead it to "
            + edges.scope.aliasARN)
      }
      // The URL has an address of its own at the alias: whoever may call this one may not call that one.
      guard !statement.isForURL else { continue }
      guard let form = StatementForm(statement) else {
        draft.notes.append(
          "the statement \(statement.sid) says more than AddPermission can, and is not copied: "
            + "give its callers another one on \(edges.scope.aliasARN)")
        continue
      }
      guard !present.contains(where: { Likeness.same(.object($0), .object(form.request)) }) else { continue }
      let sid = Self.sid(form, statement.sid, besides: taken)
      taken.insert(sid)
      draft.items.append(
        MoveDraft.Item(
          move: Self.move(
            sid, on: edges.scope.alias, in: edges.scope, before: .null, after: .object(form.request),
            form.words),
          property: Self.property, value: edges.scope.aliasARN))
    }
  }

  /// The statements of the bare function that the alias has too.
  static func copied(_ edges: HangingEdges) -> [(statement: PolicyStatement, form: StatementForm)] {
    let copies = edges.aliasStatements.compactMap { StatementForm($0)?.request }
    return edges.statements.compactMap { statement in
      guard statement.allows, statement.invokes, !statement.isForURL, !statement.sid.isEmpty,
        let form = StatementForm(statement),
        copies.contains(where: { Likeness.same(.object($0), .object(form.request)) })
      else { return nil }
      return (statement, form)
    }
  }

  /// The moves that take from the bare function what the alias has too, and what is to be told of those that stay: whether
  /// something still calls by them nobody has looked.
  static func farewells(_ edges: HangingEdges) -> (moves: [Move], notes: [String]) {
    var (moves, notes): ([Move], [String]) = ([], [])
    for (statement, form) in copied(edges) {
      guard let unseen = edges.unseen(statement) else {
        moves.append(
          move(
            statement.sid, on: nil, in: edges.scope, before: .object(form.request), after: .null, form.words))
        continue
      }
      notes.append(
        "the statement \(statement.sid) stays, as what calls for \(unseen) is not looked up; once nothing there "
          + "calls the bare function: aws lambda remove-permission --function-name \(edges.scope.functionName) "
          + "--statement-id \(statement.sid)")
    }
    return (moves, notes)
  }

  private static func move(
    _ sid: String, on alias: String?, in scope: EdgeScope, before: JSON, after: JSON, _ words: String
  ) -> Move {
    Move(
      .permission, in: scope, place: JSONObject([("alias", .optional(alias)), ("sid", .string(sid))]),
      before: before, after: after, group: "permission \(alias ?? "")/\(sid)", title: words)
  }

  /// The statement's own id, as the policies are two; another where the alias has one of that id, or where lamctl would
  /// take it for its own.
  private static func sid(_ form: StatementForm, _ sid: String, besides taken: Set<String>) -> String {
    guard sid.isEmpty || sid.hasPrefix("lamctl-") || taken.contains(sid) else { return sid }
    return "adopted-\(Marks.digits(of: form.request.canonical, 8))"
  }

  func state(of move: Move, _ writer: EdgeWriter) async throws(EdgeError) -> JSON {
    let statements = try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.lambda.statements(
        move.scope.functionName, alias: move.place["alias"]?.string)
    }
    let found = statements.first { $0["Sid"]?.string == move.place["sid"]?.string }
    guard let found else { return .null }
    return StatementForm(PolicyStatement(found)).map { .object($0.request) } ?? .object(found)
  }

  func put(
    _ state: JSON, over present: JSON, for move: Move, _ writer: EdgeWriter
  ) async throws(EdgeError) -> [String] {
    let (name, alias) = (move.scope.functionName, move.place["alias"]?.string)
    let sid = move.place["sid"]?.string ?? ""
    guard var request = state.object else {
      try await writer.trying(nil) { () async throws(AWSError) in
        try await writer.services.lambda.removePermission(name, alias: alias, sid: sid)
      }
      return []
    }
    request["StatementId"] = .string(sid)
    let wanted = request
    try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.lambda.addPermission(name, alias: alias, statement: wanted)
    }
    return []
  }
}

extension HangingEdges {
  /// Whom a statement lets call without anybody having looked whether they do, for a sentence: a service for a resource
  /// that is not looked at, or for all that a pattern or an account has; nil for all other statements.
  fileprivate func unseen(_ statement: PolicyStatement) -> String? {
    guard statement.allows, statement.invokes, !statement.isForURL, statement.isForService,
      !(statement.sourceARN.map(seen.contains) ?? false)
    else { return nil }
    let origin = statement.sourceARN ?? statement.sourceAccount.map { "the account \($0)" }
    return statement.principals.joined(separator: ", ") + (origin.map { " for \($0)" } ?? " for anybody")
  }
}

/// A statement as AddPermission takes it.
struct StatementForm: Hashable, Sendable {
  /// Members of AddPermission but `StatementId`.
  let request: JSONObject

  /// By the key of the condition: the member of AddPermission.
  private static let conditions = [
    "aws:sourcearn": "SourceArn", "aws:sourceaccount": "SourceAccount",
    "aws:principalorgid": "PrincipalOrgID", "lambda:eventsourcetoken": "EventSourceToken",
    "lambda:functionurlauthtype": "FunctionUrlAuthType",
    "lambda:invokedviafunctionurl": "InvokedViaFunctionUrl",
  ]

  /// Nil for a statement that AddPermission cannot make.
  init?(_ statement: PolicyStatement) {
    guard statement.allows, statement.actions.count == 1, statement.principals.count == 1,
      let principal = Self.principal(statement.principals[0])
    else { return nil }
    var request = JSONObject([
      ("Action", .string(statement.actions[0])), ("Principal", .string(principal)),
    ])
    for (_, tests) in statement.members["Condition"]?.object?.members ?? [] {
      for (key, value) in tests.object?.members ?? [] {
        guard let member = Self.conditions[key.lowercased()], request[member] == nil else { return nil }
        let values = value.array ?? [value]
        guard values.count == 1, let single = values.first else { return nil }
        if member == "InvokedViaFunctionUrl" {
          request[member] = .bool(single.bool ?? (single.string?.lowercased() == "true"))
        } else {
          guard let text = single.string else { return nil }
          request[member] = .string(text)
        }
      }
    }
    self.request = request
  }

  /// An account is asked for by its number and shown by its ARN; who was deleted is shown by an id that nobody can be
  /// given permissions by.
  private static func principal(_ text: String) -> String? {
    if text.hasPrefix("AIDA") || text.hasPrefix("AROA") { return nil }
    guard text.hasPrefix("arn:"), text.hasSuffix(":root") else { return text }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 6 ? String(parts[4]) : text
  }

  /// `s3.amazonaws.com for arn:aws:s3:::in`.
  var words: String {
    let origin = request["SourceArn"]?.string ?? request["SourceAccount"]?.string
    return "permission of \(request["Principal"]?.string ?? "") \(origin.map { "for \($0)" } ?? "")"
      .split(separator: " ").joined(separator: " ")
  }
}
