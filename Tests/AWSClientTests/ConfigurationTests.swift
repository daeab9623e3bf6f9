import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("Shared configuration")
struct ConfigurationTests {
  @Test("sections, comments, indented settings and repeated sections are read as AWS's tools do")
  func ini() throws {
    let file = try IniFile(
      parsing: """
        # a comment
        ; another
        [default]
        Region = eu-central-1   ; trailing
        aws_secret_access_key = a=b#c;d/+=
        s3 =
          addressing_style = path
          max_concurrent_requests=20
        empty =
        [ profile   "two words" ]
        region=us-east-1 # note
        \u{9}
        [services local]
        lambda =
            endpoint_url = http://127.0.0.1:4566
        [default]
        output = json
        """, path: "config")
    let main = try #require(file.sections["default"])
    #expect(main["region"] == "eu-central-1")
    #expect(main["aws_secret_access_key"] == "a=b#c;d/+=")
    #expect(main["empty"] == nil)
    #expect(main["output"] == "json")
    #expect(main.nested["s3"] == ["addressing_style": "path", "max_concurrent_requests": "20"])
    #expect(file.sections["profile two words"]?["region"] == "us-east-1")
    #expect(file.sections["services local"]?.nested["lambda"]?["endpoint_url"] == "http://127.0.0.1:4566")
  }

  @Test(
    "a file that cannot be understood is named with the line",
    arguments: [
      ("key = 1", "line 1"), ("[a]\nwhat is this", "line 2"), ("[a\nx=1", "line 1"), ("[]", "line 1"),
    ])
  func broken(text: String, place: String) {
    let error = #expect(throws: AWSError.self) { try IniFile(parsing: text, path: "the-file") }
    #expect(error.map { "\($0)".contains("the-file, \(place)") } == true)
  }

  @Test("the credentials file wins over the config file for one profile")
  func merge() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      ".aws/config",
      """
      [default]
      region = eu-west-1
      [profile ci]
      region = eu-north-1
      aws_access_key_id = from-config
      aws_secret_access_key = s1
      """)
    try folder.write(
      ".aws/credentials", "[ci]\naws_access_key_id = from-credentials\naws_secret_access_key = s2\n")
    let config = try SharedConfig(environment: ["HOME": folder.path])
    let profile = try #require(config.profile("ci"))
    #expect(profile["aws_access_key_id"] == "from-credentials")
    #expect(profile["region"] == "eu-north-1")
    #expect(profile.keyFile == "\(folder.path)/.aws/credentials")
    #expect(config.profile("nobody") == nil)
    #expect(config.profileNames == ["ci", "default"])
  }

  @Test(
    "the region comes from the settings, the environment, the profile, in this order",
    arguments: [
      ("us-west-1", ["AWS_REGION": "a-1", "AWS_DEFAULT_REGION": "b-1"], "us-west-1"),
      (nil, ["AWS_REGION": "a-1", "AWS_DEFAULT_REGION": "b-1"], "a-1"),
      (nil, ["AWS_REGION": "", "AWS_DEFAULT_REGION": "b-1"], "b-1"),
      (nil, [:], "eu-west-1"),
      (nil, ["AWS_PROFILE": "ci"], "eu-north-1"),
    ] as [(String?, [String: String], String)])
  func region(setting: String?, environment: [String: String], expected: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(".aws/config", "[default]\nregion = eu-west-1\n[profile ci]\nregion = eu-north-1\n")
    var all = environment
    all["HOME"] = folder.path
    let aws = try AWS(settings: AWSSettings(region: setting), environment: all, clock: ManualClock())
    #expect(aws.region == expected)
  }

  @Test("without a region there is an error, not a default")
  func noRegion() {
    #expect(throws: AWSError.missingRegion) {
      try AWS(settings: AWSSettings(), environment: ["HOME": "/nonexistent"], clock: ManualClock())
    }
  }

  @Test("a profile that does not exist is an error that knows the others")
  func unknownProfile() throws {
    let folder = try TemporaryFolder()
    try folder.write(".aws/config", "[profile production]\nregion = eu-west-1\n")
    let error = #expect(throws: AWSError.self) {
      try AWS(
        settings: AWSSettings(profile: "prodution"), environment: ["HOME": folder.path], clock: ManualClock())
    }
    #expect(error.map { "\($0)".contains("did you mean \"production\"?") } == true)
  }
}

