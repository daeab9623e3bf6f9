import Core
import Testing

@testable import AWSClient

/// Everything the client can ask of the services beside Lambda.
enum OtherRequests {
  private static let start = Timestamp(seconds: 1_763_704_200)

  static let all = metrics + texts + schedules

  private static func query(_ id: String, dimensions: [(name: String, value: String)]) -> MetricQuery {
    MetricQuery(
      id: id, namespace: "AWS/Lambda", metric: "Errors", dimensions: dimensions, statistic: "Sum", period: 60)
  }

  private static let metrics = [
    RequestCase("getMetricData") {
      _ = try await $0.cloudWatch.getMetricData(
        [query("e", dimensions: [("FunctionName", "orders")])], from: start, to: start + .minutes(1))
    },
    RequestCase("getMetricData, more than a request takes, in pages") {
      let dimensions = [
        (name: "FunctionName", value: "orders"), (name: "Resource", value: "orders:live"),
        (name: "ExecutedVersion", value: "3"),
      ]
      let queries = (0..<501).map { query("q\($0)", dimensions: dimensions) }
      _ = try await $0.cloudWatch.getMetricData(queries, from: start, to: start + .minutes(60))
    }.inPages(),
    RequestCase("listMetrics, in pages") {
      _ = try await $0.cloudWatch.listMetrics(
        namespace: "AWS/Lambda", metric: "Invocations",
        with: MetricQuery.Dimension(name: "FunctionName", value: "shop-orders"))
    }.inPages(),
    RequestCase("describeAlarms") { _ = try await $0.cloudWatch.describeAlarms(names: ["orders is broken"]) },
    RequestCase("describeAlarms, more than a request takes, in pages") {
      _ = try await $0.cloudWatch.describeAlarms(names: (0..<101).map { "alarm \($0) é" })
    }.inPages(),
  ]

  private static let texts = [
    RequestCase("getCallerIdentity") { _ = try await $0.sts.getCallerIdentity() },
    RequestCase("getParameters") { _ = try await $0.ssm.getParameters(["/shop/key"]) },
    RequestCase("getParameters, more than a request takes") {
      _ = try await $0.ssm.getParameters((0..<11).map { "/shop/key\($0):3" })
    },
    RequestCase("getAuthorizationToken") { _ = try await $0.ecr.getAuthorizationToken() },
    RequestCase("filterLogEvents") {
      _ = try await $0.logs.filterLogEvents(LogQuery(group: "/aws/lambda/orders"), limit: 10)
    },
    RequestCase("filterLogEvents, all of it, in pages") {
      let query = LogQuery(
        group: "/aws/lambda/orders", streamPrefix: "2026/01/20/[3]", pattern: "?ERROR ?\"Task timed out\"",
        from: start, to: start + .minutes(5))
      _ = try await $0.logs.filterLogEvents(query, limit: 100_000)
    }.inPages(),
  ]

  private static let schedules: [RequestCase] = {
    let least = Schedule(
      name: "step", expression: "rate(1 minutes)",
      targetARN: "arn:aws:lambda:eu-central-1:123456789012:function:orders",
      roleARN: "arn:aws:iam::123456789012:role/scheduler", input: "{}", deletesItself: false)
    let most = Schedule(
      name: "lamctl-orders.live_1", group: "releases", expression: "at(2026-01-20T10:00:00)",
      timeZone: "Europe/Berlin", targetARN: "arn:aws:lambda:eu-central-1:123456789012:function:orders:live",
      roleARN: "arn:aws:iam::123456789012:role/lamctl/scheduler", input: "{\"a\": \"é\"}",
      description: "the next step", deletesItself: true)
    var idle = least
    idle.name = "idle"
    idle.isEnabled = false
    return [least, most, idle].flatMap { schedule in
      [
        RequestCase("createSchedule \(schedule.name)") { try await $0.scheduler.createSchedule(schedule) },
        RequestCase("updateSchedule \(schedule.name)") { try await $0.scheduler.updateSchedule(schedule) },
        RequestCase("getSchedule \(schedule.name)") {
          _ = try await $0.scheduler.getSchedule(name: schedule.name, group: schedule.group)
        },
        RequestCase("deleteSchedule \(schedule.name)") {
          try await $0.scheduler.deleteSchedule(name: schedule.name, group: schedule.group)
        },
      ]
    }
  }()
}

/// Uploads of a file.
enum ObjectRequests {
  private static let owner = "123456789012"

