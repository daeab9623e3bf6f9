internal import AWSClient
internal import Core

/// Reads who calls functions by their bare names. What cannot be read counts as a caller.
package struct BareCallerReader: Sendable {
  let lambda: any LambdaCallers
  let metrics: any MetricReading

  /// A reader of these services.
  package init(lambda: any LambdaCallers, metrics: any MetricReading) {
    self.lambda = lambda
    self.metrics = metrics
  }

  /// What hangs on the bare ARN of a function: its policy, event source mappings and URL, a call each.
  package func hanging(on functionName: String) async -> [BareCaller] {
    async let statements = statements(functionName)
    async let mappings = mappings(functionName)
    async let url = url(functionName)
    return await statements + mappings + url
  }

  /// The traffic that came by the bare name: in the last hour as a caller, and when before that.
  ///
  /// - Parameters:
  ///   - qualifiers: the function's aliases, and the numbers of its versions.
  ///   - now: AWS's time.
  func traffic(
    of functionName: String, besides qualifiers: [String], at now: Timestamp
  ) async -> (callers: [BareCaller], lastCall: Timestamp?) {
    let what = "its metrics"
    let reader = BareTraffic(metrics: metrics)
    do throws(AWSError) {
      guard let count = try await reader.lastHour(before: now, of: functionName, besides: qualifiers) else {
        return ([.unreadable(what: what, why: "CloudWatch does not show all of them")], nil)
      }
      if count > 0 { return ([.invocations(count)], nil) }
      return ([], try await reader.lastCall(before: now, of: functionName, besides: qualifiers))
    } catch {
      return ([.unreadable(what: what, why: "\(error)")], nil)
    }
  }

  private func statements(_ name: String) async -> [BareCaller] {
    do throws(AWSError) {
      return try await lambda.getPolicy(name, qualifier: nil)?.callers ?? []
    } catch {
      return [.unreadable(what: "its policy", why: "\(error)")]
    }
  }

  /// One that is switched off calls nobody.
  private func mappings(_ name: String) async -> [BareCaller] {
    do throws(AWSError) {
      return try await lambda.listEventSourceMappings(name)
        .filter { $0.isOnBareName && $0.state != "Disabled" }
        .map { .mapping(id: $0.uuid, source: $0.eventSourceARN) }
    } catch {
      return [.unreadable(what: "its event source mappings", why: "\(error)")]
    }
  }

  private func url(_ name: String) async -> [BareCaller] {
    do throws(AWSError) {
      return try await lambda.getFunctionURL(name, qualifier: nil).map { [.url($0.url)] } ?? []
    } catch {
      return [.unreadable(what: "its URL", why: "\(error)")]
    }
  }
}

extension EventSourceMapping {
  /// Whether it calls `$LATEST`: `arn:aws:lambda:region:account:function:name`, with nothing or `$LATEST` behind it.
  fileprivate var isOnBareName: Bool {
    let parts = functionARN.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count < 8 || parts[7] == "$LATEST"
  }
}

extension FunctionPolicy {
  /// Those whom its statements let invoke the function.
  fileprivate var callers: [BareCaller] {
    (document["Statement"]?.array ?? document["Statement"].map { [$0] } ?? []).compactMap { statement in
      let actions = statement["Action"]?.array ?? statement["Action"].map { [$0] } ?? []
      let invokes = actions.contains { action in
        let word = action.string ?? ""
        return word.contains("Invoke") || word.hasSuffix("*")
      }
      guard statement["Effect"] == "Allow", invokes else { return nil }
      return .statement(
        id: statement["Sid"]?.string ?? "without an id", principal: Self.principal(statement["Principal"]),
        source: Self.source(statement["Condition"]))
    }
  }

  private static func principal(_ value: JSON?) -> String {
    if let text = value?.string { return text }
    let named = value?.object?.members.flatMap { entry in
      entry.value.array?.compactMap(\.string) ?? [entry.value.string].compactMap { $0 }
    }
    return named.map { $0.joined(separator: ", ") } ?? "*"
  }

  /// `AWS:SourceArn`, however its operator and it are spelt.
  private static func source(_ condition: JSON?) -> String? {
    for (_, tests) in condition?.object?.members ?? [] {
      for (key, value) in tests.object?.members ?? [] where key.lowercased() == "aws:sourcearn" {
        return value.string ?? value.array?.compactMap(\.string).joined(separator: ", ")
      }
    }
    return nil
  }
}
