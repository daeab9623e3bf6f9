internal import AWSClient
internal import Core

/// How a run deals with edges.
package struct EdgeSettings: Hashable, Sendable {
  /// Whether what is lost for good may be lost: `--yes`.
  package var isConfirmed = false
  /// Whether S3 is told not to check the destinations of a bucket.
  package var skipsValidation = false
  /// How many functions are worked on at once.
  package var parallel = 8

  /// Nothing confirmed.
  package init() {}
}

/// What became of the edges of one function.
package struct EdgeResult: Sendable {
  /// What was found, and to be done.
  package let survey: EdgeSurvey
  /// What went wrong, by trigger and in order; empty where all edges are as they are wanted.
  package internal(set) var errors: [EdgeError] = []
  /// What is to be told.
  package internal(set) var notes: [String] = []
  /// What the tag could not be written for; nil where it was, or was not to be.
  package internal(set) var tagError: EdgeError?

  /// Whether every edge is as it is wanted.
  package var isComplete: Bool { errors.isEmpty }
}

/// Carries out surveys of functions: what is added first, what goes last, and the tag when all is well.
package struct EdgeRun: Sendable {
  private let services: EdgeServices
  private let settings: EdgeSettings
  private let hold: @Sendable (EdgeScope) async throws(EdgeError) -> Void

  /// A run over some functions.
  ///
  /// - Parameter hold: is asked before each call about a function; ends the work on it by throwing.
  package init(
    _ services: EdgeServices, settings: EdgeSettings,
    hold: @escaping @Sendable (EdgeScope) async throws(EdgeError) -> Void = { _ in }
  ) {
    self.services = services
    self.settings = settings
    self.hold = hold
  }

  /// What keeps the edges from being written; empty where nothing does. Nothing may be written before this was asked.
  package func obstacles(_ surveys: [EdgeSurvey]) -> [EdgeError] {
    surveys.flatMap { survey in
      survey.obstacles
        + (settings.isConfirmed
          ? []
          : survey.steps.compactMap { step in
            step.loss.map {
              EdgeError(survey.subject.scope, step.trigger, $0, fix: "add --yes where that is meant")
            }
          })
    }
  }

  /// Writes what differs. The functions of one run share a PUT a bucket.
  ///
  /// - Parameter release: what the tags name.
  package func apply(_ surveys: [EdgeSurvey], release: String) async -> [EdgeResult] {
    var states = await each(surveys.map(State.init)) { await $0.addFirst() }
    states = await writeBuckets(states)
    states = await each(states) { await $0.addMappings() }
    states = await each(states) { await $0.remove() }
    states = await each(states) { await $0.tag(release) }
    return states.map(\.result)
  }

  /// Writes what is wanted of buckets: one PUT each, for all functions that have something to do there.
  private func writeBuckets(_ states: [State]) async -> [State] {
    var states = states
    let buckets = Set(states.flatMap { $0.openBuckets }).sorted()
    for bucket in buckets {
      states = await held(states)
      // What could not be prepared stays as it is, as an entry of somebody else would.
      let concerned = states.indices.filter { states[$0].isReady(for: bucket) }
      guard let first = concerned.first else { continue }
      let scopes = concerned.map { states[$0].scope }
      let writer = BucketWriter(
        services: services, bucket: bucket, scope: states[first].scope,
        edit: OwnEntries(
          bucket: bucket, aliases: Set(concerned.map { states[$0].scope.aliasARN }),
          entries: concerned.flatMap { states[$0].result.survey.entries[bucket] ?? [] }),
        skipsValidation: settings.skipsValidation,
        hold: { [hold] () async throws(EdgeError) in for scope in scopes { try await hold(scope) } })
      do throws(EdgeError) {
        let notes = try await writer.write()
        states[first].result.notes += notes
      } catch {
        for index in concerned where states[index].openBuckets.contains(bucket) {
          states[index].result.errors.append(
            EdgeError(
              states[index].scope, states[index].trigger(in: bucket), error.reason, fix: error.fix,
              cause: error.cause))
        }
      }
    }
    return states
  }

  /// The states, where another run has an alias by now with that as their error: one bucket can take minutes.
  private func held(_ states: [State]) async -> [State] {
    var states = states
    for index in states.indices where !states[index].result.errors.contains(where: { $0.trigger == nil }) {
      do throws(EdgeError) { try await hold(states[index].scope) } catch {
        states[index].result.errors.append(error)
      }
    }
    return states
  }

  private func each(_ states: [State], _ body: @escaping @Sendable (inout Phase) async -> Void) async
    -> [State]
  {
    await Concurrent.map(states, limit: settings.parallel) { state in
      let writer = EdgeWriter(
        services: services, scope: state.scope,
        hold: { [hold] () async throws(EdgeError) in try await hold(state.scope) })
      var phase = Phase(state: state, writer: writer)
      await body(&phase)
      return phase.state
    }
  }
}

/// How far one function has come.
struct State: Sendable {
  var result: EdgeResult

  init(_ survey: EdgeSurvey) {
    result = EdgeResult(survey: survey, notes: survey.steps.flatMap(\.notes))
  }

  var scope: EdgeScope { result.survey.subject.scope }

