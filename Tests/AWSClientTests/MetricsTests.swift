import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("CloudWatch and STS")
struct MetricsTests {
  private func query(_ id: String) -> MetricQuery {
    MetricQuery(
      id: id, namespace: "AWS/Lambda", metric: "Errors",
      dimensions: [("FunctionName", "f"), ("Resource", "f:live"), ("ExecutedVersion", "3")], statistic: "Sum",
      period: 60)
  }

  @Test("a query names metric, dimensions, statistic and period, times are seconds")
  func request() async throws {
    let server = try LoopbackServer(.json(200, #"{"MetricDataResults":[]}"#))
    let series = try await AWS.testing(server).cloudWatch.getMetricData(
      [query("a")], from: Timestamp(seconds: 60), to: Timestamp(seconds: 120))
    let request = try #require(server.requests.first)
    #expect(request["X-Amz-Target"] == "GraniteServiceVersion20100801.GetMetricData")
    #expect(request["Content-Type"] == "application/x-amz-json-1.0")
    #expect(request["Authorization"]?.contains("/monitoring/aws4_request") == true)
    #expect(
      request.json
        == [
          "MetricDataQueries": [
            [
              "Id": "a", "ReturnData": true,
              "MetricStat": [
                "Metric": [
                  "Namespace": "AWS/Lambda", "MetricName": "Errors",
                  "Dimensions": [
                    ["Name": "FunctionName", "Value": "f"], ["Name": "Resource", "Value": "f:live"],
                    ["Name": "ExecutedVersion", "Value": "3"],
                  ],
                ], "Period": 60, "Stat": "Sum",
              ],
            ]
          ], "StartTime": 60, "EndTime": 120, "ScanBy": "TimestampAscending",
        ])
    #expect(series.map(\.status) == [.other("no answer")])
  }

  @Test("pages are joined by id, ascending, with the last status")
  func pages() async throws {
    let server = try LoopbackServer(
      .json(
        200,
        #"{"MetricDataResults":[{"Id":"a","StatusCode":"PartialData","Timestamps":[180,120],"Values":[3,2]},"#
          + #"{"Id":"b","StatusCode":"Forbidden"}],"NextToken":"t"}"#),
      .json(
        200,
        #"{"MetricDataResults":[{"Id":"a","StatusCode":"Complete","Timestamps":[6E1],"Values":[1.5]},"#
          + #"{"Id":"c","StatusCode":"Brand New","Timestamps":[],"Values":[]}]}"#))
    let series = try await AWS.testing(server).cloudWatch.getMetricData(
      [query("c"), query("a"), query("b")], from: Timestamp(seconds: 0), to: Timestamp(seconds: 300))
    #expect(series.map(\.id) == ["c", "a", "b"])
    #expect(series.map(\.status) == [.other("Brand New"), .complete, .forbidden])
    #expect(series[1].points.map(\.time.seconds) == [60, 120, 180])
    #expect(series[1].points.map(\.value) == [1.5, 2, 3])
    #expect(server.requests.last?.json?["NextToken"] == "t")
  }

  @Test("more than 500 queries go out in several requests")
  func split() async throws {
    let server = try LoopbackServer(.json(200, #"{"MetricDataResults":[]}"#))
    let series = try await AWS.testing(server).cloudWatch.getMetricData(
      (0..<1001).map { query("q\($0)") }, from: Timestamp(seconds: 0), to: Timestamp(seconds: 60))
    #expect(series.count == 1001)
    let counts = server.requests.map { $0.bodyText.split(separator: "\"MetricStat\"").count - 1 }
    #expect(counts == [500, 500, 1])
  }

  @Test("alarms are read, composite ones too")
  func alarms() async throws {
    let server = try LoopbackServer(
      .json(
        200,
        #"{"MetricAlarms":[{"AlarmName":"a","StateValue":"ALARM","StateUpdatedTimestamp":60}],"#
          + #""CompositeAlarms":[{"AlarmName":"b","StateValue":"OK"}]}"#))
    let alarms = try await AWS.testing(server).cloudWatch.describeAlarms(names: ["a", "b"])
    #expect(alarms.map(\.state) == ["ALARM", "OK"])
    #expect(alarms.first?.since == Timestamp(seconds: 60))
    #expect(server.requests.first?.json?["AlarmTypes"] == ["MetricAlarm", "CompositeAlarm"])
  }

  @Test("the caller's identity is read from XML")
  func identity() async throws {
    let server = try LoopbackServer(
      .answer(
        200,
        """
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
        <Arn>arn:aws:iam::123456789012:user/a&amp;b</Arn><UserId>U</UserId><Account>123456789012</Account>
        </GetCallerIdentityResult></GetCallerIdentityResponse>
        """))
    let identity = try await AWS.testing(server).sts.getCallerIdentity()
    #expect(
      identity
        == CallerIdentity(account: "123456789012", arn: "arn:aws:iam::123456789012:user/a&b", userID: "U"))
    #expect(server.requests.first?.bodyText == "Action=GetCallerIdentity&Version=2011-06-15")
  }
}
