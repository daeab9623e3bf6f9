internal import Core

/// The wire format of a request, in which its answer is given too.
enum ServiceProtocol: Sendable {
  /// REST with JSON: Lambda.
  case rest
  /// The same, where errors are a text and nothing else, in a member of this name: Scheduler, API Gateway.
  case plainRest(message: String)
  /// REST with XML: S3.
  case restXML
  /// `X-Amz-Target` with JSON of this version.
  case json(version: String, queryMode: Bool)
  /// Smithy RPC v2 with CBOR.
  case cbor(queryMode: Bool)
  /// Forms and XML, in this namespace.
  case query(namespace: String)

  init(service: String?, request: HTTPRequest) {
    let queryMode = request.headers["x-amzn-query-mode"] == "true"
    if request.headers["smithy-protocol"] == "rpc-v2-cbor" {
      self = .cbor(queryMode: queryMode)
    } else if request.headers["x-amz-target"] != nil {
      let type = request.headers["content-type"] ?? ""
      self = .json(version: type.hasSuffix("1.0") ? "1.0" : "1.1", queryMode: queryMode)
    } else if service == "s3" {
      self = .restXML
    } else if service == "scheduler" {
      self = .plainRest(message: "Message")
    } else if service == "apigateway" {
      self = .plainRest(message: "message")
    } else if request.headers["content-type"]?.hasPrefix("application/x-www-form-urlencoded") == true {
      self = .query(namespace: Self.namespace(of: service))
    } else {
      self = .rest
    }
  }

  /// The XML namespace of a service that speaks the query protocol; errors without a service are STS's.
  private static func namespace(of service: String?) -> String {
    switch service {
    case "monitoring": "http://monitoring.amazonaws.com/doc/2010-08-01/"
    case "sns": "http://sns.amazonaws.com/doc/2010-03-31/"
    default: "https://sts.amazonaws.com/doc/2011-06-15/"
    }
  }

  /// The operation's name and its input, for the protocols that name it.
  static func call(in request: HTTPRequest) throws(ServiceError) -> (name: String, input: JSON) {
    if request.headers["smithy-protocol"] == "rpc-v2-cbor" {
      do throws(CBOR.Malformed) {
        return (request.segments.last ?? "", try CBOR.decode(request.body))
      } catch {
        throw ServiceError(400, "SerializationException", "The body is not CBOR")
      }
    }
    if let target = request.headers["x-amz-target"] {
      let name = String(target.split(separator: ".").last ?? "")
      guard !request.body.isEmpty else { return (name, .object(JSONObject())) }
      do throws(JSONSyntaxError) {
        return (name, try JSON(parsing: request.body))
      } catch {
        throw ServiceError(400, "SerializationException", "The body is not JSON: \(error)")
      }
    }
    let form =
      try QueryForm.decode(request.method == "GET" ? Array(request.query.utf8) : request.body)
    guard let name = form["Action"]?.string else {
      throw ServiceError(400, "MissingAction", "Missing Action")
    }
    return (name, form)
  }

  /// A success.
  func response(_ value: WireValue, operation: String) -> HTTPResponse {
    switch self {
    case .rest, .plainRest, .restXML: return HTTPResponse(status: 200, body: Array(value.json.text().utf8))
    case .json(let version, _):
      return HTTPResponse(
        status: 200, headers: ["content-type": "application/x-amz-json-\(version)"],
        body: Array(value.json.text().utf8))
    case .cbor:
      return HTTPResponse(
        status: 200, headers: ["content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"],
        body: CBOR.encode(value))
    case .query(let namespace):
      let text =
        "<\(operation)Response xmlns=\"\(namespace)\"><\(operation)Result>\(value.xml)</\(operation)Result>"
        + "<ResponseMetadata><RequestId>\(Identifier.uuid())</RequestId></ResponseMetadata></\(operation)Response>"
      return HTTPResponse(status: 200, headers: ["content-type": "text/xml"], body: Array(text.utf8))
    }
  }

  /// A failure.
  func response(_ error: ServiceError) -> HTTPResponse {
    var headers = error.headers
    let queryCode = error.queryCode ?? error.code
    var isQueryMode = false
    switch self {
    case .rest, .plainRest:
      headers.add("content-type", "application/json")
      headers.add("x-amzn-errortype", error.code)
      return HTTPResponse(status: error.status, headers: headers, body: restBody(error))
    case .json(let version, let queryMode):
      isQueryMode = queryMode
      headers.add("content-type", "application/x-amz-json-\(version)")
    case .cbor(let queryMode):
      isQueryMode = queryMode
      headers.add("content-type", "application/cbor")
      headers.add("smithy-protocol", "rpc-v2-cbor")
    case .query(let namespace):
      headers.add("content-type", "text/xml")
      let text =
        "<ErrorResponse xmlns=\"\(namespace)\"><Error><Type>\(error.isSender ? "Sender" : "Receiver")</Type>"
        + "<Code>\(queryCode)</Code><Message>\(WireValue.escape(error.message))</Message></Error>"
        + "<RequestId>\(Identifier.uuid())</RequestId></ErrorResponse>"
      return HTTPResponse(status: error.status, headers: headers, body: Array(text.utf8))
    case .restXML:
      let error = error.asOfS3
      headers.add("content-type", "application/xml")
      let text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(error.code)</Code>"
        + "<Message>\(WireValue.escape(error.message))</Message><RequestId>\(Identifier.uuid())</RequestId></Error>"
      return HTTPResponse(status: error.status, headers: headers, body: Array(text.utf8))
    }
    if isQueryMode {
      headers.add("x-amzn-query-error", "\(queryCode);\(error.isSender ? "Sender" : "Receiver")")
    }
    let value = WireValue.map([("__type", .text(error.code)), ("message", .text(error.message))])
    if case .cbor = self {
      return HTTPResponse(status: error.status, headers: headers, body: CBOR.encode(value))
    }
    return HTTPResponse(status: error.status, headers: headers, body: Array(value.json.text().utf8))
  }

  /// Lambda writes `Message` for some errors and `message` for the others, and a type for its own; others are plain.
  private func restBody(_ error: ServiceError) -> [UInt8] {
    if case .plainRest(let member) = self {
      return Array(JSON.object(JSONObject([(member, .string(error.message))])).text().utf8)
    }
    let capital = ["ResourceNotFoundException", "ServiceException"].contains(error.code)
    var body = JSONObject()
    if error.code.hasSuffix("Exception"), error.status != 403, error.code != "ValidationException" {
      body["Type"] = error.isSender ? "User" : "Service"
    }
    for (name, value) in error.members { body[name] = .string(value) }
    body[capital ? "Message" : "message"] = .string(error.message)
    return Array(JSON.object(body).text().utf8)
  }
}
