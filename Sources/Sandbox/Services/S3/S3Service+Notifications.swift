internal import Core

extension S3Service {
  /// Something that happened to an object.
  struct Happening: Sendable {
    /// `ObjectCreated:Put` and the like.
    var event: String
    var bucket: String
    var key: String
    /// Nil for what is gone.
    var size: Int?
    var tag: String?
    /// As EventBridge names the operation.
    var reason: String
  }

  func getNotifications(_ bucket: String) -> HTTPResponse {
    HTTPResponse(
      status: 200, headers: ["content-type": "application/xml"], body: Array(notifications[bucket].xml.utf8))
  }

  func putNotifications(_ bucket: String, _ request: HTTPRequest) throws(ServiceError) -> HTTPResponse {
    let configuration: NotificationConfiguration
    do throws(NotificationConfiguration.Fault) {
      configuration = try NotificationConfiguration(parsing: request.body, newID: Identifier.uuid)
    } catch {
      throw Self.answer(error)
    }
    let origin = origin(bucket)
    if request.headers["x-amz-skip-destination-validation"]?.lowercased() != "true" {
      for entry in configuration.entries {
        do throws(ServiceError) {
          try routes.admit(origin, at: entry.arn)
        } catch {
          throw ServiceError(
            400, "InvalidArgument", "Unable to validate the following destination configurations")
        }
      }
    }
    do throws(SystemError) {
      try notifications.put(configuration, for: bucket)
    } catch {
      throw ServiceError(500, "InternalError", "The sandbox \(error)")
    }
    for entry in configuration.entries where entry.kind != .function { test(entry, bucket) }
    return HTTPResponse(status: 200)
  }

  private static func answer(_ fault: NotificationConfiguration.Fault) -> ServiceError {
    let invalid = { (message: String) in ServiceError(400, "InvalidArgument", message) }
    return switch fault {
    case .malformed:
      ServiceError(
        400, "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema")
    case .event: invalid("The event is not supported for notifications")
    case .filter(let reason): invalid(reason)
    case .doubledID: invalid("Configurations must have unique ids")
    case .overlap:
      invalid("Configurations overlap. Configurations on the same bucket cannot share a common event type.")
    }
  }

  private func origin(_ bucket: String) -> EventOrigin {
    EventOrigin(service: "s3.amazonaws.com", sourceARN: "arn:aws:s3:::\(bucket)")
  }

  /// S3 sends this to queues and topics, whoever they belong to, whenever a bucket's notifications are set.
  private func test(_ entry: NotificationConfiguration.Entry, _ bucket: String) {
    let event: JSON = [
      "Service": "Amazon S3", "Event": "s3:TestEvent", "Time": .string(clock.now().iso8601),
      "Bucket": .string(bucket), "RequestId": .string(Identifier.uuid()),
      "HostId": .string(Identifier.uuid()),
    ]
    send(event, to: entry.arn, bucket)
  }

  /// Tells everybody who wants to know.
  func tell(_ happening: Happening) {
    let configuration = notifications[happening.bucket]
    let now = clock.now()
    // In the order of time, as S3 promises for one key.
    let sequencer = Hex.encode(withUnsafeBytes(of: UInt64(max(0, now.seconds) * 1e6).bigEndian) { Array($0) })
      .uppercased()
    for entry in configuration.entries where entry.isTold(of: happening.event, key: happening.key) {
      let record = record(happening, entry, sequencer, at: now)
      send(["Records": [record]], to: entry.arn, happening.bucket)
    }
    if configuration.usesEventBridge { send(bridged(happening, sequencer, at: now), happening.bucket) }
  }

  private func record(
    _ happening: Happening, _ entry: NotificationConfiguration.Entry, _ sequencer: String, at now: Timestamp
  ) -> JSON {
    // Spaces are plus signs, all else is percent-encoded: whoever takes the key as it is finds no object.
    let key = Percent.encode(happening.key.utf8, keepSlash: true).replacing("%20", with: "+")
    var object = JSONObject([("key", .string(key))])
    object["size"] = happening.size.map(JSON.int)
    object["eTag"] = happening.tag.map(JSON.string)
    object["sequencer"] = .string(sequencer)
    let bucket: JSON = [
      "name": .string(happening.bucket), "ownerIdentity": ["principalId": .string(arns.account)],
      "arn": .string("arn:aws:s3:::\(happening.bucket)"),
    ]
    let s3: JSON = [
      "s3SchemaVersion": "1.0", "configurationId": .string(entry.id), "bucket": bucket,
      "object": .object(object),
    ]
    return [
      "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": .string(arns.region),
      "eventTime": .string(now.iso8601), "eventName": .string(happening.event),
      "userIdentity": ["principalId": .string("AWS:\(arns.account)")],
      "requestParameters": ["sourceIPAddress": "127.0.0.1"],
      "responseElements": ["x-amz-request-id": .string(Identifier.uuid())], "s3": s3,
    ]
  }

  /// The event of EventBridge, in which keys are as they are.
  private func bridged(_ happening: Happening, _ sequencer: String, at now: Timestamp) -> JSON {
    var object = JSONObject([("key", .string(happening.key)), ("sequencer", .string(sequencer))])
    object["size"] = happening.size.map(JSON.int)
    object["etag"] = happening.tag.map(JSON.string)
    let isNew = happening.event.hasPrefix("ObjectCreated:")
    var detail = JSONObject([
      ("version", "0"), ("bucket", ["name": .string(happening.bucket)]), ("object", .object(object)),
      ("request-id", .string(Identifier.uuid())), ("requester", .string(arns.account)),
      ("source-ip-address", "127.0.0.1"), ("reason", .string(happening.reason)),
    ])
    if !isNew { detail["deletion-type"] = "Permanently Deleted" }
    return [
      "version": "0", "id": .string(Identifier.uuid()),
      "detail-type": .string(isNew ? "Object Created" : "Object Deleted"), "source": "aws.s3",
      "account": .string(arns.account), "time": .string(now.iso8601), "region": .string(arns.region),
      "resources": [.string("arn:aws:s3:::\(happening.bucket)")], "detail": .object(detail),
    ]
  }

  private func send(_ event: JSON, _ bucket: String) {
    send(event, to: arns.arn("events", "event-bus/default"), bucket)
  }

  private func send(_ event: JSON, to arn: String, _ bucket: String) {
    do throws(ServiceError) {
      try routes.send(Array(event.text().utf8), to: arn, from: origin(bucket))
    } catch {
      log("s3 \(bucket) to \(arn) \(error.status) \(error.code): \(error.message)")
    }
  }
}
