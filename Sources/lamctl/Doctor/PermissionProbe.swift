internal import AWSClient
internal import Core
internal import LambdaSettings
internal import Packager

/// Makes the reading calls of a release once, on the first function that AWS has.
struct PermissionProbe: Sendable {
  private let session: Session
  private let definitions: [FunctionDefinition]

  init(session: Session, definitions: [FunctionDefinition]) {
    self.session = session
    self.definitions = definitions
  }

  /// What a release needs, in the order in which it needs it.
  func permissions() async -> [Permission] {
    await reading() + writing
  }

  private func reading() async -> [Permission] {
    let lambda = session.aws.lambda
    let alias = session.environment.alias
    var found: [Permission] = []
    var present: Set<String> = []
    found.append(
      await tried("lambda:ListFunctions") { () async throws(AWSError) in
        let page = try await lambda.listFunctions(marker: nil)
        present = Set(page.items.map(\.functionName))
        return "seen to work"
      })
    // A function that is there shows more; for one that is not, "not found" shows that asking is allowed.
    let subject = definitions.first { present.contains($0.functionName) } ?? definitions.first
    guard let name = subject?.functionName else {
      let others = [
        "lambda:GetFunction", "lambda:GetAlias", "lambda:ListVersionsByFunction", "lambda:InvokeFunction",
        "cloudwatch:GetMetricData",
      ]
      return found + others.map { Permission(action: $0, sight: .untried("no function is known to ask for")) }
    }
    found.append(
      await tried("lambda:GetFunction", on: name) { () async throws(AWSError) in
        _ = try await lambda.getFunction(name)
      })
    found.append(
      await tried("lambda:GetAlias", on: "\(name):\(alias)") { () async throws(AWSError) in
        _ = try await lambda.getAlias(name, name: alias)
      })
    found.append(
      await tried("lambda:ListVersionsByFunction", on: name) { () async throws(AWSError) in
        _ = try await lambda.listVersions(name)
      })
    if definitions.contains(where: { !$0.smoke.isEmpty }) {
      found.append(
        await tried("lambda:InvokeFunction", on: "\(name):\(alias)") { () async throws(AWSError) in
          // A dry run only asks whether it would be allowed.
          _ = try await lambda.invoke(name, qualifier: alias, payload: Array("{}".utf8), kind: .dryRun)
        })
    }
    found.append(await metrics(of: name))
    return found + (await images())
  }

  /// Whether a push of container images is let in at all; a rehearsal pushes none.
  private func images() async -> [Permission] {
    guard session.place.rehearsal == nil, definitions.contains(where: \.goesToECR) else { return [] }
    let ecr = session.aws.ecr
    return [
      await tried(Operation.getRegistryToken.action) { () async throws(AWSError) in
        _ = try await ecr.getAuthorizationToken()
        return "seen to work"
      }
    ]
  }

  private func metrics(of name: String) async -> Permission {
    let action = "cloudwatch:GetMetricData"
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
    _ action: String, on subject: String, _ call: () async throws(AWSError) -> Void
  ) async -> Permission {
    await tried(action) { () async throws(AWSError) in
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
    _ action: String, _ call: () async throws(AWSError) -> String
  ) async -> Permission {
    do throws(AWSError) {
      return Permission(action: action, sight: .worked(try await call()))
    } catch {
      return Permission(action: action, sight: .failed(.bad(action, error)))
    }
  }

  /// What previews read.
  private static let reading: Set<String> = [
    "lambda:ListAliases", "lambda:GetPolicy", "lambda:GetFunctionUrlConfig", "scheduler:ListSchedules",
  ]

  /// What changes something, and therefore is not tried.
  private var writing: [Permission] {
    var actions = [
      "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "lambda:PublishVersion",
      "lambda:UpdateAlias",
    ]
    if definitions.isEmpty || definitions.contains(where: \.allowsCreate) {
      actions += ["lambda:CreateFunction", "lambda:CreateAlias", "iam:PassRole"]
    }
    for setting in SettingCatalogue.all
    where definitions.contains(where: { $0.configuration[setting.member] != nil }) {
      actions += setting.call.writes
    }
    if session.environment.rollout.deadMan != nil {
      actions += ["scheduler:CreateSchedule", "scheduler:UpdateSchedule", "scheduler:DeleteSchedule"]
      if !actions.contains("iam:PassRole") { actions.append("iam:PassRole") }
    }
    if let preview = try? session.preview {
      let needs = PolicyNeeds(
        preview: true, previewURL: preview.functionURL != nil, previewRole: preview.role != nil)
      let more =
        ["lambda:CreateAlias", "lambda:DeleteAlias"]
        + (Operation.makingPreviews(needs) + Operation.endingPreviews(needs)).map(\.action)
      for action in more where !Self.reading.contains(action) && !actions.contains(action) {
        actions.append(action)
      }
    }
    if session.workspace.config.keepVersions != nil {
      actions.append("lambda:DeleteFunction")
    }
    if session.place.rehearsal == nil, definitions.contains(where: \.goesToECR) {
      actions += Operation.releaseImage.map(\.action)
    }
    return actions.map { Permission(action: $0, sight: .untried(Permission.wouldWrite)) }
  }
}

extension FunctionDefinition {
  /// Whether it is a container image that is pushed to ECR.
  var goesToECR: Bool {
    guard packageType == "Image" else { return false }
    return imageRepository.map { $0.registry != .local } ?? true
  }
}