  /// The buckets in which something differs.
  var openBuckets: [String] {
    let survey = result.survey
    return survey.entries.keys.filter { bucket in
      survey.steps.contains { $0.kind == .s3 && $0.change != .none && $0.source.hasSuffix(":s3:::\(bucket)") }
    }.sorted()
  }

  /// Whether the entries that the bucket is to have of the function can be written: their permissions are there.
  func isReady(for bucket: String) -> Bool {
    guard let entries = result.survey.entries[bucket] else { return false }
    let names = Set(entries.compactMap(\.trigger))
    return !result.errors.contains { $0.trigger.map(names.contains) ?? true }
  }

  func trigger(in bucket: String) -> String? {
    result.survey.steps.first { $0.change != .none && $0.source.hasSuffix(":s3:::\(bucket)") }?.trigger
  }
}

/// The work on one function.
struct Phase: Sendable {
  var state: State
  let writer: EdgeWriter

  private var survey: EdgeSurvey { state.result.survey }

  /// How long a permission stays after its edge is gone: deliveries are still under way.
  private static let afterRule = TimeSpan.seconds(60)

  /// Events, permissions, and the edges that others push through.
  mutating func addFirst() async {
    await perform(survey.steps.filter { $0.kind == .eventInvoke && $0.change != .remove })
    for statement in survey.added {
      do throws(EdgeError) { try await writer.add(statement) } catch { state.result.errors.append(error) }
    }
    await perform(
      survey.steps.filter { $0.kind != .eventInvoke && $0.kind != .eventSource && $0.change != .remove })
  }

  /// Mappings come last: their first batch runs as soon as they are there.
  mutating func addMappings() async {
    let steps = survey.steps.filter { $0.kind == .eventSource && $0.change != .none && $0.change != .remove }
    await perform(steps)
    let names = Set(steps.map(\.trigger)).subtracting(state.result.errors.compactMap(\.trigger))
    let written = (survey.subject.triggers ?? []).filter {
      names.contains($0.name) && $0.kind == .eventSource
    }
    do throws(EdgeError) { try await writer.settle(written) } catch { state.result.errors.append(error) }
  }

  /// What is not wanted any more goes only when all that is wanted is there.
  mutating func remove() async {
    guard state.result.errors.isEmpty else { return }
    let order: [TriggerKind] = [.eventSource, .s3, .sns, .schedule, .rule, .httpApi, .functionUrl, .grant]
    for kind in order + [.eventInvoke] {
      for step in survey.steps where step.kind == kind {
        for call in step.removals {
          do throws(EdgeError) { try await writer.perform(call, step.trigger) } catch {
            state.result.errors.append(error)
            break
          }
        }
      }
    }
    guard state.result.errors.isEmpty else { return }
    for statement in survey.removed where isDue(statement) {
      do throws(EdgeError) { try await writer.remove(statement) } catch { state.result.errors.append(error) }
    }
  }

  /// Whether nothing can be under way by a permission any more.
  private func isDue(_ statement: PlacedStatement) -> Bool {
    guard !survey.held.contains(statement.sid) else { return false }
    guard delay(of: statement) > .zero else { return true }
    guard let recorded = survey.subject.recorded, recorded.digest == survey.subject.digest,
      let moment = recorded.removals
    else { return false }
    return moment <= writer.services.serverTime()
  }

  private func delay(of statement: PlacedStatement) -> TimeSpan {
    switch statement.kind {
    case .s3: EdgeLook.longestDelay
    case .httpApi where survey.held.contains(statement.sid): EdgeLook.longestDelay
    case .rule: Self.afterRule
    default: .zero
    }
  }

  /// The tag is only a cache of what was seen: it is written when every edge is as it is wanted.
  mutating func tag(_ release: String) async {
    guard state.result.errors.isEmpty, survey.subject.isOwned else { return }
    let waiting = survey.removed.filter { !isDue($0) }
    let now = writer.services.serverTime()
    let known = survey.subject.recorded.flatMap { $0.digest == survey.subject.digest ? $0.removals : nil }
    let tag = TriggerTag(
      digest: survey.subject.digest, kinds: survey.subject.kinds, release: release,
      project: survey.subject.scope.project,
      removals: waiting.isEmpty ? nil : known ?? waiting.map { now + delay(of: $0) }.max())
    guard
      tag.digest != survey.subject.recorded?.digest || tag.kinds != survey.subject.recorded?.kinds
        || tag.removals != nil || survey.subject.recorded?.removals != nil
    else { return }
    let scope = writer.scope
    do throws(EdgeError) {
      try await writer.trying(nil) { () async throws(AWSError) in
        try await writer.services.lambda.tag(
          scope.functionARN, [TriggerTag.key(alias: scope.alias): tag.text])
      }
    } catch {
      state.result.tagError = error
    }
  }

  private mutating func perform(_ steps: [EdgeStep]) async {
    let failed = Set(state.result.errors.compactMap(\.trigger))
    for step in steps where step.change != .none && !failed.contains(step.trigger) {
      for call in step.writes {
        do throws(EdgeError) { try await writer.perform(call, step.trigger) } catch {
          state.result.errors.append(error)
          break
        }
      }
    }
  }
}
