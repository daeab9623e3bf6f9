import Core
import Release

@testable import AWSClient

/// What the simulated Lambda knows of one function.
struct SimulatedFunction: Sendable {
  /// Since when an alias sends its traffic where.
  struct Route: Sendable {
    let since: Timestamp
    let main: String
    let weights: [String: Double]

    /// The share of the traffic that `version` gets.
    func share(of version: String) -> Double {
      let others = weights.values.reduce(0, +)
      return (version == main ? 1 - others : 0) + (weights[version] ?? 0)
    }
  }

  /// Members of `$LATEST` without those that come and go with an update.
  var latest: JSONObject
  var revision = 0
  /// When the last update of `$LATEST` is through.
  var readyAt: Timestamp
  /// Whether Lambda could not carry the last update out; the next one mends it.
  var updateFails = false
  /// The published versions from 1 on, and when each is ready.
  var versions: [(members: JSONObject, activeAt: Timestamp)] = []
  var aliases: [String: AliasConfiguration] = [:]
  var aliasRevision = 0
  /// Where the alias sent its traffic over time.
  var routes: [Route] = []
  var tags: [String: String] = [:]
  var reserved: Int?
  /// Other settings that have calls of their own; how runtimes are managed, by qualifier.
  var codeSigning: String?
  var recursion = "Terminate"
  var runtimeManagement: [String: JSONObject] = [:]
  /// Concurrency kept ready, by qualifier.
  var provisioned: [String: ProvisionedConcurrency] = [:]
  /// The policy on the bare ARN.
  var policy: JSON?
  /// What feeds it events.
  var mappings: [EventSourceMapping] = []
  /// The URL of the bare ARN.
  var url: FunctionURL?
  /// Versions that were put to sleep; an invocation wakes them.
  var asleep: Set<String> = []
  /// Versions that are gone.
  var deleted: Set<String> = []
  /// Versions that could not be brought up.
  var failed: Set<String> = []
  /// How many reads after a write of the alias still see what was there before it.
  var lag = 0
  /// What they see, and how many of them are left.
  var former: (alias: AliasConfiguration, reads: Int)?
  /// For how long after a write of the alias reads still see what was there before it.
  var staleness = TimeSpan.zero
  /// What they see until then.
  var stale: (alias: AliasConfiguration, until: Timestamp)?
  /// Until when writes of aliases do not find the newest version.
  var newestUnfoundUntil: Timestamp?
  /// Until when reads do not find the alias that was just created.
  var unseenUntil: Timestamp?
  /// How far reads of the function, its versions and its first alias lag behind its writes.
  var readLag = ReadLag()
  var createdAt: Timestamp
  /// What it was, and until when: as much of it as a read may still show.
  var past: [(function: SimulatedFunction, until: Timestamp)] = []

  /// Changes once more when an update is through, as in AWS.
  func revisionID(at now: Timestamp) -> String { "\(revision)\(now < readyAt ? "-updating" : "")" }

  /// `$LATEST` or a version as GetFunction shows it; nil when there is no such version.
  func configuration(_ version: String?, at now: Timestamp) -> FunctionConfiguration? {
    guard let version, version != "$LATEST" else {
      var members = latest
      members["Version"] = "$LATEST"
      members["RevisionId"] = .string(revisionID(at: now))
      members["State"] = "Active"
      members["LastUpdateStatus"] = now < readyAt ? "InProgress" : updateFails ? "Failed" : "Successful"
      return FunctionConfiguration(members)
    }
    guard let number = Int(version), versions.indices.contains(number - 1), !deleted.contains(version)
    else { return nil }
    var members = versions[number - 1].members
    members["State"] = now < versions[number - 1].activeAt ? "Pending" : "Active"
    if asleep.contains(version) { members["State"] = "Inactive" }
    if failed.contains(version) {
      members["State"] = "Failed"
      members["StateReasonCode"] = "FunctionError"
    }
    members["LastUpdateStatus"] = "Successful"
    return FunctionConfiguration(members)
  }

  /// A new version of `$LATEST`, or the newest one where nothing has changed since.
  mutating func publish(description: String, at now: Timestamp) -> FunctionConfiguration? {
    if let newest = versions.last?.members, Self.content(newest) == Self.content(latest) {
      return configuration("\(versions.count)", at: now)
    }
    var members = latest
    members["Version"] = .string("\(versions.count + 1)")
    members["Description"] = .string(description)
    members["RevisionId"] = .string("v\(versions.count + 1)")
    members["LastModified"] = .string(now.iso8601)
    versions.append((members, now + SimulatedAccount.updateTime))
    // As in AWS, `$LATEST` gets another RevisionId.
    revision += 1
    return configuration("\(versions.count)", at: now)
  }

  /// What makes one version differ from another.
  private static func content(_ members: JSONObject) -> JSONObject {
    var content = members
    for name in ["Version", "Description", "RevisionId", "LastModified"] { content[name] = nil }
    return content
  }

  /// The alias as a read at `now` sees it.
  mutating func look(at name: String, now: Timestamp) -> AliasConfiguration? {
    guard name == "prod" else { return aliases[name] }
    if let unseenUntil, now < unseenUntil { return nil }
    if let stale, stale.alias.name == name, now < stale.until { return stale.alias }
    guard let (alias, reads) = former, alias.name == name else { return aliases[name] }
    former = reads > 1 ? (alias, reads - 1) : nil
    return alias
  }

  /// Points the alias anew. The traffic comes by `prod` alone.
  mutating func route(_ alias: AliasConfiguration, at now: Timestamp) -> AliasConfiguration {
    aliasRevision += 1
    let isMain = alias.name == "prod"
    // What AWS shows late is looked at where the traffic is.
    if isMain, let alias = aliases[alias.name] {
      if lag > 0 { former = (alias, lag) }
      if staleness > .zero { stale = (alias, now + staleness) }
    } else if isMain, readLag.span > .zero {
      unseenUntil = now + readLag.span
    }
    let written = AliasConfiguration(
      name: alias.name, aliasARN: alias.aliasARN, functionVersion: alias.functionVersion,
      weights: alias.weights, description: alias.description, revisionID: "alias-\(aliasRevision)")
    aliases[alias.name] = written
    guard isMain else { return written }
    let changed = routes.last.map { $0.main != written.functionVersion || $0.weights != written.weights }
    if changed ?? true {
      routes.append(Route(since: now, main: written.functionVersion, weights: written.weights))
    }
    return written
  }
}
