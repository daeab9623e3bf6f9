import Core

@testable import AWSClient

/// Everything the client can ask about what calls functions.
enum TriggerRequests {
  private static let arn = "arn:aws:lambda:eu-central-1:123456789012:function:orders"
  private static let revision = "a0e2214e-0c05-4b51-8968-1ccf447a006d"
  private static let uuid = "14e0db71-5d35-4eb5-b481-8945cf9d10c2"
  private static let queue = "arn:aws:sqs:eu-central-1:123456789012:jobs"

  static let all = permissions + urls + events + mappings + apis + notifications

  private static let permissions = [
    RequestCase("getPolicy") { _ = try await $0.lambda.getPolicy("orders") },
    RequestCase("getPolicy, of an alias") { _ = try await $0.lambda.getPolicy(arn, qualifier: "live") },
    RequestCase("addPermission") {
      try await $0.lambda.addPermission(
        "orders",
        statement: [
          "StatementId": "events", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com",
        ])
    },
    RequestCase("addPermission, all of it") {
      try await $0.lambda.addPermission(
        arn, qualifier: "live",
        statement: [
          "StatementId": "url", "Action": "lambda:InvokeFunction", "Principal": "*",
          "FunctionUrlAuthType": "NONE", "InvokedViaFunctionUrl": true, "SourceAccount": "123456789012",
          "SourceArn": "arn:aws:events:eu-central-1:123456789012:rule/nightly", "EventSourceToken": "skill",
          "PrincipalOrgID": "o-0123456789", "RevisionId": .string(revision),
        ])
    },
    RequestCase("removePermission") {
      try await $0.lambda.removePermission("orders", statementID: "events")
    },
    RequestCase("removePermission, of an alias") {
      try await $0.lambda.removePermission(
        arn, statementID: "a_b-c", qualifier: "live", revisionID: revision)
    },
  ]

  private static let url: JSONObject = [
    "AuthType": "AWS_IAM", "InvokeMode": "RESPONSE_STREAM",
    "Cors": [
      "AllowCredentials": true, "AllowHeaders": ["x-a"], "AllowMethods": ["GET"],
      "AllowOrigins": ["https://example.com"], "ExposeHeaders": ["x-b"], "MaxAge": 86400,
    ],
  ]

  private static let urls = [
    RequestCase("getFunctionURL") { _ = try await $0.lambda.getFunctionURL("orders") },
    RequestCase("createFunctionURLConfig") {
      _ = try await $0.lambda.createFunctionURLConfig("orders", configuration: ["AuthType": "NONE"])
    },
    RequestCase("createFunctionURLConfig, all of it") {
      _ = try await $0.lambda.createFunctionURLConfig(arn, qualifier: "live", configuration: url)
    },
    RequestCase("updateFunctionURLConfig") {
      _ = try await $0.lambda.updateFunctionURLConfig("orders", changes: ["Cors": [:]])
    },
    RequestCase("updateFunctionURLConfig, all of it") {
      _ = try await $0.lambda.updateFunctionURLConfig(arn, qualifier: "live", changes: url)
    },
    RequestCase("deleteFunctionURLConfig") {
      try await $0.lambda.deleteFunctionURLConfig("orders")
      try await $0.lambda.deleteFunctionURLConfig(arn, qualifier: "live")
    },
    RequestCase("listFunctionURLConfigs, in pages") {
      _ = try await $0.lambda.listFunctionURLConfigs("orders")
    }.inPages(),
  ]

  private static let event: JSONObject = [
    "MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 21600,
    "DestinationConfig": [
      "OnSuccess": ["Destination": .string(arn)], "OnFailure": ["Destination": .string(queue)],
    ],
  ]

