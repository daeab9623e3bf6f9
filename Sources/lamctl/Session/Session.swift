internal import AWSClient
internal import Core
internal import Packager
internal import Release

/// One environment of a repository, opened for one command.
struct Session: Sendable {
  /// The repository.
  let workspace: Workspace
  /// The environment that the command is about.
  let environment: EnvironmentConfig
  /// Where its AWS is.
  let place: EndpointContext
  /// The services there.
  let aws: AWS
  /// Whose credentials are in use.
  let caller: CallerLookup
  /// How many requests may be under way at once.
  let parallel: Int
  /// What must not be shown; learns from the repository and from AWS.
  let secrets: Secrets
  /// Functions that are named by their names in AWS; nil for those of the repository.
  let direct: [String]?
  /// Tells of calls that are tried again, once somebody shows what goes on.
  let retries: RetryTeller
  /// Tells of something that does not change the result.
  let warn: @Sendable (String) -> Void

  /// Opens the environment called `name`, or the default one.
  ///
  /// - Parameter need: what of the repository the command cannot do without.
  /// - Throws: ``Failure``, ``PackagerError``, ``AWSError`` and ``SandboxError``. Nothing is sent to AWS yet.
  static func open(
    _ globals: GlobalOptions, environment name: String?, need: RepositoryNeed, in context: Context
  ) async throws -> Session {
    let repository = try OpenedRepository.open(globals, environment: name, need: need, in: context)
    let environment = repository.environment
    let place = try await EndpointContext.find(
      globals, environment: environment, workspace: repository.workspace, in: context)
    let parallel = globals.parallel ?? 8
    var log: (@Sendable (String) -> Void)?
    if globals.verbose { log = { context.errors.write("  \(PlainText.line($0))\n") } }
    let retries = RetryTeller(clock: place.clock)
    do {
      var settings = AWSSettings(
        region: globals.region ?? environment.region ?? place.fallbackRegion, profile: globals.profile,
        endpointURL: place.url, parallel: parallel, secrets: context.secrets, log: log)
      settings.retrying = { retries.note($0) }
      let aws = try AWS(settings: settings, environment: place.environment, clock: place.clock)
      return Session(
        workspace: repository.workspace, environment: environment, place: place, aws: aws,
        caller: CallerLookup(aws.sts), parallel: parallel, secrets: context.secrets,
        direct: repository.direct, retries: retries,
        warn: { context.warn($0) })
    } catch {
      await place.close()
      throw error
    }
  }

  /// AWS's time: where the endpoint runs at its own pace, that pace's.
  var serverTime: @Sendable () -> Timestamp {
    if let rehearsal = place.rehearsal { return { rehearsal.now() } }
    return { [aws] in aws.serverTime }
  }

  /// When the credentials in use end for good; nil when they can be renewed, have no end, or that is not known.
  func credentialsEnd() async -> Timestamp? { await aws.credentialsEnd() }

  /// The services that releases need.
  ///
  /// - Parameters:
  ///   - declared: variables that hooks may see beside the usual ones.
  ///   - timeout: how long a hook may take; nil for 10 minutes.
  func services(
    declared: [String: String] = [:], timeout: TimeSpan? = nil,
    _ report: @escaping @Sendable (ReleaseEvent) -> Void
  ) -> ReleaseServices {
    let packages: any PackageUpload =
      if let bucket = environment.bucket {
        BucketUpload(s3: aws.s3, bucket: bucket, expectedOwner: environment.account)
      } else {
        DirectUpload()
      }
    let push = ImagePush(environment: workspace.environment, secrets: secrets)
    let upload = ImageUpload(
      packages: packages, ecr: aws.ecr, push: push, isRehearsal: place.rehearsal != nil)
    return ReleaseServices(
      lambda: aws.lambda, metrics: aws.cloudWatch, alarms: aws.cloudWatch, logs: aws.logs,
      schedules: aws.scheduler,
      hooks: HookProcess(
        folder: workspace.root, environment: hookVariables, declared: declared, secrets: secrets,
        limit: timeout ?? .minutes(10)
      ) { report(.note(nil, $0)) },
      history: history,
      upload: upload, edges: edgeServices, clock: place.clock,
      serverTime: serverTime, report: report)
  }

  /// The dead-man switch that the environment asks for.
  var deadMan: DeadManSettings? {
    environment.rollout.deadMan.map {
      DeadManSettings(role: $0.role, after: $0.after, partition: aws.partition)
    }
  }

  /// The aliases that the environment keeps beside its own.
  var companions: CompanionAliases? {
    CompanionAliases(canary: environment.companions.canary, stable: environment.companions.stable)
  }

  /// The order of commits, as far as the checkout knows it.
  var history: GitHistory { GitHistory(folder: workspace.root, environment: place.environment) }

  /// A hook that calls AWS must reach the same one as lamctl: in a rehearsal the sandbox.
  private var hookVariables: [String: String] {
    var variables = place.environment
    if let url = place.url { variables["AWS_ENDPOINT_URL"] = url }
    return variables
  }

  /// Ends the connections, and the sandbox if this command started one.
  func close() async {
    aws.shutdown()
    await place.close()
  }

  /// Runs `body` with an open session and closes it whatever happens.
  static func with<Success: Sendable>(
    _ globals: GlobalOptions, environment name: String?, need: RepositoryNeed, in context: Context,
    _ body: (Session) async throws -> Success
  ) async throws -> Success {
    let session = try await open(globals, environment: name, need: need, in: context)
    do {
      let result = try await body(session)
      await session.close()
      return result
    } catch {
      await session.close()
      throw error
    }
  }
}