@Suite("Endpoints")
struct EndpointTests {
  private func resolver(
    _ region: String, _ environment: [String: String] = [:], url: String? = nil, config: String = ""
  ) throws -> EndpointResolver {
    let folder = try TemporaryFolder()
    try folder.write(".aws/config", config)
    let shared = try SharedConfig(environment: ["HOME": folder.path])
    return try EndpointResolver(
      region: region, explicitURL: url, environment: environment, config: shared,
      profile: shared.profile("default"))
  }

  @Test(
    "hosts follow from region and partition",
    arguments: [
      ("eu-central-1", AWSService.lambda, "lambda.eu-central-1.amazonaws.com"),
      ("eu-central-1", .cloudWatch, "monitoring.eu-central-1.amazonaws.com"),
      ("eu-central-1", .sts, "sts.eu-central-1.amazonaws.com"),
      ("eu-central-1", .sso, "portal.sso.eu-central-1.amazonaws.com"),
      ("eu-central-1", .ssoOIDC, "oidc.eu-central-1.amazonaws.com"),
      ("us-east-1", .s3, "s3.us-east-1.amazonaws.com"),
      ("eu-central-1", .apiGateway, "apigateway.eu-central-1.amazonaws.com"),
      ("eu-central-1", .ecr, "api.ecr.eu-central-1.amazonaws.com"),
      ("cn-north-1", .apiGateway, "apigateway.cn-north-1.amazonaws.com.cn"),
      ("cn-north-1", .lambda, "lambda.cn-north-1.amazonaws.com.cn"),
      ("us-gov-west-1", .lambda, "lambda.us-gov-west-1.amazonaws.com"),
      ("eusc-de-east-1", .logs, "logs.eusc-de-east-1.amazonaws.eu"),
    ])
  func hosts(region: String, service: AWSService, host: String) throws {
    let endpoint = try resolver(region).endpoint(for: service)
    #expect(endpoint.base == "https://\(host)")
    #expect(endpoint.signingRegion == region)
  }

  @Test(
    "FIPS and dual-stack hosts have their own forms",
    arguments: [
      ("us-east-1", true, false, AWSService.lambda, "lambda-fips.us-east-1.amazonaws.com"),
      ("us-east-1", false, true, .lambda, "lambda.us-east-1.api.aws"),
      ("us-east-1", true, true, .lambda, "lambda-fips.us-east-1.api.aws"),
      ("us-east-1", true, false, .s3, "s3-fips.us-east-1.amazonaws.com"),
      ("us-east-1", false, true, .s3, "s3.dualstack.us-east-1.amazonaws.com"),
      ("us-gov-west-1", true, false, .lambda, "lambda-fips.us-gov-west-1.amazonaws.com"),
      ("us-gov-west-1", true, false, .sts, "sts.us-gov-west-1.amazonaws.com"),
      ("us-gov-west-1", true, false, .logs, "logs.us-gov-west-1.amazonaws.com"),
      ("us-gov-west-1", true, false, .ssm, "ssm.us-gov-west-1.amazonaws.com"),
      ("us-gov-west-1", true, false, .ssoOIDC, "oidc.us-gov-west-1.amazonaws.com"),
      ("us-gov-west-1", true, false, .scheduler, "scheduler-fips.us-gov-west-1.amazonaws.com"),
      ("us-gov-west-1", true, false, .apiGateway, "apigateway-fips.us-gov-west-1.amazonaws.com"),
      ("us-east-1", false, true, .apiGateway, "apigateway.us-east-1.api.aws"),
      ("us-east-1", true, false, .ecr, "api.ecr-fips.us-east-1.amazonaws.com"),
      ("us-east-1", false, true, .ecr, "ecr.us-east-1.api.aws"),
      ("us-gov-west-1", true, true, .ecr, "ecr-fips.us-gov-west-1.api.aws"),
      ("us-gov-west-1", true, false, .eventBridge, "events.us-gov-west-1.amazonaws.com"),
      ("us-gov-west-1", true, true, .eventBridge, "events-fips.us-gov-west-1.api.aws"),
      ("us-gov-west-1", true, false, .sns, "sns.us-gov-west-1.amazonaws.com"),
      ("us-gov-west-1", true, false, .sqs, "sqs.us-gov-west-1.amazonaws.com"),
      ("us-east-1", true, false, .sqs, "sqs-fips.us-east-1.amazonaws.com"),
      ("us-gov-west-1", true, true, .cloudWatch, "monitoring.us-gov-west-1.api.aws"),
      ("us-gov-west-1", true, true, .sts, "sts-fips.us-gov-west-1.api.aws"),
      ("us-east-1", true, true, .s3, "s3-fips.dualstack.us-east-1.amazonaws.com"),
      ("us-east-1", true, false, .sso, "portal.sso-fips.us-east-1.amazonaws.com"),
      ("cn-north-1", false, true, .lambda, "lambda.cn-north-1.api.amazonwebservices.com.cn"),
    ])
  func variants(region: String, fips: Bool, dualStack: Bool, service: AWSService, host: String) throws {
    let environment = ["AWS_USE_FIPS_ENDPOINT": "\(fips)", "AWS_USE_DUALSTACK_ENDPOINT": "\(dualStack)"]
    #expect(try resolver(region, environment).endpoint(for: service).host == host)
  }

