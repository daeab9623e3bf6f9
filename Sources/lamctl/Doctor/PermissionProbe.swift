internal import AWSClient
internal import Core
internal import Packager

/// Makes the reading calls of a release once, on the first function that AWS has, and names all else that it needs.
struct PermissionProbe: Sendable {
  private let session: Session
  private let definitions: [FunctionDefinition]
  /// What a release calls, as IAM names it, in that order.
  private let needed: [Operation]

  init(session: Session, definitions: [FunctionDefinition], needed: [Operation]) {
    self.session = session
    self.definitions = definitions
    self.needed = needed
  }

  /// What a release needs: first what was tried.
  func permissions() async -> [Permission] {
    let tried = await trials()
    var known = Set(tried.map(\.action))
    return tried
      + needed.filter { known.insert($0.action).inserted }.map { operation in
        let reason =
          !operation.isReading
          ? Permission.wouldWrite : definitions.isEmpty ? Permission.nobody : Permission.unasked
        return Permission(action: operation.action, sight: .untried(reason))
      }
  }

  private func trials() async -> [Permission] {
    let lambda = session.aws.lambda
    let alias = session.environment.alias
    var found: [Permission] = []
    var present: Set<String> = []
    found.append(
      await tried(.listFunctions) { () async throws(AWSError) in
        let page = try await lambda.listFunctions(marker: nil)
        present = Set(page.items.map(\.functionName))
        return "seen to work"
      })
    // A function that is there shows more; for one that is not, "not found" shows that asking is allowed.
    let subject = definitions.first { present.contains($0.functionName) } ?? definitions.first
    guard let name = subject?.functionName else { return found }
    var group = "/aws/lambda/\(name)"
    found.append(
      await tried(.getFunction, on: name) { () async throws(AWSError) in
        group = try await lambda.getFunction(name).configuration.logGroup
      })
    found.append(
      await tried(.getAlias, on: "\(name):\(alias)") { () async throws(AWSError) in
        _ = try await lambda.getAlias(name, name: alias)
      })
    found.append(
      await tried(.listVersions, on: name) { () async throws(AWSError) in
        _ = try await lambda.listVersions(name)
      })
    if needs(.invoke) {
      found.append(
        await tried(.invoke, on: "\(name):\(alias)") { () async throws(AWSError) in
          // A dry run only asks whether it would be allowed.
          _ = try await lambda.invoke(name, qualifier: alias, payload: Array("{}".utf8), kind: .dryRun)
        })
    }
    found.append(await metrics(of: name))
    return found + (await alarms()) + (await images()) + (await dispensable(name, group))
  }

  private func needs(_ operation: Operation) -> Bool { needed.contains(operation) }

  /// The alarms of the environment, which a release reads before it gives anything traffic.
  private func alarms() async -> [Permission] {
    let names = session.environment.rollout.alarms
    guard needs(.describeAlarms), !names.isEmpty else { return [] }
    let cloudWatch = session.aws.cloudWatch
    return [
      await tried(.describeAlarms) { () async throws(AWSError) in
        _ = try await cloudWatch.describeAlarms(names: names)
        return "seen to work"
      }
    ]
  }

  /// Whether a push of container images is let in at all; a rehearsal pushes none.
  private func images() async -> [Permission] {
    guard needs(.getRegistryToken) else { return [] }
    let ecr = session.aws.ecr
    return [
      await tried(.getRegistryToken) { () async throws(AWSError) in
        _ = try await ecr.getAuthorizationToken()
        return "seen to work"
      }
    ]
  }

  /// What a release goes on without, and then knows less: a refusal is worth a word and no failure.
  private func dispensable(_ name: String, _ group: String) async -> [Permission] {
    let (lambda, cloudWatch, logs) = (session.aws.lambda, session.aws.cloudWatch, session.aws.logs)
    let now = session.serverTime()
    var found: [Permission] = []
    found.append(
      await tried(.filterLogEvents, on: group) { () async throws(AWSError) in
        let query = LogQuery(group: group, from: now - .minutes(1), to: now)
        _ = try await logs.filterLogEvents(query, limit: 1)
      })
    found.append(
      await tried(.listMetrics) { () async throws(AWSError) in
        _ = try await cloudWatch.listMetrics(
          namespace: "AWS/Lambda", metric: "Invocations",
          with: MetricQuery.Dimension(name: "FunctionName", value: name))
        return "seen to work"
      })
    found.append(
      await tried(.getAccountSettings) { () async throws(AWSError) in
        _ = try await lambda.getAccountSettings()
        return "seen to work"
      })
    found.append(
      await tried(.listAliases, on: name) { () async throws(AWSError) in
        _ = try await lambda.listAliases(name)
      })
    found.append(
      await tried(.getPolicy, on: name) { () async throws(AWSError) in
        _ = try await lambda.getPolicy(name, qualifier: nil)
      })
    found.append(
      await tried(.listMappings, on: name) { () async throws(AWSError) in
        _ = try await lambda.listEventSourceMappings(name)
      })
    found.append(
      await tried(.getURL, on: name) { () async throws(AWSError) in
        _ = try await lambda.getFunctionURL(name, qualifier: nil)
      })
    return found.map(\.dispensable)
  }

  private func metrics(of name: String) async -> Permission {
    let action = Operation.getMetricData.action
    let now = session.serverTime()
    let query = MetricQuery(
      id: "i", namespace: "AWS/Lambda", metric: "Invocations",
      dimensions: [(name: "FunctionName", value: name)],
      statistic: "Sum", period: 60)
    do throws(AWSError) {
      let series = try await session.aws.cloudWatch.getMetricData([query], from: now - .minutes(5), to: now)
      guard series.contains(where: { $0.status == .forbidden }) else {
        return Permission(action: action, sight: .worked("seen to work"))
      }
      return Permission(
        action: action,
        sight: .failed(
          .bad(
            action, "CloudWatch keeps the series of \(name) from these credentials",
            fix: "allow \(action) in the IAM policy", isPermission: true)))
    } catch {
      return Permission(action: action, sight: .failed(.bad(action, error)))
    }
  }

  private func tried(
    _ operation: Operation, on subject: String, _ call: () async throws(AWSError) -> Void
  ) async -> Permission {
    await tried(operation) { () async throws(AWSError) in
      do throws(AWSError) {
        try await call()
        return "seen to work on \(subject)"
      } catch {
        guard error.isNotFound else { throw error }
        return "seen to work: the answer is that \(subject) does not exist yet"
      }
    }
  }

  private func tried(
    _ operation: Operation, _ call: () async throws(AWSError) -> String
  ) async -> Permission {
    do throws(AWSError) {
      return Permission(action: operation.action, sight: .worked(try await call()))
    } catch {
      return Permission(action: operation.action, sight: .failed(.bad(operation.action, error)))
    }
  }
}
