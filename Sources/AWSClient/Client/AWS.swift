package import Core

/// What the user asks of the client, above environment and shared files.
package struct AWSSettings: Sendable {
  /// The region; nil for the environment's or the profile's.
  package var region: String?
  /// The profile; nil for `AWS_PROFILE`'s or the default one. An explicit one is stronger than keys in the
  /// environment.
  package var profile: String?
  /// One URL for all services instead of AWS's own.
  package var endpointURL: String?
  /// Requests at a time to one host; 1 or more.
  package var parallel: Int
  /// Learns what must not be shown, and masks what services say.
  package var secrets: Secrets
  /// Gets a line for each attempt of each request: operation, host, status, request id. Never a secret.
  package var log: (@Sendable (String) -> Void)?
  /// Told of a call that has waited for some seconds already, each time that it is about to be tried again; nil where
  /// nobody wants to know.
  package var retrying: (@Sendable (RetryNotice) -> Void)?

  /// The usual settings but for those given.
  package init(
    region: String? = nil, profile: String? = nil, endpointURL: String? = nil, parallel: Int = 8,
    secrets: Secrets = Secrets(), log: (@Sendable (String) -> Void)? = nil
  ) {
    self.region = region
    self.profile = profile
    self.endpointURL = endpointURL
    self.parallel = parallel
    self.secrets = secrets
    self.log = log
  }
}

/// The services of AWS for one account and region. Everything it makes shares connections, credentials, rate
/// limits and the budget of retries.
package final class AWS: Sendable {
  /// The region that requests go to.
  package let region: String
  /// The partition of that region, as in ARNs: `aws`, `aws-cn`.
  package let partition: String
  /// Functions.
  package let lambda: LambdaClient
  /// Metrics and alarms.
  package let cloudWatch: CloudWatchClient
  /// Identities.
  package let sts: STSClient
  /// Objects.
  package let s3: S3Client
  /// Parameters.
  package let ssm: SSMClient
  /// Log events.
  package let logs: LogsClient
  /// Schedules.
  package let scheduler: SchedulerClient
  /// HTTP APIs.
  package let apiGateway: APIGatewayClient
  /// Rules of event buses.
  package let eventBridge: EventBridgeClient
  /// Topics.
  package let sns: SNSClient
  /// Queues.
  package let sqs: SQSClient
  /// Container images.
  package let ecr: ECRClient

  let pipeline: Pipeline

  /// Reads the environment and the shared files; sends nothing yet.
  ///
  /// - Parameters:
  ///   - environment: the variables of the process.
  ///   - clock: paces rate limits and retries and dates signatures.
  /// - Throws: ``AWSError/missingRegion``, ``AWSError/badConfiguration(_:)``.
  package convenience init(
    settings: AWSSettings, environment: [String: String], clock: any WallClock
  ) throws(AWSError) {
    try self.init(settings: settings, environment: environment, clock: clock, transport: nil)
  }

  /// - Parameter transport: instead of libcurl's, for tests.
  init(
    settings: AWSSettings, environment: [String: String], clock: any WallClock, transport: (any HTTPSender)?
  ) throws(AWSError) {
    settings.secrets.hide(environment: environment)
    let world = try AWSWorld(settings: settings, environment: environment)
    let transportSettings = TransportSettings(
      environment: environment, configuredBundle: world.profile?["ca_bundle"], parallel: settings.parallel)
    let sender = transport ?? CurlTransport(settings: transportSettings)
    let policy = try RetryPolicy(environment: environment, profile: world.profile)
    func pipeline(_ store: CredentialStore?) -> Pipeline {
      Pipeline(
        transport: sender, endpoints: world.endpoints, credentials: store, policy: policy,
        parallel: settings.parallel, clock: clock, secrets: settings.secrets, log: settings.log,
        retrying: settings.retrying)
    }
    // The search for credentials has calls of its own, which must not wait for credentials.
    let chain = world.credentialChain(pipeline: pipeline(nil))
    self.pipeline = pipeline(CredentialStore(chain: chain, clock: clock, secrets: settings.secrets))
    region = world.endpoints.region
    partition = world.endpoints.partition.name
    lambda = LambdaClient(pipeline: self.pipeline)
    cloudWatch = CloudWatchClient(pipeline: self.pipeline)
    sts = STSClient(pipeline: self.pipeline)
    s3 = S3Client(pipeline: self.pipeline, parallel: settings.parallel)
    ssm = SSMClient(pipeline: self.pipeline)
    logs = LogsClient(pipeline: self.pipeline)
    scheduler = SchedulerClient(pipeline: self.pipeline)
    apiGateway = APIGatewayClient(pipeline: self.pipeline)
    eventBridge = EventBridgeClient(pipeline: self.pipeline)
    sns = SNSClient(pipeline: self.pipeline)
    sqs = SQSClient(pipeline: self.pipeline)
    ecr = ECRClient(pipeline: self.pipeline)
  }

  /// The services' present time: the clock's, corrected by what their last answer said.
  package var serverTime: Timestamp { pipeline.time.now }

  /// What to add to the clock to get ``serverTime``; zero before the first answer.
  package var clockOffset: TimeSpan { pipeline.time.offset }

  /// Whether a service has told its time, without which ``clockOffset`` means nothing.
  package var hasAnswered: Bool { pipeline.time.isKnown }

  /// The URL that requests to `service` go to.
  ///
  /// - Throws: ``AWSError/badConfiguration(_:)``.
  package func endpoint(for service: AWSService) throws(AWSError) -> String {
    try pipeline.endpoints.endpoint(for: service).base
  }

  /// How the credentials in use were found; looks for them if that has not happened yet.
  ///
  /// - Throws: ``AWSError``.
  package func credentials() async throws(AWSError) -> CredentialSummary {
    try await pipeline.credentialSummary()
  }

  /// When the credentials in use end for good: handed over once with an end, or made from a session or a token that
  /// nobody renews. Nil when new ones can be had, they have no end, or that is not known.
  package func credentialsEnd() async -> Timestamp? { await pipeline.credentialsEnd() }

  /// Ends all requests and closes the connections.
  package func shutdown() {
    pipeline.transport.shutdown()
  }
}

