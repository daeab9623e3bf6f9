internal import AWSClient
internal import Core

/// Entries of buckets: in each the ARN is exchanged, and all else that a bucket tells goes back byte for byte.
struct BucketMoves: EdgeMoves {
  func plan(_ edges: HangingEdges, for triggers: [Trigger], into draft: inout MoveDraft) {
    let scope = edges.scope
    for bucket in Set(edges.entries.map(\.bucket)).sorted() {
      var (before, after): ([JSON], [JSON]) = ([], [])
      var names: [String] = []
      for entry in edges.entries where entry.bucket == bucket {
        let element = entry.element
        let isMoved = edges.isUnqualified(element.target)
        guard isMoved || edges.isAlias(element.target) else { continue }
        let trigger = triggers.first { Self.isWanted($0, element, bucket, scope) }
        let mark = trigger.map { Marks.name(of: $0.name, in: scope, limit: 200) }
        guard isMoved || mark.map({ $0 != element.id }) ?? false else { continue }
        before.append(Self.state(element.entry))
        after.append(
          Self.state(
            NotificationEntry(
              id: mark ?? element.id, target: scope.aliasARN, events: element.events, prefix: element.prefix,
              suffix: element.suffix)))
        names.append("\(element.id)\(trigger.map { ", which becomes the trigger \($0.name)" } ?? "")")
      }
      guard !before.isEmpty else { continue }
      draft.items.append(
        MoveDraft.Item(
          move: Move(
            .s3, in: scope, place: JSONObject([("bucket", .string(bucket))]), before: .array(before),
            after: .array(after), group: "bucket \(bucket)",
            title: "\(names.joined(separator: "; ")) of the bucket \(bucket)"),
          property: ("AWS::S3::Bucket", "NotificationConfiguration.LambdaConfigurations[].Function"),
          value: scope.aliasARN))
    }
  }

  private static func isWanted(
    _ trigger: Trigger, _ element: NotificationDocument.Element, _ bucket: String, _ scope: EdgeScope
  ) -> Bool {
    guard trigger.kind == .s3, trigger.settings["via"]?.string != "eventbridge",
      trigger.settings["bucket"]?.string == bucket
    else { return false }
    let wanted = NotificationEntry(trigger, in: scope)
    return Set(wanted.events) == Set(element.events) && wanted.prefix == element.prefix
      && wanted.suffix == element.suffix
  }

  private static func state(_ entry: NotificationEntry) -> JSON {
    [
      "id": .string(entry.id), "target": .string(entry.target),
      "events": .array(entry.events.sorted().map(JSON.string)), "prefix": .string(entry.prefix),
      "suffix": .string(entry.suffix),
    ]
  }

  private static func entries(_ state: JSON) -> [NotificationEntry] {
    (state.array ?? []).map { value in
      NotificationEntry(
        id: value["id"]?.string ?? "", target: value["target"]?.string ?? "",
        events: value["events"]?.array?.compactMap(\.string) ?? [], prefix: value["prefix"]?.string ?? "",
        suffix: value["suffix"]?.string ?? "")
    }
  }

  /// Those entries that the move is about, in its order: as before or as after where they stand so.
  func state(of move: Move, _ writer: EdgeWriter) async throws(EdgeError) -> JSON {
    let bucket = move.place["bucket"]?.string ?? ""
    let document = try await BucketPort(writer.services).read(bucket, move.scope, nil)
    let pairs = zip(Self.entries(move.before), Self.entries(move.after))
    return .array(
      pairs.map { before, after in
        let found = document.elements.first { $0.id == before.id || $0.id == after.id }
        return found.map { Self.state($0.entry) } ?? .null
      })
  }

  func put(
    _ state: JSON, over present: JSON, for move: Move, _ writer: EdgeWriter
  ) async throws(EdgeError) -> [String] {
    let edit = MovedEntries(
      bucket: move.place["bucket"]?.string ?? "",
      pairs: zip(Self.entries(present), Self.entries(state)).map { MovedEntries.Pair(from: $0, to: $1) })
    return try await BucketWriter(
      services: writer.services, bucket: edit.bucket, scope: move.scope, edit: edit, skipsValidation: false
    ).write()
  }
}

/// Entries that are exchanged for others, each in its place.
private struct MovedEntries: BucketEdit {
  struct Pair: Hashable, Sendable {
    let from: NotificationEntry
    let to: NotificationEntry
  }

  let bucket: String
  let pairs: [Pair]

  var trigger: String? { nil }

  func isWanted(_ document: NotificationDocument) -> Bool {
    pairs.allSatisfy { pair in document.elements.contains { $0.entry.isSame(as: pair.to) } }
  }

  /// Somebody else's change of the very entries is not overwritten.
  func refuse(_ document: NotificationDocument, in scope: EdgeScope) throws(EdgeError) {
    for pair in pairs {
      let stands = document.elements.contains {
        $0.entry.isSame(as: pair.from) || $0.entry.isSame(as: pair.to)
      }
      guard stands else {
        throw EdgeError(
          scope, nil, "the entry \(pair.from.id) of the bucket \(bucket) was changed by somebody else")
      }
    }
  }

  func foreignHash(_ document: NotificationDocument) -> String {
    let others = document.elements.filter { element in
      !pairs.contains { element.entry.isSame(as: $0.from) || element.entry.isSame(as: $0.to) }
    }
    return SHA256.digest(of: others.flatMap { $0.bytes + [0] }).hex
  }

  func applied(to document: NotificationDocument) -> [UInt8] {
    document.replacing { element in
      pairs.first { element.entry.isSame(as: $0.from) }.map {
        element.renamed(id: $0.to.id, target: $0.to.target)
      }
    }
  }
}
