import Core
import Testing

@testable import AWSClient
@testable import lamctl

@Suite("Findings of the doctor")
struct FindingTests {
  private static func fault(_ code: String, _ message: String, status: Int = 403) -> AWSError {
    .service(
      ServiceFault(
        service: .lambda, operation: "GetAlias", resource: "orders:prod", endpoint: "https://lambda.example",
        status: status, code: code, message: ForeignText(message), requestID: "r-1", isRetryable: false,
        isHTML: false,
        region: nil))
  }

  @Test("a refused action is named with its resource and who asked")
  func denial() {
    let error = Self.fault(
      "AccessDeniedException",
      "User: arn:aws:iam::1:role/ci is not authorized to perform: lambda:GetAlias on resource: arn:orders because …"
    )
    let finding = DoctorFinding.bad("lambda:GetAlias", error)
    #expect(finding.grade == .bad && finding.isPermission)
    #expect(finding.fix == "allow lambda:GetAlias on arn:orders in the IAM policy of arn:aws:iam::1:role/ci")
  }

  @Test(
    "the exit code is 77 for credentials and permissions, 1 for anything else that fails, 0 for warnings",
    arguments: [
      (AWSError.noCredentials([]), ExitCode.permission),
      (.brokenCredentials(source: "the profile", reason: "it is empty"), .permission),
      (fault("AccessDeniedException", "no"), .permission),
      (fault("ExpiredTokenException", "over"), .permission),
      (fault("ServiceException", "oh", status: 500), .failed),
      (.malformedAnswer(operation: "x", endpoint: "y", reason: "z"), .failed),
      (.missingRegion, .failed),
    ])
  func exitCodes(error: AWSError, code: ExitCode) throws {
    let warning = DoctorFinding.warning("clock", "off", fix: "set it")
    #expect([DoctorFinding.good("region", "x"), warning].exitCode == .done)
    let finding = DoctorFinding.bad("check", error)
    #expect([warning, finding].exitCode == code)
    #expect(try !#require(finding.fix).isEmpty)
  }

  @Test("lines carry the grade first, the fix below, and nothing that steers a terminal")
  func lines() {
    let warning = DoctorFinding.warning("clock", "off\nby \u{1B}[31m9 s", fix: "set\nit")
    let lines = warning.lines(width: 7, style: .plain)
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("WARN  clock    off by "))
    #expect(!lines[0].contains("\u{1B}"))
    #expect(lines[1] == "               fix: set it")
    #expect(DoctorFinding.good("a", "b").lines(width: 3, style: .plain) == ["OK    a    b"])
  }

  @Test("what was not tried is said once a reason, action by action, and is null in JSON")
  func untried() {
    let permissions = [
      Permission(action: "lambda:GetAlias", sight: .worked("seen to work")),
      Permission(action: "lambda:UpdateAlias", sight: .untried(Permission.wouldWrite)),
      Permission(action: "lambda:PublishVersion", sight: .untried(Permission.wouldWrite)),
    ]
    let findings = Permission.untried(permissions)
    #expect(findings.count == 1)
    #expect(
      findings[0].text == "not tried, because it would write: lambda:UpdateAlias, lambda:PublishVersion")
    #expect(permissions.map { $0.json["seen"] } == [true, .null, .null])
  }

  @Test("of a key's id only the ends are shown, and of a short one only its beginning")
  func masked() {
    #expect(Examination.masked("AKIAIOSFODNN7EXAMPLE") == "AKIA…MPLE")
    #expect(Examination.masked("sandbox") == "sandbox", "that of every sandbox")
    #expect(Examination.masked("test-key") == "te…")
    #expect(Examination.masked("") == "…")
  }
}