  private static let events = [
    RequestCase("getFunctionEventInvokeConfig") {
      _ = try await $0.lambda.getFunctionEventInvokeConfig("orders")
      _ = try await $0.lambda.getFunctionEventInvokeConfig(arn, qualifier: "live")
    },
    RequestCase("putFunctionEventInvokeConfig") {
      _ = try await $0.lambda.putFunctionEventInvokeConfig("orders", configuration: JSONObject())
      _ = try await $0.lambda.putFunctionEventInvokeConfig(arn, qualifier: "live", configuration: event)
    },
    RequestCase("updateFunctionEventInvokeConfig") {
      _ = try await $0.lambda.updateFunctionEventInvokeConfig("orders", changes: ["MaximumRetryAttempts": 2])
      _ = try await $0.lambda.updateFunctionEventInvokeConfig(arn, qualifier: "$LATEST", changes: event)
    },
    RequestCase("deleteFunctionEventInvokeConfig") {
      try await $0.lambda.deleteFunctionEventInvokeConfig("orders")
      try await $0.lambda.deleteFunctionEventInvokeConfig(arn, qualifier: "live")
    },
    RequestCase("listFunctionEventInvokeConfigs, in pages") {
      _ = try await $0.lambda.listFunctionEventInvokeConfigs("orders")
    }.inPages(),
  ]

  /// What CreateEventSourceMapping and UpdateEventSourceMapping have in common.
  private static let mapping: JSONObject = [
    "Enabled": true, "BatchSize": 10, "MaximumBatchingWindowInSeconds": 5, "ParallelizationFactor": 2,
    "FilterCriteria": ["Filters": [["Pattern": "{\"body\":{\"kind\":[\"order\"]}}"]]],
    "DestinationConfig": ["OnFailure": ["Destination": .string(queue)]], "MaximumRecordAgeInSeconds": -1,
    "BisectBatchOnFunctionError": true, "MaximumRetryAttempts": -1, "TumblingWindowInSeconds": 0,
    "FunctionResponseTypes": ["ReportBatchItemFailures"], "ScalingConfig": ["MaximumConcurrency": 2],
    "MetricsConfig": ["Metrics": ["EventCount"]],
    "ProvisionedPollerConfig": ["MinimumPollers": 1, "MaximumPollers": 2],
    "SourceAccessConfigurations": [["Type": "VIRTUAL_HOST", "URI": "/"]],
    "KMSKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/1",
  ]

  private static let mappings = [
    RequestCase("listEventSourceMappings") { _ = try await $0.lambda.listEventSourceMappings("orders") },
    RequestCase("listEventSourceMappings, by ARN, in pages") {
      _ = try await $0.lambda.listEventSourceMappings("\(arn):live")
    }.inPages(),
    RequestCase("listAllEventSourceMappings, in pages") {
      _ = try await $0.lambda.listAllEventSourceMappings()
    }.inPages(),
    RequestCase("getEventSourceMapping") { _ = try await $0.lambda.getEventSourceMapping(uuid) },
    RequestCase("createEventSourceMapping") {
      _ = try await $0.lambda.createEventSourceMapping([
        "FunctionName": .string("\(arn):live"), "EventSourceArn": .string(queue),
      ])
    },
    RequestCase("createEventSourceMapping, all of it") {
      let own: JSONObject = [
        "FunctionName": .string("\(arn):live"), "Topics": ["orders"], "Queues": ["jobs"],
        "StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": 1_763_704_200,
        "SelfManagedEventSource": ["Endpoints": ["KAFKA_BOOTSTRAP_SERVERS": ["broker:9092"]]],
        "SelfManagedKafkaEventSourceConfig": ["ConsumerGroupId": "orders"],
        "Tags": ["lamctl": "shop/orders/live/jobs"],
      ]
      _ = try await $0.lambda.createEventSourceMapping(mapping.merging(own))
    },
    RequestCase("updateEventSourceMapping") {
      _ = try await $0.lambda.updateEventSourceMapping(uuid, changes: ["Enabled": false])
      _ = try await $0.lambda.updateEventSourceMapping(
        uuid, changes: mapping.merging(["FunctionName": .string("\(arn):live")]))
    },
    RequestCase("deleteEventSourceMapping") { try await $0.lambda.deleteEventSourceMapping(uuid) },
    RequestCase("listTags, of a mapping") {
      _ = try await $0.lambda.listTags(
        "arn:aws:lambda:eu-central-1:123456789012:event-source-mapping:\(uuid)")
    },
  ]

