import Core
import Testing

@testable import AWSClient

@Suite("Errors")
struct ErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var service = AWSService.lambda
    let status: Int
    var headers: [(String, String)] = []
    let body: String
    let code: String
    let message: String
    var requestID = ""
    var isRetryable = false
    var isHTML = false

    var testDescription: String { name }
  }

  private static let cases: [Case] = [
    Case(
      name: "type in a header, lower-case message", status: 409,
      headers: [("x-amzn-ErrorType", "ResourceConflictException"), ("x-amzn-RequestId", "r-1")],
      body: #"{"Type":"User","message":"busy"}"#, code: "ResourceConflictException", message: "busy",
      requestID: "r-1"),
    Case(
      name: "upper-case message", status: 404, headers: [("X-Amzn-Errortype", "ResourceNotFoundException")],
      body: #"{"Type":"User","Message":"gone"}"#, code: "ResourceNotFoundException", message: "gone"),
    Case(
      name: "type followed by a URL", status: 429,
      headers: [("x-amzn-ErrorType", "TooManyRequestsException:http://internal.amazon.com/coral/")],
      body: #"{"message":"Rate exceeded"}"#, code: "TooManyRequestsException", message: "Rate exceeded",
      isRetryable: true),
    Case(
      name: "type with a namespace in the body", service: .cloudWatch, status: 400,
      body: ##"{"__type":"com.amazon.coral.validate#ValidationException","message":"no"}"##,
      code: "ValidationException", message: "no"),
    Case(
      name: "code in the body", status: 400, body: #"{"code":"SomeCode","message":"no"}"#, code: "SomeCode",
      message: "no"),
    Case(
      name: "header only", status: 403, headers: [("x-amzn-errortype", "AccessDeniedException")], body: "",
      code: "AccessDeniedException", message: ""),
    Case(name: "nothing at all", status: 503, body: "", code: "HTTP 503", message: "", isRetryable: true),
    Case(
      name: "plain text", status: 400, body: "Bad thing\n", code: "HTTP 400", message: "Bad thing"),
    Case(
      name: "query XML", service: .sts, status: 403,
      body: """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>a &lt;b&gt; &amp; &#39;c&#x27;</Message></Error>
          <RequestId>r-2</RequestId>
        </ErrorResponse>
        """, code: "ExpiredToken", message: "a <b> & 'c'", requestID: "r-2"),
    Case(
      name: "S3 XML", service: .s3, status: 503,
      body:
        "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>less</Message><RequestId>r</RequestId></Error>",
      code: "SlowDown", message: "less", requestID: "r", isRetryable: true),
    Case(
      name: "S3 without a body", service: .s3, status: 404, headers: [("x-amz-request-id", "r")], body: "",
      code: "NoSuchKey", message: "", requestID: "r"),
    Case(
      name: "page of a proxy", status: 502,
      body: "<html>\n<head><title>502 Bad Gateway</title></head><body>nginx</body></html>", code: "HTTP 502",
      message: "502 Bad Gateway", isRetryable: true, isHTML: true),
    Case(
      name: "page with a document type", status: 403, body: "<!DOCTYPE html><html></html>", code: "HTTP 403",
      message: "", isHTML: true),
    Case(
      name: "throttle in disguise", status: 400,
      headers: [("x-amzn-ErrorType", "InvalidParameterValueException")],
      body: #"{"message":"throttled by EC2. EC2 Error Code: RequestLimitExceeded."}"#,
      code: "InvalidParameterValueException",
      message: "throttled by EC2. EC2 Error Code: RequestLimitExceeded.",
      isRetryable: true),
    Case(
      name: "broken JSON", status: 500, body: #"{"message":"#, code: "HTTP 500", message: #"{"message":"#,
      isRetryable: true),
  ]

  @Test("every form of error answer is understood", arguments: cases)
  func forms(_ sample: Case) {
    let fault = fault(sample.service, sample.status, sample.headers, sample.body)
    #expect(fault.code == sample.code)
    #expect(fault.message.description == sample.message)
    #expect(fault.requestID == sample.requestID)
    #expect(fault.isRetryable == sample.isRetryable)
    #expect(fault.isHTML == sample.isHTML)
  }

  @Test(
    "the conflicts of Lambda are told apart",
    arguments: [
      ("The operation cannot be performed at this time. An update is in progress for resource: arn", .busy),
      ("... The function is currently in the following state: Pending", .busy),
      ("The resource ARN is currently in the following state: 'Pending'. StateReasonCode: 'Creating'", .busy),
      ("Function already exist: f", .alreadyExists),
      ("Alias already exists: arn:live", .alreadyExists),
      (
        "Unable to delete version because the following aliases reference it: [live, next]",
        .referenced(by: ["live", "next"])
      ),
      ("Something new", .other),
    ] as [(String, ServiceFault.Conflict)])
  func conflicts(message: String, expected: ServiceFault.Conflict) {
    let fault = fault(
      .lambda, 409, [("x-amzn-ErrorType", "ResourceConflictException")], "{\"message\":\"\(message)\"}")
    #expect(AWSError.service(fault).conflict == expected)
    #expect(AWSError.service(fault).isConflict)
    #expect(!AWSError.service(fault).isRetryable)
  }

  @Test("a denial names the action, the resource and who asked")
  func denial() throws {
    let arn = "arn:aws:lambda:eu-central-1:123456789012:function:orders"
    let message =
      "User: arn:aws:sts::123456789012:assumed-role/ci/x is not authorized to perform: lambda:UpdateAlias on resource:"
      + " \(arn) because no identity-based policy allows the lambda:UpdateAlias action"
    let fault = fault(
      .lambda, 403, [("x-amzn-ErrorType", "AccessDeniedException")], "{\"Message\":\"\(message)\"}")
    let denial = try #require(fault.denial)
    #expect(denial.action == "lambda:UpdateAlias")
    #expect(denial.resource == arn)
    #expect(denial.principal == "arn:aws:sts::123456789012:assumed-role/ci/x")
    let text = "\(AWSError.service(fault))"
    #expect(text.contains("may not use lambda:UpdateAlias on \(arn)"))
  }

  @Test("a denial without details still names the operation")
  func bareDenial() {
    let fault = fault(.cloudWatch, 403, [("x-amzn-ErrorType", "AccessDenied")], "{}")
    #expect(fault.denial?.action == "cloudwatch:GetFunction")
    #expect(fault.denial?.resource == "orders")
    #expect(AWSError.service(fault).isPermission)
  }

  @Test(
    "descriptions say what to do",
    arguments: [
      (AWSError.missingRegion, "no AWS region is set"),
      (
        .noCredentials([CredentialAttempt(source: "the environment", reason: "it is empty")]),
        "the environment (it is empty)"
      ),
      (
        .transport(
          operation: "Lambda GetFunction", endpoint: "http://127.0.0.1:1", origin: "AWS_ENDPOINT_URL",
          TransportFailure(kind: .unreachable, reason: "refused", mayHaveBeenProcessed: false)),
        "http://127.0.0.1:1 (from AWS_ENDPOINT_URL): refused; is it running?"
      ),
      (
        .transport(
          operation: "Lambda UpdateAlias", endpoint: "https://x", origin: nil,
          TransportFailure(kind: .connectionLost, reason: "reset", mayHaveBeenProcessed: true)),
        "it may have been carried out all the same"
      ),
    ] as [(AWSError, String)])
  func descriptions(error: AWSError, part: String) {
    #expect("\(error)".contains(part), "\(error)")
  }

  @Test("what is missing altogether has a way to be given")
  func fixes() {
    #expect(AWSError.missingRegion.fix?.contains("AWS_REGION") == true)
    #expect(AWSError.noCredentials([]).fix?.contains("AWS_PROFILE") == true)
    #expect(AWSError.cancelled("x").fix == nil)
  }

  @Test("a page of a proxy is named as such")
  func html() {
    let fault = fault(.lambda, 502, [], "<html><title>Bad Gateway</title></html>")
    #expect("\(fault)".contains("not AWS"))
    #expect("\(fault)".contains("Bad Gateway"))
    #expect(!AWSError.service(self.fault(.lambda, 404, [], "<html></html>")).isNotFound)
  }

  private func fault(
    _ service: AWSService, _ status: Int, _ headers: [(String, String)], _ body: String
  ) -> ServiceFault {
    FaultReader(
      service: service, operation: "GetFunction", resource: "orders", endpoint: "https://example",
      secrets: Secrets()
    )
    .fault(in: HTTPResponse(status: status, headers: HTTPHeaders(headers), body: Array(body.utf8)))
  }
}
