internal import Core
internal import Release

/// Tells what a release is going through: to the display, and to whoever reads events.
final class Narrator: Sendable {
  private let progress: Progress
  private let events: EventLog?
  private let serverTime: @Sendable () -> Timestamp
  private let ends = Lock<[String: Timestamp]>([:])
  private let news: Lock<VerdictNews>
  /// How long a step may be extended beyond its end.
  private let longestExtension: TimeSpan
  /// Whether to take traffic back is what was asked for.
  private let goesBack: Bool
  private let traffic = Lock(TrafficSeen())

  init(
    progress: Progress, events: EventLog?, isVerbose: Bool, longestExtension: TimeSpan = .zero,
    goesBack: Bool = false, serverTime: @escaping @Sendable () -> Timestamp
  ) {
    self.goesBack = goesBack
    self.longestExtension = longestExtension
    self.progress = progress
    self.events = events
    news = Lock(VerdictNews(isVerbose: isVerbose))
    self.serverTime = serverTime
    events?.follow(serverTime)
  }

  /// Where the run has moved traffic so far.
  var trafficSeen: TrafficSeen { traffic.withLock { $0 } }

  /// Puts the functions of a plan on the display.
  func begin(_ plan: ReleasePlan, title: String, facts: RunFacts) {
    begin(title: title, facts: facts)
    progress.update { view in
      view.rows = plan.functions.filter { $0.change != .none || $0.unfinished != nil }.map { plan in
        FunctionRow(name: plan.input.function, fromVersion: plan.servingVersion)
      }
    }
  }

  /// Names what the display is about; its rows come with the events.
  func begin(title: String, facts: RunFacts) {
    let now = serverTime()
    progress.update { view in
      view.title = title + (facts.isRehearsal ? " (rehearsal)" : "")
      view.origin = [facts.commit.map { "commit \($0.prefix(7))" }, "by \(facts.owner)"].compactMap { $0 }
      view.began = view.began ?? now
    }
  }

  /// Shows one event.
  func tell(_ event: ReleaseEvent) {
    events?.write(event, at: serverTime())
    traffic.withLock { $0.note(event) }
    switch event {
    case .release(let release):
      progress.update { view in
        view.origin = ["release \(release)"] + view.origin.filter { !$0.hasPrefix("release ") }
      }
    case .phase(let function, let phase):
      row(function) { $0.phase = Self.words(phase) }
      progress.event(Self.words(phase), function: function)
    case .note(let function, let text):
      progress.event(text, function: function)
    case .warning(let function, let text):
      progress.event("warning: \(text)", function: function)
    case .identical(let function, let version):
      progress.event("built, and identical to version \(version) (pkg)", function: function)
    case .failed(let function?, let error):
      row(function, state: .failed) { $0.phase = "failed" }
      progress.event("failed: \(Self.words(error, of: function))", function: function)
    case .judged(let function, let verdict):
      judged(function, verdict)
    case .judgedRelease(let verdict):
      news.withLock { $0.judged(verdict) }
    case .observed:
      for line in news.withLock({ $0.taken() }) { progress.event(line.text, function: line.function) }
    default:
      shift(event)
    }
  }

  private func shift(_ event: ReleaseEvent) {
    switch event {
    case .leaseWatched(let function, let owner, let until):
      row(function) { $0.phase = "waiting" }
      progress.event(
        "another run (\(owner)) holds the lease until \(until.iso8601); watching whether it lives",
        function: function)
    case .driven(let function, let owner, let until):
      row(function, state: .done) { $0.phase = "driven by another run" }
      progress.event(
        "\(owner) drives the rollout, and holds the lease until \(until.iso8601): nothing to do",
        function: function)
    case .resumed(let function, let step, let steps, let weight):
      row(function) { $0.phase = "resuming" }
      progress.event(
        weight < 1
          ? "resuming the rollout that another run left in step \(step) of \(steps) at \(Self.percent(weight))"
          : "resuming the bake that another run left: the new version has all traffic, rollback is armed",
        function: function)
    case .published(let function, let version, let wasThere):
      row(function) { row in
        row.phase = "published"
        row.toVersion = version
      }
      progress.event(
        wasThere ? "version \(version) was published before and is taken" : "published version \(version)",
        function: function)
    case .shifted(let function, let version, let weight, let step, let steps, let until):
      ends.withLock { $0[function] = until }
      news.withLock { $0.forget(function) }
      row(function) { row in
        row.phase = "canary"
        row.toVersion = version
        row.weight = Weight(fraction: weight)
        row.step = "\(step)/\(steps)"
        row.verdict = nil
      }
      progress.event(
        "version \(version) gets \(Self.percent(weight)) (step \(step) of \(steps), until \(until.iso8601))",
        function: function)
    case .baking(let function, let version, let until):
      ends.withLock { $0[function] = until }
      news.withLock { $0.forget(function) }
      row(function) { row in
        row.phase = "bake"
        row.toVersion = version
        row.weight = .all
        row.step = nil
        row.verdict = nil
      }
      progress.event(
        "version \(version) has all traffic; rollback stays armed until \(until.iso8601)", function: function)
    default: ending(event)
    }
  }

