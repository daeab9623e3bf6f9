internal import Core

/// Finds a service's endpoint.
struct EndpointResolver: Sendable {
  let region: String
  let partition: Partition
  private let usesFIPS: Bool
  private let usesDualStack: Bool
  /// For all services; given by the caller, above everything else.
  private let explicitURL: String?
  /// Key of the service, or "" for all, with the place it is written in.
  private let configured: [String: (url: String, origin: String)]

  /// - Throws: ``AWSError/badConfiguration(_:)``.
  init(
    region: String, explicitURL: String?, environment: [String: String], config: SharedConfig,
    profile: SharedConfig.Profile?
  ) throws(AWSError) {
    self.region = region
    self.explicitURL = explicitURL
    partition = Partition(region: region)
    let reader = FlagReader(environment: environment, profile: profile)
    usesFIPS = try reader.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
    usesDualStack = try reader.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
    let ignored = try reader.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")
    configured = ignored ? [:] : Self.configured(environment, config, profile)
  }

  /// - Throws: ``AWSError/badConfiguration(_:)``.
  func endpoint(for service: AWSService) throws(AWSError) -> Endpoint {
    if let explicitURL { return try custom(explicitURL, "the endpoint URL") }
    if let found = configured[service.endpointKey] ?? configured[""] {
      return try custom(found.url, found.origin)
    }
    return try Endpoint(host: host(service), region: region)
  }

  /// The regular endpoint in another region of the same partition; a configured one stays.
  ///
  /// - Throws: ``AWSError/badConfiguration(_:)``.
  func endpoint(for service: AWSService, in other: String) throws(AWSError) -> Endpoint {
    var endpoint = try self.endpoint(for: service)
    if endpoint.origin == nil, other != region {
      endpoint.host = endpoint.host.replacing(".\(region).", with: ".\(other).")
    }
    endpoint.signingRegion = other
    return endpoint
  }

  private func custom(_ url: String, _ origin: String) throws(AWSError) -> Endpoint {
    guard !usesFIPS, !usesDualStack else {
      throw .badConfiguration(
        "a FIPS or dual-stack endpoint is asked for, and \(origin) names another one: drop one")
    }
    return try Endpoint(url: url, region: region, origin: origin)
  }

  private func host(_ service: AWSService) throws(AWSError) -> String {
    var label = service.hostLabel
    if usesFIPS, !hasPlainFIPSHost(service) {
      guard partition.name != "aws-cn" || service != .s3 else {
        throw .badConfiguration("S3 has no FIPS endpoints in China: unset AWS_USE_FIPS_ENDPOINT")
      }
      label += "-fips"
    }
    guard usesDualStack else { return "\(label).\(region).\(partition.suffix)" }
    if service == .s3 { return "\(label).dualstack.\(region).\(partition.suffix)" }
    guard let suffix = partition.dualStackSuffix else {
      throw .badConfiguration("the partition \(partition.name) has no dual-stack endpoints")
    }
    // The one that is called otherwise there.
    if service == .ecr { label = label.replacing("api.", with: "") }
    return "\(label).\(region).\(suffix)"
  }

  /// In GovCloud some services meet FIPS on their plain hosts.
  private func hasPlainFIPSHost(_ service: AWSService) -> Bool {
    guard partition.name == "aws-us-gov" else { return false }
    switch service {
    case .cloudWatch: return true
    case .logs, .sts, .ssm, .sso, .ssoOIDC, .eventBridge, .sns, .sqs: return !usesDualStack
    case .lambda, .s3, .scheduler, .apiGateway, .ecr: return false
    }
  }

  private static func configured(
    _ environment: [String: String], _ config: SharedConfig, _ profile: SharedConfig.Profile?
  ) -> [String: (url: String, origin: String)] {
    var found: [String: (url: String, origin: String)] = [:]
    func add(_ key: String, _ url: String?, _ origin: String) {
      if let url, !url.isEmpty, found[key] == nil { found[key] = (url, origin) }
    }
    let services = profile?["services"].flatMap { config.section("services", $0) }
    for service in AWSService.allCases {
      let key = service.endpointKey
      let variable = "AWS_ENDPOINT_URL_\(key.uppercased())"
      add(key, environment[variable], variable)
      // The variable for all services is stronger than the file's entry for one.
      add(key, environment["AWS_ENDPOINT_URL"], "AWS_ENDPOINT_URL")
      add(key, services?.nested[key]?["endpoint_url"], "endpoint_url of \(key) in \(config.configPath)")
    }
    add("", profile?["endpoint_url"], "endpoint_url in \(config.configPath)")
    return found
  }
}

/// Reads truth values that stand in a variable or, weaker, in a profile.
struct FlagReader {
  let environment: [String: String]
  let profile: SharedConfig.Profile?

  /// False when unset.
  ///
  /// - Throws: ``AWSError/badConfiguration(_:)`` for anything but `true` and `false`.
  func flag(_ variable: String, _ key: String) throws(AWSError) -> Bool {
    let fromEnvironment = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    guard let text = fromEnvironment ?? profile?[key] else { return false }
    switch text.lowercased() {
    case "true": return true
    case "false": return false
    default:
      let name = fromEnvironment != nil ? variable : key
      throw .badConfiguration("\(name) is \"\(text)\": only true and false are understood")
    }
  }
}
