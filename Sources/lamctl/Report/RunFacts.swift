internal import Core
internal import Packager
internal import Release

/// What is released, and by whom: labels only, nothing is decided by them but the guard of branches.
struct RunFacts: Sendable {
  /// The commit, by CI or by the checkout, or the one that the release at hand was made from; nil where it is not known.
  private(set) var commit: String?
  /// The branch; nil for a detached HEAD that no CI system explains.
  let branch: String?
  /// The pull or merge request that this is a run for: no run of any branch.
  let pullRequest: String?
  /// Whether there is a checkout at all, or a CI system that tells of one.
  let isRepository: Bool
  /// Whether files differ from the commit; false where that cannot be known.
  private(set) var isDirty: Bool
  /// The run, or the person.
  let owner: String
  /// Who has started the run, as the CI system calls them; nil where it does not tell.
  let actor: String?
  /// Where a person can look at the run; nil outside of CI.
  let link: String?
  /// Whether nothing of it is in AWS.
  let isRehearsal: Bool

  /// Collects the facts about the repository at `root`.
  init(root: String, in context: Context) async {
    let ci = CISystem(environment: context.environment)
    let checkout = GitCheckout(around: root)
    commit = ci?.commit ?? checkout?.commit
    isRepository = checkout != nil || ci?.commit != nil
    pullRequest = ci?.pullRequest
    branch = pullRequest == nil ? ci?.branch ?? checkout?.branch : nil
    isDirty = await checkout?.isDirty(below: root, environment: context.environment) ?? false
    owner = Owner.current(environment: context.environment)
    actor = ci?.actor
    link = ci?.link
    isRehearsal = context.isRehearsal.withLock { $0 }
  }

  /// The same run, about a release that was made from `commit` and not from what is checked out here.
  func about(_ commit: String?, isDirty: Bool = false) -> RunFacts {
    var facts = self
    facts.commit = commit
    facts.isDirty = isDirty
    return facts
  }

  /// The same, as it is written into versions and records.
  var identity: RunIdentity { RunIdentity(owner: owner, commit: commit, isDirty: isDirty) }

  /// Makes sure that an environment may be released from this branch.
  ///
  /// - Parameter branches: globs over the names of those that may; empty for any.
  /// - Throws: ``Failure`` when it may not.
  func checkBranch(of environment: String, among branches: [String]) throws(Failure) {
    guard !branches.isEmpty else { return }
    let allowed = branches.joined(separator: ", ")
    if let branch, branches.contains(where: { Glob($0.utf8)?.matches(branch) ?? false }) {
      return
    }
    throw Failure(
      .config,
      "environment \(environment) is released from \(allowed), and this is "
        + (pullRequest.map { "a run for the pull request \($0)" } ?? branch.map { "branch \($0)" }
          ?? (isRepository ? "no branch" : "not a git repository")),
      fix: pullRequest != nil
        ? "release after the merge, or pass --force-branch"
        : isRepository
          ? "check the right branch out, or pass --force-branch"
          : "release from a checkout, or pass --force-branch")
  }
}