  private func ending(_ event: ReleaseEvent) {
    switch event {
    case .promoted(let function, let version):
      row(function, state: .done) { row in
        row.phase = "promoted"
        row.toVersion = version
        row.weight = nil
        row.remaining = nil
        row.verdict = nil
        row.note = nil
      }
      progress.event("version \(version) is promoted", function: function)
    case .rolledBack(let function, let from, let to):
      row(function, state: goesBack ? .done : .failed) { row in
        row.phase = "rolled back"
        (row.fromVersion, row.toVersion) = (from, to)
        row.weight = nil
        row.remaining = nil
        // What was thought of it on the way is no news of where it is.
        row.verdict = nil
        row.note = nil
      }
      progress.event("all traffic is back on version \(to) (version \(from) has none)", function: function)
    case .held(let function, let reason):
      row(function, state: .held) { row in
        row.phase = "held"
        // Nothing happens by itself any more.
        row.remaining = nil
      }
      progress.event("held (\(reason)): the weights stay as they are", function: function)
    default: break
    }
  }

  private func judged(_ function: String, _ verdict: Verdict) {
    row(function) { row in
      row.canaryRate = verdict.canary.rate
      row.stableRate = verdict.stable.rate
      row.canaryCounts = RowCounts(invocations: verdict.canary.invocations, errors: verdict.canary.errors)
      row.stableCounts = RowCounts(invocations: verdict.stable.invocations, errors: verdict.stable.errors)
      row.verdict = verdict.kind == .watching ? "watching" : verdict.kind.word
      row.note = verdict.kind == .watching ? nil : VerdictNews.reason(verdict, of: function)
    }
    news.withLock { $0.judged(function, verdict) }
  }

  private func row(
    _ function: String, state: FunctionRow.State = .active, _ change: @escaping (inout FunctionRow) -> Void
  ) {
    let now = serverTime()
    let end = ends.withLock { $0[function] }
    // Past the end of its step a function waits for a verdict, as long as it may.
    let isExtended = end.map { $0 < now } ?? false
    let remaining = end.map { (isExtended ? $0 + longestExtension : $0) - now }
    progress.update { view in
      if !view.rows.contains(where: { $0.name == function }) {
        view.rows.append(FunctionRow(name: function, fromVersion: nil))
      }
      guard let index = view.rows.firstIndex(where: { $0.name == function }) else { return }
      view.rows[index].state = state
      view.rows[index].isExtended = isExtended && state == .active
      view.rows[index].remaining = remaining.flatMap { $0 > .zero ? $0 : nil }
      change(&view.rows[index])
    }
  }

  private static func percent(_ fraction: Double) -> String {
    Weight(fraction: fraction)?.description ?? "0%"
  }

  /// What has failed, without the name that stands in front anyway.
  private static func words(_ error: ReleaseError, of function: String) -> String {
    let text = "\(error)"
    return text.hasPrefix("\(function): ") ? String(text.dropFirst(function.count + 2)) : text
  }

  private static func words(_ phase: ReleaseEvent.Phase) -> String {
    switch phase {
    case .building: "building"
    case .uploading(let bytes): "uploading \(ByteCount.text(bytes))"
    case .configuring: "configuring"
    case .waiting: "waiting for Lambda"
    case .publishing: "publishing"
    }
  }
}

/// Sizes for people.
enum ByteCount {
  /// `812 B`, `3.4 kB`, `12 MB`: powers of a thousand, at most one digit after the point.
  static func text(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB"] {
      if value < 999.5 { return "\(value.formatted(digits: value < 10 && unit != "B" ? 1 : 0)) \(unit)" }
      value /= 1000
    }
    return "\(value.formatted(digits: 1)) GB"
  }
}
