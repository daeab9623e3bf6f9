internal import Core

/// Makes sense of error answers: JSON, XML, header-only and plain text, and pages that are not AWS's.
struct FaultReader {
  let service: AWSService
  let operation: String
  let resource: String
  let endpoint: String
  /// What must not be shown of what the service says.
  let secrets: Secrets

  /// Errors are short; of what is longer the beginning will do.
  private static let longestBody = 256 << 10
  private static let longestID = 128

  func fault(in response: HTTPResponse) -> ServiceFault {
    let body = Array(response.body.prefix(Self.longestBody))
    let text = String(decoding: body, as: UTF8.self)
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
      requestID =
        requestID ?? (XML.text(of: "RequestId", in: text) ?? XML.text(of: "RequestID", in: text)).map(Self.id)
    } else if let object = (try? JSON(parsing: body))?.object {
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
      code: String(PlainText.line(known).prefix(Self.longestID)),
      message: ForeignText(Self.withoutEcho(message), hiding: secrets), requestID: requestID ?? "",
      isRetryable: Self.isRetryable(known, status, message), isHTML: isHTML,
      region: region.flatMap(Self.region))
  }

  /// `message` up to where AWS quotes the request back: the session token among its headers, or all variables of a
  /// function.
  private static func withoutEcho(_ message: String) -> String {
    let echoes = [
      "The Canonical String for this request should have been", "The String-to-Sign should have been",
      "The canonical string for this request", "String measured:",
    ]
    let cut = echoes.compactMap { message.firstRange(of: $0)?.lowerBound }.min()
    guard let cut else { return message }
    return message[..<cut].trimmed + " (what AWS quotes of the request is left out)"
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
    (headers["x-amzn-RequestId"] ?? headers["x-amz-request-id"] ?? headers["x-amz-requestid"]).map(id)
  }

  /// As much of a request id as can be one.
  private static func id(_ text: String) -> String { String(PlainText.line(text).prefix(longestID)) }

  /// The region that an answer names becomes a part of host names.
  private static func region(_ text: String) -> String? {
    let isName = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isName && (1...32).contains(text.utf8.count) ? text : nil
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
