import Core
import TestSupport
import Testing

@testable import Sandbox

@Suite("Notifications of buckets")
struct NotificationTests {
  /// A handler that keeps what it is told in a file.
  private static func keeper(_ path: String) -> String {
    """
    import json
    def handler(event, context):
        with open("\(path)", "a") as file:
            for record in event["Records"]:
                file.write(record["eventName"] + " " + record["s3"]["object"]["key"] + " " + context.function_version + "\\n")
    """
  }

  private func put(_ rehearsal: Rehearsal, _ xml: String, headers: [String: String] = [:])
    -> SandboxClient.Answer
  {
    let document =
      "<NotificationConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(xml)</NotificationConfiguration>"
    return rehearsal.client.send(
      "PUT", "/shop-in", query: "notification=", body: Array(document.utf8), headers: headers, service: "s3")
  }

  private func entry(
    _ arn: String, id: String = "a", event: String = "s3:ObjectCreated:*", suffix: String = ".csv"
  ) -> String {
    """
    <CloudFunctionConfiguration><Id>\(id)</Id><CloudFunction>\(arn)</CloudFunction><Event>\(event)</Event>
    <Filter><S3Key><FilterRule><Name>prefix</Name><Value>in/</Value></FilterRule>
    <FilterRule><Name>suffix</Name><Value>\(suffix)</Value></FilterRule></S3Key></Filter></CloudFunctionConfiguration>
    """
  }

  private static let bucket = SandboxResources(buckets: ["shop-in"])

  @Test(
    "what happens to objects reaches the alias, by events and names, with the key encoded, also after a restart"
  )
  func told() async throws {
    let folder = try TemporaryFolder()
    let log = folder.path + "/told.txt"
    let first = try Rehearsal(folder: folder, resources: Self.bucket)
    #expect(await first.installEcho("f", code: Self.keeper(log)))
    let arn = first.arn("f:live")
    let refused = put(first, entry(arn))
    #expect(refused.status == 400)
    #expect(
      String(decoding: refused.body, as: UTF8.self).contains("Unable to validate the following destination"))
    let source: JSON = ["SourceArn": "arn:aws:s3:::shop-in", "SourceAccount": .string(Rehearsal.account)]
    #expect(first.permit("f", principal: "s3.amazonaws.com", source).status == 201)
    let both = entry(arn) + entry(arn, id: "b", event: "s3:ObjectRemoved:Delete")
    #expect(put(first, both).status == 200)
    await first.server.stop()

    let second = try Rehearsal(folder: folder, resources: Self.bucket)
    let send = { (method: String, key: String) in
      second.client.send(method, "/shop-in/\(key)", body: method == "PUT" ? [1] : [], service: "s3").status
    }
    #expect(send("PUT", "in/x.csv") == 200)
    #expect(send("PUT", "out/x.csv") == 200)
    #expect(send("PUT", "in/x.txt") == 200)
    #expect(send("DELETE", "in/none.csv") == 204)
    #expect(send("DELETE", "in/x.csv") == 204)
    let copied = second.client.send(
      "PUT", "/shop-in/in/y.csv", headers: ["x-amz-copy-source": "/shop-in/in/x.txt"], service: "s3")
    #expect(copied.status == 200)
    let wanted: Set<String> = [
      "ObjectCreated:Put in/x.csv 1", "ObjectRemoved:Delete in/x.csv 1", "ObjectCreated:Copy in/y.csv 1",
    ]
    let told = { Set(second.text("told.txt").split(separator: "\n").map(String.init)) }
    #expect(await eventually { told() == wanted })
    let shown = second.client.send("GET", "/shop-in", query: "notification=", service: "s3")
    #expect(
      String(decoding: shown.body, as: UTF8.self).contains("<Id>b</Id><CloudFunction>\(arn)</CloudFunction>"))
    await second.server.stop()
  }

  @Test(
    "entries that overlap, doubled ids, unknown events, other elements and dead destinations change nothing")
  func refusals() async throws {
    try await Rehearsal.run(resources: Self.bucket) { rehearsal in
      let arn = rehearsal.arn("f:live")
      let skip = ["x-amz-skip-destination-validation": "true"]
      #expect(put(rehearsal, entry(arn), headers: skip).status == 200)
      let before = rehearsal.client.send("GET", "/shop-in", query: "notification=", service: "s3").body
      for (xml, code) in [
        (entry(arn) + entry(arn, id: "b", event: "s3:ObjectCreated:Put", suffix: "x.csv"), "InvalidArgument"),
        (entry(arn) + entry(arn, event: "s3:ObjectRemoved:*"), "InvalidArgument"),
        (entry(arn, event: "s3:Nothing"), "InvalidArgument"), ("<Other/>", "MalformedXML"),
        (entry(arn).replacing("suffix", with: "middle"), "InvalidArgument"),
        (entry(arn).replacing("suffix", with: "prefix"), "InvalidArgument"), ("<a><b></a>", "MalformedXML"),
      ] {
        let answer = put(rehearsal, xml, headers: skip)
        #expect(answer.status == 400)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("<Code>\(code)</Code>"), "\(xml)")
      }
      #expect(put(rehearsal, entry(arn)).status == 400)
      #expect(put(rehearsal, "", headers: ["x-amz-expected-bucket-owner": "111111111111"]).status == 403)
      #expect(rehearsal.client.send("GET", "/shop-in", query: "notification=", service: "s3").body == before)
      #expect(put(rehearsal, entry(arn) + entry(arn, id: "b", suffix: ".txt"), headers: skip).status == 200)
    }
  }

  @Test("spaces in keys are plus signs and all else is percent-encoded; EventBridge gets keys as they are")
  func keys() throws {
    let seen = Lock<[JSON]>([])
    let routes = EventRoutes()
    routes.register(Collector(seen: seen), for: "lambda")
    routes.register(Collector(seen: seen), for: "events")
    let folder = try TemporaryFolder()
    let state = try StateFolder.make(folder.path + "/state")
    let store = try NotificationStore(file: StateFile(folder: state, name: "n.json"))
    var configuration = NotificationConfiguration()
    configuration.usesEventBridge = true
    configuration.entries = [
      .init(
        kind: .function, id: "a", arn: "arn:aws:lambda:r:1:function:f", events: ["s3:ObjectCreated:*"],
        prefix: "",
        suffix: "")
    ]
    try store.put(configuration, for: "in")
    let now = SystemClock().now()
    let s3 = S3Service(
      objects: ObjectStore(state: state), uploads: UploadStore(state: state), notifications: store,
      routes: routes,
      arns: ARNs(region: "r", account: "1"), clock: ScaledClock(speed: 1, realAnchor: now, anchor: now),
      log: { _ in })
    s3.tell(
      .init(
        event: "ObjectCreated:Put", bucket: "in", key: "a b/ü+.csv", size: 1, tag: "t", reason: "PutObject"))
    let events = seen.withLock { $0 }
    #expect(events.first?["Records"]?.array?.first?["s3"]?["object"]?["key"] == "a+b/%C3%BC%2B.csv")
    #expect(events.last?["detail"]?["object"]?["key"] == "a b/ü+.csv")
    #expect(events.last?["detail-type"] == "Object Created")
  }

  private struct Collector: EventReceiver {
    let seen: Lock<[JSON]>

    func receive(_ event: [UInt8], at arn: String, from origin: EventOrigin) throws(ServiceError) {
      let json = (try? JSON(parsing: event)) ?? .null
      seen.withLock { $0.append(json) }
    }

    func admit(_ origin: EventOrigin, at arn: String) throws(ServiceError) {}
  }
}