  private static let apis = [
    RequestCase("getAPIs, in pages") { _ = try await $0.apiGateway.getAPIs() }.inPages(),
    RequestCase("getAPI") { _ = try await $0.apiGateway.getAPI("a1b2c3d4e5") },
    RequestCase("getRoutes, in pages") { _ = try await $0.apiGateway.getRoutes("a1b2c3d4e5") }.inPages(),
    RequestCase("getIntegrations, in pages") {
      _ = try await $0.apiGateway.getIntegrations("a1b2c3d4e5")
    }.inPages(),
    RequestCase("getStages, in pages") { _ = try await $0.apiGateway.getStages("a1b2c3d4e5") }.inPages(),
    RequestCase("createRoute, updateRoute") {
      let route: JSONObject = [
        "routeKey": "GET /orders/{id}", "target": "integrations/i1", "authorizationType": "JWT",
        "authorizerId": "auth01", "authorizationScopes": ["orders/read"],
      ]
      _ = try await $0.apiGateway.createRoute("a1b2c3d4e5", route: ["routeKey": "$default"])
      _ = try await $0.apiGateway.createRoute("a1b2c3d4e5", route: route)
      _ = try await $0.apiGateway.updateRoute("a1b2c3d4e5", routeID: "r1", changes: route)
    },
    RequestCase("deleteRoute") { try await $0.apiGateway.deleteRoute("a1b2c3d4e5", routeID: "r1") },
    RequestCase("createIntegration, updateIntegration") {
      let integration: JSONObject = [
        "integrationType": "AWS_PROXY", "integrationUri": .string("\(arn):live"), "integrationMethod": "POST",
        "payloadFormatVersion": "2.0", "timeoutInMillis": 30000, "description": "lamctl-shop-orders-live-api",
      ]
      _ = try await $0.apiGateway.createIntegration("a1b2c3d4e5", integration: integration)
      _ = try await $0.apiGateway.updateIntegration(
        "a1b2c3d4e5", integrationID: "i1", changes: ["timeoutInMillis": 50])
    },
    RequestCase("deleteIntegration") {
      try await $0.apiGateway.deleteIntegration("a1b2c3d4e5", integrationID: "i1")
    },
    RequestCase("createDeployment") {
      try await $0.apiGateway.createDeployment("a1b2c3d4e5", stage: nil)
      try await $0.apiGateway.createDeployment("a1b2c3d4e5", stage: "prod", description: "release 1")
    },
  ]

  private static let owner = "123456789012"
  private static let document = """
    <NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CloudFunctionConfiguration>\
    <Id>lamctl-shop</Id><CloudFunction>\(arn):live</CloudFunction><Event>s3:ObjectCreated:*</Event><Filter>\
    <S3Key><FilterRule><Name>prefix</Name><Value>in/</Value></FilterRule></S3Key></Filter>\
    </CloudFunctionConfiguration></NotificationConfiguration>
    """

  private static let notifications = [
    RequestCase("getBucketNotificationConfiguration") {
      _ = try await $0.s3.getBucketNotificationConfiguration(bucket: "shop-in")
      _ = try await $0.s3.getBucketNotificationConfiguration(bucket: "shop.in", expectedOwner: owner)
    },
    RequestCase("putBucketNotificationConfiguration") {
      try await $0.s3.putBucketNotificationConfiguration(Array(document.utf8), bucket: "shop-in")
      try await $0.s3.putBucketNotificationConfiguration(
        Array(document.utf8), bucket: "shop-in", expectedOwner: owner, skipsDestinationValidation: true)
    },
  ]
}
