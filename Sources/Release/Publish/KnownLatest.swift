internal import AWSClient
internal import Core

/// What this run knows of `$LATEST`: what its plan was made from, or what its own last write has answered.
///
/// Lambda's reads lag behind its writes, so a read may show less than is known already. Somebody else's work is only
/// what is neither older nor the same. The RevisionId alone does not tell them apart: it changes with each write, once
/// more when an asynchronous update ends, and with tags and published versions, which change neither code nor settings.
struct KnownLatest: Sendable {
  /// What a read shows, beside what is known.
  enum Reading: Hashable, Sendable {
    /// What was there before: the read lags behind.
    case stale
    /// The known code and settings.
    case current
    /// Other code or settings, and nothing older.
    case foreign
  }

  /// Code and settings as they were last seen, or written.
  let configuration: FunctionConfiguration
  /// The RevisionIds under which they were seen.
  private let revisions: Set<String>
  /// What the last write of this run has replaced; nil where it has written nothing.
  private let former: FunctionConfiguration?
  /// The RevisionIds under which anything was seen that is replaced by now.
  private let formerRevisions: Set<String>

  /// Knows what a read, or the first write, has shown.
  init(_ configuration: FunctionConfiguration) {
    self.init(configuration, revisions: [], former: nil, formerRevisions: [])
  }

  private init(
    _ configuration: FunctionConfiguration, revisions: Set<String>, former: FunctionConfiguration?,
    formerRevisions: Set<String>
  ) {
    self.configuration = configuration
    self.revisions = configuration.revisionIfKnown.map { revisions.union([$0]) } ?? revisions
    self.former = former
    self.formerRevisions = formerRevisions
  }

  /// The same after a write of this run that was answered with `answer`.
  func followed(by answer: FunctionConfiguration) -> KnownLatest {
    KnownLatest(
      answer, revisions: [], former: configuration, formerRevisions: formerRevisions.union(revisions))
  }

  /// The same after a read that showed it as ``Reading/current``.
  func seen(as read: FunctionConfiguration) -> KnownLatest {
    KnownLatest(read, revisions: revisions, former: former, formerRevisions: formerRevisions)
  }

  /// What `read` shows.
  ///
  /// `LastModified` orders what neither RevisionId nor content tell: it is the time of the last write of code or
  /// settings, in seconds, so that two within one second are not ordered by it.
  func reading(of read: FunctionConfiguration) -> Reading {
    if revisions.contains(read.revisionID) { return .current }
    if formerRevisions.contains(read.revisionID) { return .stale }
    let isOlder = isOlder(read)
    if Comparison.isSame(read, configuration) { return isOlder ? .stale : .current }
    if isOlder { return .stale }
    guard let former, Comparison.isSame(read, former) else { return .foreign }
    // An update that Lambda could not carry out may show what was there before it.
    return read.lastUpdateStatus == "Failed" ? .current : .stale
  }

  /// Whether `read` shows what UpdateFunctionConfiguration with `changes` makes of what is known.
  func isWritten(_ changes: JSONObject, in read: FunctionConfiguration) -> Bool {
    !isOlder(read) && read.matches(changes)
      && Comparison.isSame(read, configuration, ignoring: Set(changes.members.map(\.key)))
  }

  /// Whether `answer`, of a write of code, has the known settings. The architecture comes with the code.
  func hasSameSettings(as answer: FunctionConfiguration) -> Bool {
    Comparison.hasSameSettings(answer, configuration, ignoring: ["Architectures"])
  }

  private func isOlder(_ read: FunctionConfiguration) -> Bool {
    guard let then = read.lastModified, let known = configuration.lastModified else { return false }
    return then < known
  }
}

extension FunctionConfiguration {
  /// `RevisionId`, where the endpoint gives one.
  var revisionIfKnown: String? { revisionID.isEmpty ? nil : revisionID }
}

extension FunctionPlan {
  /// What the plan knows of `$LATEST`; nil for a function that it did not find, or did not look at.
  var knownLatest: KnownLatest? { latest.map { KnownLatest($0) } }
}
