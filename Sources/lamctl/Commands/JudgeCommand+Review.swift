internal import Core
internal import Packager
internal import Release

extension JudgeCommand {
  /// The verdict on what the options name.
  ///
  /// - Throws: ``Failure`` where there is nothing to judge, and what reading the repository and AWS throws.
  func review(_ session: Session, in context: Context) async throws -> Review {
    try await session.checkAccount()
    let services = session.services { event in
      if case .note(_, let text) = event { context.remark(text) }
    }
    let settings = try await rollout.settings(session, globals)
    guard let since else { return try await running(session, services, settings, in: context) }
    let now = session.serverTime()
    let from = since.moment(before: now)
    let to = until?.moment(before: now) ?? now
    guard from < to else {
      throw Failure(
        .usage, "the period would end at \(to.iso8601), before it begins at \(from.iso8601)",
        fix: "name an earlier beginning with --since")
    }
    guard now - from <= PastReview.memory else {
      throw Failure(
        .usage, "--since \(from.iso8601): CloudWatch keeps single minutes for 15 days",
        fix: "begin the period later")
    }
    return try await past(session, services, settings, from: from, to: to, in: context)
  }

  private func running(
    _ session: Session, _ services: ReleaseServices, _ settings: ReleaseSettings, in context: Context
  ) async throws -> Review {
    let takeover = RolloutResumer(
      services: services, settings: settings, environment: session.environment.name,
      alias: session.environment.alias, owner: "")
    let reviews = try await takeover.review(try await session.rolloutSubjects(only: only))
    guard let first = reviews.first else {
      throw Failure(
        .failed, "no rollout is under way in \(session.environment.name)",
        fix: "judge a past one with --since, for example --since 2h")
    }
    guard reviews.count == 1 else {
      let words = reviews.map { review in
        "\(review.release?.description ?? "") (\(review.evidence.functions.keys.sorted().joined(separator: ", ")))"
      }
      throw Failure(
        .usage, "\(reviews.count) releases are under way: \(words.joined(separator: "; "))",
        fix: "choose one by its functions, with --only")
    }
    return first
  }

  private func past(
    _ session: Session, _ services: ReleaseServices, _ settings: ReleaseSettings, from: Timestamp,
    to: Timestamp, in context: Context
  ) async throws -> Review {
    let functions = try await session.names(only: only)
    let names = functions.map(\.inRelease)
    var settings = settings
    settings.judge.smoked = functions.allSatisfy(\.isSmoked)
    let past = PastReview(services: services, settings: settings, alias: session.environment.alias)
    guard from < past.settled else {
      throw Failure(
        .usage,
        "no minute since \(from.iso8601) has settled: CloudWatch's figures count from an age of \(settings.settle) on",
        fix: "begin the period earlier")
    }
    let subjects: [PastSubject]
    if let compare {
      guard names.count == 1 else {
        throw Failure(
          .usage, "--compare is about one function, and \(names.count) are selected",
          fix: "name it with --only")
      }
      subjects = names.map { PastSubject(name: $0, stable: compare.stable, canary: compare.canary) }
    } else {
      subjects = try await past.lastTrials(of: names)
    }
    guard !subjects.isEmpty else {
      throw Failure(
        .failed,
        "no alias \(session.environment.alias) tells of a version that was on trial beside another: the first of a "
          + "function has nothing to be compared with",
        fix: "name two versions with --compare, and the function with --only")
    }
    guard let review = try await past.judge(subjects, from: from, to: to) else {
      let versions = subjects.map { "\($0.name.function) v\($0.canary)" }.joined(separator: ", ")
      throw Failure(
        .failed,
        "CloudWatch has no invocation of \(versions) through the alias \(session.environment.alias) from "
          + "\(from.iso8601) to \(to.iso8601)", fix: "name another period with --since and --until")
    }
    let silent = subjects.map(\.name.function).filter { review.evidence.functions[$0] == nil }
    if !silent.isEmpty {
      context.remark("no traffic in that period, and no verdict: \(silent.joined(separator: ", "))")
    }
    return review
  }
}
