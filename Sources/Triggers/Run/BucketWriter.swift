internal import AWSClient
internal import Core

/// What is to be changed of that which a bucket tells.
protocol BucketEdit: Sendable {
  /// The trigger that errors name.
  var trigger: String? { get }
  /// Whether nothing is to be changed.
  func isWanted(_ document: NotificationDocument) -> Bool
  /// Ends the change where it cannot or must not be made.
  func refuse(_ document: NotificationDocument, in scope: EdgeScope) throws(EdgeError)
  /// What tells whether anything that is not concerned has changed.
  func foreignHash(_ document: NotificationDocument) -> String
  /// The document with the change.
  func applied(to document: NotificationDocument) -> [UInt8]
}

/// The entries of aliases, in place of those that they have.
struct OwnEntries: BucketEdit {
  let bucket: String
  /// The aliases whose entries are ours here.
  let aliases: Set<String>
  /// All entries of theirs that the bucket is to have.
  let entries: [NotificationEntry]

  var trigger: String? { entries.first?.trigger }

  private var replaced: Set<String> { Set(entries.flatMap(\.replaces)) }

  func isWanted(_ document: NotificationDocument) -> Bool {
    let own = document.own(aliases, replaced: replaced)
    return own.count == entries.count
      && entries.allSatisfy { entry in own.contains { $0.entry.isSame(as: entry) } }
  }

  func refuse(_ document: NotificationDocument, in scope: EdgeScope) throws(EdgeError) {
    for entry in entries {
      let others = document.foreign(aliases, replaced: replaced)
      guard let other = others.first(where: { $0.entry.overlaps(entry) }) else { continue }
      throw EdgeError(
        scope, entry.trigger,
        "the entry \(other.id) of the bucket \(bucket), to \(other.target), takes the same objects",
        fix: "narrow prefix or suffix, or remove that entry")
    }
  }

  func foreignHash(_ document: NotificationDocument) -> String {
    document.foreignHash(aliases, replaced: replaced)
  }

  func applied(to document: NotificationDocument) -> [UInt8] {
    document.replacing(aliases, replaced: replaced, with: entries)
  }
}

/// Writes what a bucket tells, at most once where nobody else writes: the PUT replaces everything, has no precondition,
/// and sends test messages to the queues and topics of others.
struct BucketWriter: Sendable {
  let services: EdgeServices
  let bucket: String
  /// One of the functions, for errors and the owner's account.
  let scope: EdgeScope
  let edit: any BucketEdit
  let skipsValidation: Bool
  /// Is asked before each PUT: throws where one of the aliases is another run's by now.
  var hold: @Sendable () async throws(EdgeError) -> Void = {}

  /// Another look before the PUT when somebody else has written since the first, so often.
  private static let looks = 5
  /// Another PUT when our entries are gone after one, so often.
  private static let repetitions = 3
  private static let patience = TimeSpan.seconds(60)
  /// When it is read back: others may have read before our PUT, and write after it.
  private static let checks = [TimeSpan.seconds(2), .seconds(10)]

  private var port: BucketPort { BucketPort(services) }
  private var trigger: String? { edit.trigger }

  /// Makes the bucket tell what is wanted.
  ///
  /// - Returns: what of others has changed meanwhile, a sentence each. It is told, and never repaired.
  func write() async throws(EdgeError) -> [String] {
    var repetitions = 0
    var notes: [String] = []
    while true {
      guard let written = try await put() else { return notes }
      var isLost = false
      var waited = TimeSpan.zero
      for check in Self.checks {
        try await pause(.seconds(check.seconds - waited.seconds))
        waited = check
        let seen = try await port.read(bucket, scope, trigger)
        if edit.foreignHash(seen) != written {
          let note =
            "what others have in the notifications of the bucket \(bucket) has changed during the write"
          if !notes.contains(note) { notes.append(note) }
        }
        if !edit.isWanted(seen) {
          isLost = true
          break
        }
      }
      guard isLost else { return notes }
      repetitions += 1
      guard repetitions <= Self.repetitions else {
        throw EdgeError(
          scope, trigger,
          "somebody else keeps overwriting the notifications of the bucket \(bucket): our entries are gone again",
          fix: "end the other writer, and deploy again")
      }
    }
  }

  /// One PUT.
  ///
  /// - Returns: the hash of what is not ours; nil where nothing had to be written.
  private func put() async throws(EdgeError) -> String? {
    var document = try await port.read(bucket, scope, trigger)
    for _ in 0..<Self.looks {
      if edit.isWanted(document) { return nil }
      try edit.refuse(document, in: scope)
      let before = edit.foreignHash(document)
      let again = try await port.read(bucket, scope, trigger)
      guard edit.foreignHash(again) == before else {
        document = again
        continue
      }
      try await send(edit.applied(to: again))
      return before
    }
    throw EdgeError(
      scope, trigger, "somebody else keeps writing the notifications of the bucket \(bucket)",
      fix: "deploy again when that is over")
  }

  /// Permissions take a while to get around: until then S3 says that it cannot validate the destinations, not which.
  private func send(_ document: [UInt8]) async throws(EdgeError) {
    var waited = TimeSpan.zero
    var wait = TimeSpan.seconds(2)
    while true {
      try await hold()
      do throws(AWSError) {
        return try await services.buckets.putNotifications(
          bucket, owner: scope.account, document, skipsValidation: skipsValidation)
      } catch {
        guard Spreading.isLate(error), waited < Self.patience else {
          throw EdgeError(
            scope, trigger,
            "the notifications of the bucket \(bucket) were not taken: \(error.description)",
            fix: Spreading.isLate(error)
              ? "one of the destinations there, ours or another's, cannot be reached by S3; "
                + "--skip-destination-validation writes all the same" : nil, cause: error)
        }
      }
      try await pause(wait)
      waited = waited + wait
      wait = min(wait * 2, .seconds(10))
    }
  }

  private func pause(_ span: TimeSpan) async throws(EdgeError) {
    do { try await services.clock.sleep(for: span) } catch {
      throw EdgeError(scope, trigger, .cancelled("PutBucketNotificationConfiguration"))
    }
  }
}
