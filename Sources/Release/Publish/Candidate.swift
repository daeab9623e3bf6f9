internal import AWSClient
internal import Core

/// A function that gets a new version, with what it is made of.
struct Work: Sendable {
  var plan: FunctionPlan
  /// What is uploaded; nil when only settings change.
  let package: FunctionPackage?
  /// `pkg` of the version to be.
  let packageDigest: String
  /// The content of its layers that the repository makes.
  var layers: [LayerPackage] = []
}

/// What there is to do once everything is built.
struct Built: Sendable {
  /// The functions that get a new version.
  var work: [Work] = []
  /// Functions whose package turned out to be what serves already.
  var identical: [FunctionPlan] = []
}

/// A function with its new version.
struct Publication: Sendable {
  let work: Work
  let version: PublishedVersion

  var plan: FunctionPlan { work.plan }
}

/// A new version that is to take the place of another.
struct Candidate: Sendable {
  let publication: Publication
  let serving: ServingFunction
  /// Its part in the rollout.
  var target: RolloutTarget

  /// - Returns: nil where nothing serves yet, or this very version.
  init?(_ publication: Publication, release: ReleaseID) {
    guard case .serving(let serving) = publication.plan.deployed, let snapshot = serving.snapshot,
      publication.version.version != serving.version
    else { return nil }
    self.publication = publication
    self.serving = serving
    var record =
      snapshot.record?.succeeded(by: release, state: .idle) ?? RolloutRecord(release: release, state: .idle)
    // What somebody has moved the alias away from was taken back, though no run has written that down.
    if let version = snapshot.move?.awayFrom { record.blame(version) }
    record.stable = serving.version
    record.canary = publication.version.version
    record.package = publication.work.packageDigest
    target = RolloutTarget(
      name: publication.plan.input.name, stable: serving.version, canary: publication.version.version,
      isSmoked: !publication.plan.input.smokeTests.isEmpty, timeout: publication.plan.timeout,
      userText: snapshot.content.userText, record: record, known: KnownAlias(snapshot))
  }
}

extension RolloutTarget {
  /// The part of a function whose rollout another run has begun; nil where none has.
  init?(resuming plan: FunctionPlan) {
    guard let snapshot = plan.snapshot, let record = plan.unfinished?.record, let canary = record.canary
    else { return nil }
    self.init(
      name: plan.input.name, stable: record.stable ?? snapshot.version, canary: canary,
      isSmoked: !plan.input.smokeTests.isEmpty, timeout: plan.timeout, userText: snapshot.content.userText,
      record: record, known: KnownAlias(snapshot))
  }
}