/// What environment, shared files and settings come to.
struct AWSWorld {
  let environment: [String: String]
  let config: SharedConfig
  let profileName: String
  /// The user named the profile in this call: it is stronger than keys in the environment.
  let profileIsExplicit: Bool
  let profile: SharedConfig.Profile?
  let endpoints: EndpointResolver

  init(settings: AWSSettings, environment: [String: String]) throws(AWSError) {
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    self.environment = environment
    config = try SharedConfig(environment: environment)
    let named = settings.profile ?? variable("AWS_PROFILE") ?? variable("AWS_DEFAULT_PROFILE")
    profileName = named ?? "default"
    profileIsExplicit = settings.profile != nil
    profile = config.profile(profileName)
    if let named, profile == nil, named != "default" || settings.profile != nil {
      throw .badConfiguration(Self.unknownProfile(named, config))
    }
    let region =
      settings.region ?? variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? profile?["region"]
    guard let region, !region.isEmpty else { throw .missingRegion }
    guard
      region.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (97...122).contains($0) || (48...57).contains($0) })
    else { throw .badConfiguration("\"\(region)\" is no AWS region; one looks like eu-central-1") }
    endpoints = try EndpointResolver(
      region: region, explicitURL: settings.endpointURL, environment: environment, config: config,
      profile: profile)
  }

  /// Where credentials are looked for, in this order: an explicit profile excludes what the environment
  /// holds.
  func credentialChain(pipeline: Pipeline) -> CredentialChain {
    let world = CredentialWorld(environment: environment, config: config, pipeline: pipeline)
    var providers: [any CredentialProvider] = []
    if !profileIsExplicit {
      providers = [EnvironmentCredentials(environment: environment), WebIdentityCredentials(world: world)]
    }
    providers.append(ProfileCredentials(profileName: profileName, world: world))
    providers.append(ContainerCredentials(world: world))
    providers.append(InstanceCredentials(world: world))
    return CredentialChain(providers: providers)
  }

  private static func unknownProfile(_ name: String, _ config: SharedConfig) -> String {
    let names = config.profileNames
    let hint =
      if let near = Suggestion.nearest(to: name, in: names) {
        "did you mean \"\(near)\"?"
      } else if names.isEmpty {
        "there are no profiles at all; aws configure makes one"
      } else {
        "there are \(names.joined(separator: ", "))"
      }
    return
      "neither \(config.configPath) nor \(config.credentialsPath) has the AWS profile \"\(name)\": \(hint)"
  }
}