  /// - Parameter file: more than 5 MB long.
  static func all(file: String) -> [RequestCase] {
    [
      RequestCase("headObject") { _ = try await $0.s3.headObject(bucket: "packages", key: "a b/é+.zip") },
      RequestCase("headObject, with an owner") {
        _ = try await $0.s3.headObject(bucket: "pack.ages", key: "a//../b.zip", expectedOwner: owner)
      },
      RequestCase("bucketRegion") { _ = try await $0.s3.bucketRegion("packages") },
      RequestCase("bucketRegion, with an owner") {
        _ = try await $0.s3.bucketRegion("packages", expectedOwner: owner)
      },
      RequestCase("getObject") {
        _ = try await $0.s3.getObject(bucket: "packages", key: "a b/é+.json", limit: 1 << 20)
      },
      RequestCase("getObject, into a file, with an owner") {
        _ = try await $0.s3.getObject(
          bucket: "packages", key: "a.zip", to: file + ".got", limit: 1 << 20, expectedOwner: owner)
      },
      RequestCase("putObject") {
        _ = try await $0.s3.putObject(
          Array("{}".utf8), bucket: "packages", key: "a b.json", contentType: "application/json",
          replaces: true)
      },
      RequestCase("putObject, only where none is, with an owner") {
        _ = try await $0.s3.putObject(
          [], bucket: "packages", key: "a.json", contentType: "application/json", replaces: false,
          expectedOwner: owner)
      },
      RequestCase("upload") { _ = try await $0.s3.upload(file: file, bucket: "packages", key: "a b.zip") },
      RequestCase("upload, with an owner") {
        _ = try await $0.s3.upload(file: file, bucket: "packages", key: "a.zip", expectedOwner: owner)
      },
      parts(file, owner: nil), parts(file, owner: owner),
      RequestCase("upload in parts that fails") { aws in
        await #expect(throws: AWSError.self) {
          try await aws.s3.upload(
            file: file, bucket: "packages", key: "a.zip", expectedOwner: owner, threshold: 1 << 20,
            partSize: 5 << 20)
        }
      }.refusing("PUT", "partNumber=2"),
    ]
  }

  private static func parts(_ file: String, owner: String?) -> RequestCase {
    RequestCase("upload in parts\(owner == nil ? "" : ", with an owner")") {
      _ = try await $0.s3.upload(
        file: file, bucket: "packages", key: "a b/é.zip", expectedOwner: owner, threshold: 1 << 20,
        partSize: 5 << 20)
    }
  }
}

/// Searches for credentials that ask services.
enum CredentialRequests {
  private static let role = "arn:aws:iam::123456789012:role/deploy"

  /// - Parameter home: a folder with the files that ``files`` names.
  static func all(home: String) -> [RequestCase] {
    let roles: [(String, [String: String])] = [
      (
        "a token in a file",
        ["AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": "\(home)/token"]
      ),
      (
        "a token in a file, with a session name",
        [
          "AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": "\(home)/token",
          "AWS_ROLE_SESSION_NAME": "run-1@ci",
        ]
      ),
      ("a role", ["AWS_PROFILE": "plain"]), ("a role, all of it", ["AWS_PROFILE": "full"]),
      ("a sign-in session", ["AWS_PROFILE": "signed-in"]),
      ("a sign-in session to renew", ["AWS_PROFILE": "over"]),
    ]
    return roles.map { name, variables in
      let environment = variables.merging(["HOME": home]) { $1 }
      return RequestCase(name) { _ = try await $0.sts.getCallerIdentity() }.with(environment)
    }
  }

  /// What the searches read below their home folder.
  static let files = [
    "token": "e30.e30.e30",
    ".aws/credentials": "[keys]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n",
    ".aws/config": """
    [profile plain]
    role_arn = \(role)
    source_profile = keys
    [profile full]
    role_arn = \(role)
    source_profile = keys
    external_id = shop:1/2
    role_session_name = run-1@ci
    duration_seconds = 3600
    [profile signed-in]
    sso_session = shop
    sso_account_id = 123456789012
    sso_role_name = Deploy
    [profile over]
    sso_session = old
    sso_account_id = 123456789012
    sso_role_name = Deploy
    [sso-session shop]
    sso_start_url = https://example.awsapps.com/start
    sso_region = eu-west-1
    [sso-session old]
    sso_start_url = https://example.awsapps.com/start
    sso_region = eu-west-1
    """,
    ".aws/sso/cache/\(SHA1.hex(of: "shop")).json":
      "{\"accessToken\": \"bearer\", \"expiresAt\": \"2099-01-01T00:00:00Z\"}",
    ".aws/sso/cache/\(SHA1.hex(of: "old")).json": """
    {"accessToken": "bearer", "expiresAt": "2020-01-01T00:00:00Z", "refreshToken": "again",
     "clientId": "client", "clientSecret": "secret", "registrationExpiresAt": "2099-01-01T00:00:00Z"}
    """,
  ]
}
