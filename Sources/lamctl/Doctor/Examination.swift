internal import AWSClient
internal import Core
internal import Packager
internal import Release
internal import Sandbox

/// Looks at everything that a release needs of the outside, from the credentials to single permissions. Only reads.
struct Examination: Sendable {
  private let session: Session
  private let globals: GlobalOptions
  /// What a release calls by what the configuration asks for.
  private let release: @Sendable (PolicyNeeds) -> [Operation]
  /// What was found, in the order of the report.
  private(set) var findings: [DoctorFinding] = []
  private(set) var credentials: CredentialSummary?
  private(set) var identity: CallerIdentity?
  private(set) var permissions: [Permission] = []

  /// A clock that is further off than this is worth a word; AWS refuses signatures from 5 minutes on.
  private static let toleratedOffset = TimeSpan.minutes(1)

  init(
    _ session: Session, _ globals: GlobalOptions, release: @escaping @Sendable (PolicyNeeds) -> [Operation]
  ) {
    self.session = session
    self.globals = globals
    self.release = release
  }

  /// Looks at everything. What fails is a finding, not an error.
  mutating func run() async {
    await lookAtCredentials()
    if credentials != nil { await lookAtAccount() }
    lookAtPlace()
    if credentials != nil {
      await lookAtFunctions()
    } else {
      findings.append(
        .warning("permissions", "not tried: there are no credentials", fix: "repair the credentials first"))
    }
    lookAtClock()
  }

  private mutating func lookAtCredentials() async {
    do throws(AWSError) {
      let found = try await session.aws.credentials()
      credentials = found
      var words = "from \(found.source), access key ID \(Self.masked(found.keyID))"
      guard let end = found.expiration else {
        findings.append(.good("credentials", words))
        return
      }
      words += ", valid until \(end.iso8601)"
      let need = session.environment.rollout.length
      if let last = await session.credentialsEnd(), last < session.serverTime() + need {
        findings.append(
          .warning(
            "credentials", "\(words), nobody renews them after \(last.iso8601), and a rollout takes \(need)",
            fix: "ask for a longer session, or use a source that can be renewed, such as a role"))
      } else {
        findings.append(.good("credentials", words))
      }
    } catch {
      findings.append(.bad("credentials", error))
    }
  }

  private mutating func lookAtAccount() async {
    do {
      let found = try await session.caller.identity()
      identity = found
      if let expected = session.environment.account, expected != found.account {
        findings.append(
          .bad(
            "account",
            "\(found.account) as \(found.arn), and environment \(session.environment.name) is in \(expected)",
            fix: "use credentials of account \(expected), for example with --profile", isPermission: true))
      } else {
        findings.append(.good("account", "\(found.account) as \(found.arn)"))
      }
    } catch {
      findings.append(.bad("account", error))
    }
  }

  private mutating func lookAtPlace() {
    findings.append(.good("region", "\(session.aws.region), from \(session.regionSource(globals))"))
    for (service, check) in [(AWSService.lambda, "Lambda"), (.cloudWatch, "CloudWatch")] {
      do throws(AWSError) {
        findings.append(.good("endpoint of \(check)", try session.aws.endpoint(for: service)))
      } catch {
        findings.append(.bad("endpoint of \(check)", error))
      }
    }
  }

  private mutating func lookAtFunctions() async {
    var traffic: [DoctorFinding] = []
    do {
      let definitions = try await session.functions(only: [])
      permissions = await allowed(definitions, needs: try await needs(of: definitions))
      traffic = await TrafficProbe(session: session, definitions: definitions).findings()
      if let account = identity?.account {
        traffic += await HangingProbe(session: session, names: Session.names(definitions), account: account)
          .findings()
      }
      if let roles = FunctionRoles(definitions).finding { traffic.append(roles) }
    } catch {
      findings.append(.bad("functions", error))
      // Nobody knows what the functions ask for: at the least what a first deploy does.
      permissions = await allowed([], needs: PolicyNeeds(creates: true, statesRole: true))
    }
    findings += permissions.compactMap(\.finding)
    findings += Permission.untried(permissions) + traffic
  }

  private func allowed(_ definitions: [FunctionDefinition], needs: PolicyNeeds) async -> [Permission] {
    await PermissionProbe(session: session, definitions: definitions, needed: release(needs)).permissions()
  }

  private func needs(of definitions: [FunctionDefinition]) async throws -> PolicyNeeds {
    let account = session.environment.account ?? identity?.account ?? "*"
    var needs = try session.needs(
      of: definitions, parameters: try await session.described(account: account).parameters)
    // A rehearsal pushes no images.
    if session.place.rehearsal != nil { needs.images = false }
    return needs
  }

  private mutating func lookAtClock() {
    let offset = session.aws.clockOffset
    guard session.aws.hasAnswered else {
      findings.append(
        .warning("clock", "unknown: nothing has answered", fix: "repair what the other lines name first"))
      return
    }
    let seconds = offset.seconds.formatted(digits: 1)
    if offset.seconds.magnitude <= Self.toleratedOffset.seconds {
      findings.append(.good("clock", "\(seconds) s off the service's"))
    } else {
      findings.append(
        .warning(
          "clock", "\(seconds) s off the service's; lamctl makes up for it, other tools fail",
          fix: "set this machine's clock right, for example by NTP"))
    }
  }

  /// Enough of a key's id to recognise it; the sandbox's, which is everybody's, is told whole.
  static func masked(_ keyID: String) -> String {
    if keyID == SandboxServer.accessKey { return keyID }
    return keyID.count >= 16 ? "\(keyID.prefix(4))…\(keyID.suffix(4))" : "\(keyID.prefix(2))…"
  }
}

extension RolloutConfig {
  /// The time that a rollout takes at least.
  var length: TimeSpan {
    steps.steps.reduce(bake) { sum, step in
      guard case .traffic(_, let duration) = step else { return sum }
      return sum + duration
    }
  }
}
