internal import Core

/// Makes sense of error answers: JSON, XML, header-only and plain text, and pages that are not AWS's.
struct FaultReader {
  let service: AWSService
  let operation: String
  let resource: String
  let endpoint: String

  func fault(in response: HTTPResponse) -> ServiceFault {
    let text = response.bodyText
    let start = text.prefix(512).trimmed.lowercased()
    let isHTML = start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
    var code = response.headers["x-amzn-ErrorType"].map(Self.bare)
    var message = ""
    var requestID = Self.requestID(response.headers)
    var region = response.headers["x-amz-bucket-region"]
    if isHTML {
      message = XML.text(of: "title", in: text) ?? ""
    } else if start.hasPrefix("<") {
      code = code ?? XML.text(of: "Code", in: text)
      message = XML.text(of: "Message", in: text) ?? ""
      region = region ?? XML.text(of: "Region", in: text)
      requestID = requestID ?? XML.text(of: "RequestId", in: text) ?? XML.text(of: "RequestID", in: text)
    } else if let object = (try? JSON(parsing: response.body))?.object {
      let inner = object["Error"]?.object ?? object
      code = code ?? Self.code(inner)
      message = inner["message"]?.string ?? inner["Message"]?.string ?? object["errorMessage"]?.string ?? ""
      if message.isEmpty { message = object["error_description"]?.string ?? "" }
    } else {
      message = String(text.prefix(300)).trimmed
    }
    let status = response.status
    let known = code.flatMap { $0.isEmpty ? nil : $0 } ?? Self.code(forStatus: status, service)
    return ServiceFault(
      service: service, operation: operation, resource: resource, endpoint: endpoint, status: status,
      code: known,
      message: message, requestID: requestID ?? "", isRetryable: Self.isRetryable(known, status, message),
      isHTML: isHTML,
      region: region)
  }

  /// Whether a body is an error, whatever the status says.
  func isErrorDocument(_ response: HTTPResponse) -> Bool {
    var text = Substring(response.bodyText).drop(while: \.isWhitespace)
    if text.hasPrefix("<?"), let end = text.firstRange(of: "?>") {
      text = text[end.upperBound...].drop(while: \.isWhitespace)
    }
    return text.hasPrefix("<Error>")
  }

  static func requestID(_ headers: HTTPHeaders) -> String? {
    headers["x-amzn-RequestId"] ?? headers["x-amz-request-id"] ?? headers["x-amz-requestid"]
  }

  /// `com.amazonaws.lambda#X` and `X:http://internal…` are both X.
  private static func bare(_ type: String) -> String {
    let name = type.prefix { $0 != ":" }
    return name.split(separator: "#").last.map { $0.trimmed } ?? ""
  }

  private static func code(_ object: JSONObject) -> String? {
    for key in ["__type", "code", "Code", "error"] {
      if let text = object[key]?.string, !text.isEmpty { return bare(text) }
    }
    return nil
  }

  /// HEAD answers of S3 have no body: only the status speaks.
  private static func code(forStatus status: Int, _ service: AWSService) -> String {
    guard service == .s3 else { return "HTTP \(status)" }
    switch status {
    case 301: return "PermanentRedirect"
    case 307: return "TemporaryRedirect"
    case 400: return "BadRequest"
    case 403: return "AccessDenied"
    case 404: return "NoSuchKey"
    case 412: return "PreconditionFailed"
    case 503: return "SlowDown"
    default: return "HTTP \(status)"
    }
  }

  private static func isRetryable(_ code: String, _ status: Int, _ message: String) -> Bool {
    RetryableCodes.statuses.contains(status) || RetryableCodes.throttling.contains(code)
      || RetryableCodes.transient.contains(code)
      || (code == "InvalidParameterValueException" && message.contains("RequestLimitExceeded"))
  }
}
