internal import Core

/// An HTTP request on its way into a function, in the payload formats of HTTP APIs and function URLs.
struct ProxyEvent: Sendable {
  /// Where the request came in and what it was taken for.
  struct Place: Sendable {
    var account: String
    /// The API's id, or that in the host of a function's URL.
    var apiID: String
    /// `127.0.0.1:PORT`.
    var domain: String
    var routeKey: String
    var stage: String
    /// As functions see it: with the stage's name in front where it has one.
    var path: String
    var pathParameters: [(name: String, value: String)] = []
    var stageVariables = JSONObject()
  }

  let request: HTTPRequest
  let place: Place
  let requestID: String
  let now: Timestamp

  private static let source = "127.0.0.1"

  /// Payload format 2.0.
  var version2: JSON {
    let http: JSON = [
      "method": .string(request.method), "path": .string(place.path), "protocol": .string(self.http),
      "sourceIp": .string(Self.source), "userAgent": .string(request.headers["user-agent"] ?? ""),
    ]
    let context: JSON = [
      "accountId": .string(place.account), "apiId": .string(place.apiID), "domainName": .string(place.domain),
      "domainPrefix": .string(place.apiID), "http": http, "requestId": .string(requestID),
      "routeKey": .string(place.routeKey), "stage": .string(place.stage), "time": .string(commonTime),
      "timeEpoch": .int(Int(now.seconds * 1_000)),
    ]
    var event = JSONObject([
      ("version", "2.0"), ("routeKey", .string(place.routeKey)), ("rawPath", .string(place.path)),
      ("rawQueryString", .string(request.query)),
    ])
    let cookies = request.headers.values("cookie").flatMap { $0.split(separator: ";") }.map { $0.trimmed }
    if !cookies.isEmpty { event["cookies"] = .array(cookies.map(JSON.string)) }
    event["headers"] = .object(Self.joined(request.headers.fields.filter { $0.name != "cookie" }))
    if !request.query.isEmpty { event["queryStringParameters"] = .object(Self.joined(request.parameters)) }
    event["requestContext"] = context
    if !place.pathParameters.isEmpty { event["pathParameters"] = parameters }
    if !place.stageVariables.isEmpty { event["stageVariables"] = .object(place.stageVariables) }
    let (text, isEncoded) = body
    event["body"] = text.map(JSON.string)
    event["isBase64Encoded"] = .bool(isEncoded)
    return .object(event)
  }

  /// Payload format 1.0.
  var version1: JSON {
    let headers = request.headers.fields
    let query = request.parameters
    let (text, isEncoded) = body
    let resource = place.routeKey.split(separator: " ").last.map(String.init) ?? place.routeKey
    let identity: JSON = [
      "sourceIp": .string(Self.source), "userAgent": .string(request.headers["user-agent"] ?? ""),
    ]
    let context: JSON = [
      "accountId": .string(place.account), "apiId": .string(place.apiID), "domainName": .string(place.domain),
      "domainPrefix": .string(place.apiID), "extendedRequestId": .string(requestID),
      "httpMethod": .string(request.method), "identity": identity, "path": .string(place.path),
      "protocol": .string(http), "requestId": .string(requestID), "requestTime": .string(commonTime),
      "requestTimeEpoch": .int(Int(now.seconds * 1_000)), "resourceId": .string(place.routeKey),
      "resourcePath": .string(resource), "stage": .string(place.stage),
    ]
    return [
      "version": "1.0", "resource": .string(resource), "path": .string(place.path),
      "httpMethod": .string(request.method), "headers": .object(Self.last(headers)),
      "multiValueHeaders": .object(Self.lists(headers)),
      "queryStringParameters": query.isEmpty ? .null : .object(Self.last(query)),
      "multiValueQueryStringParameters": query.isEmpty ? .null : .object(Self.lists(query)),
      "requestContext": context, "pathParameters": place.pathParameters.isEmpty ? .null : parameters,
      "stageVariables": place.stageVariables.isEmpty ? .null : .object(place.stageVariables),
      "body": .optional(text), "isBase64Encoded": .bool(isEncoded),
    ]
  }

  private var parameters: JSON {
    .object(JSONObject(place.pathParameters.map { ($0.name, JSON.string($0.value)) }))
  }

  private var http: String { request.isVersion10 ? "HTTP/1.0" : "HTTP/1.1" }

  /// Text goes as text, all else in base64.
  private var body: (text: String?, isEncoded: Bool) {
    guard !request.body.isEmpty else { return (nil, false) }
    if isText, let text = String(validating: request.body, as: UTF8.self) { return (text, false) }
    return (Base64.encode(request.body), true)
  }

  private var isText: Bool {
    guard let header = request.headers["content-type"] else { return true }
    let type = header.prefix { $0 != ";" }.trimmed.lowercased()
    return type.hasPrefix("text/") || type.hasSuffix("+json") || type.hasSuffix("+xml")
      || ["application/json", "application/xml", "application/javascript"].contains(type)
  }

  /// `12/Mar/2026:19:03:58 +0000`, as web servers log it.
  private var commonTime: String {
    // 2026-03-12T19:03:58Z
    let text = Array(now.iso8601.utf8)
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let part = { (range: Range<Int>) in String(decoding: text[range], as: UTF8.self) }
    let month = Int(part(5..<7)).flatMap { months.indices.contains($0 - 1) ? months[$0 - 1] : nil } ?? ""
    return "\(part(8..<10))/\(month)/\(part(0..<4)):\(part(11..<19)) +0000"
  }

  /// Values of one name with commas between them.
  private static func joined(_ fields: [(name: String, value: String)]) -> JSONObject {
    JSONObject(grouped(fields).map { ($0.name, .string($0.values.joined(separator: ","))) })
  }

  private static func last(_ fields: [(name: String, value: String)]) -> JSONObject {
    JSONObject(grouped(fields).map { ($0.name, .string($0.values.last ?? "")) })
  }

  private static func lists(_ fields: [(name: String, value: String)]) -> JSONObject {
    JSONObject(grouped(fields).map { ($0.name, .array($0.values.map(JSON.string))) })
  }

  private static func grouped(_ fields: [(name: String, value: String)]) -> [(name: String, values: [String])]
  {
    var places: [String: Int] = [:]
    var groups: [(name: String, values: [String])] = []
    for field in fields {
      if let place = places[field.name] {
        groups[place].values.append(field.value)
      } else {
        places[field.name] = groups.count
        groups.append((field.name, [field.value]))
      }
    }
    return groups
  }
}