  private static let file = """
    [default]
    services = local
    endpoint_url = http://profile
    [services local]
    lambda =
      endpoint_url = http://file-lambda
    """

  @Test(
    "configured endpoints are found in the order of AWS's tools",
    arguments: [
      (
        "http://flag", ["AWS_ENDPOINT_URL_LAMBDA": "http://one", "AWS_ENDPOINT_URL": "http://all"],
        "http://flag"
      ),
      (nil, ["AWS_ENDPOINT_URL_LAMBDA": "http://one", "AWS_ENDPOINT_URL": "http://all"], "http://one"),
      (nil, ["AWS_ENDPOINT_URL_STS": "http://one", "AWS_ENDPOINT_URL": "http://all"], "http://all"),
      (nil, ["AWS_ENDPOINT_URL_STS": "http://one"], "http://file-lambda"),
      (
        nil, ["AWS_ENDPOINT_URL": "http://all", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE"],
        "https://lambda.eu-west-1.amazonaws.com"
      ),
      ("http://flag", ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"], "http://flag"),
    ] as [(String?, [String: String], String)])
  func order(flag: String?, environment: [String: String], expected: String) throws {
    let resolver = try resolver("eu-west-1", environment, url: flag, config: Self.file)
    #expect(try resolver.endpoint(for: .lambda).base == expected)
  }

  @Test("a service without an entry of its own takes the profile's endpoint")
  func profileWide() throws {
    #expect(try resolver("eu-west-1", config: Self.file).endpoint(for: .logs).base == "http://profile")
  }

  @Test(
    "URLs are taken apart",
    arguments: [
      ("HTTP://LocalHost:4566/", "http://localhost:4566", true),
      ("https://x.example:443/base/", "https://x.example/base", false),
      ("http://[::1]:8080", "http://[::1]:8080", true),
      ("http://127.0.0.1:80", "http://127.0.0.1", true),
      ("http://127.example.com", "http://127.example.com", false),
      ("http://169.254.169.254", "http://169.254.169.254", true),
    ])
  func urls(url: String, base: String, isLocal: Bool) throws {
    let endpoint = try Endpoint(url: url, region: "r", origin: "a test")
    #expect(endpoint.base == base)
    #expect(endpoint.isLocal == isLocal)
  }

  @Test(
    "what is no URL is refused by name",
    arguments: [
      "localhost:4566", "ftp://x", "http://", "http://user:secret@x", "http://x/?a=b", "http://x y",
    ])
  func wrongURLs(url: String) {
    let error = #expect(throws: AWSError.self) {
      try Endpoint(url: url, region: "r", origin: "AWS_ENDPOINT_URL")
    }
    #expect(error.map { "\($0)".hasPrefix("AWS_ENDPOINT_URL is ") } == true)
  }

  @Test("a custom endpoint and FIPS exclude each other")
  func fipsAndCustom() throws {
    let resolver = try resolver("eu-west-1", ["AWS_USE_FIPS_ENDPOINT": "true"], url: "http://127.0.0.1")
    #expect(throws: AWSError.self) { try resolver.endpoint(for: .lambda) }
  }

  @Test("a truth value that is neither true nor false is refused")
  func flags() {
    #expect(throws: AWSError.self) { try resolver("eu-west-1", ["AWS_USE_FIPS_ENDPOINT": "1"]) }
  }

  @Test("the regular endpoint of another region is signed for that one")
  func otherRegion() throws {
    let endpoint = try resolver("eu-west-1").endpoint(for: .s3, in: "us-east-1")
    #expect(endpoint.host == "s3.us-east-1.amazonaws.com")
    #expect(endpoint.signingRegion == "us-east-1")
  }
}
