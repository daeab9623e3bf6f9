internal import Core

/// What browsers are told of pages from elsewhere, for function URLs (`AllowOrigins`) and HTTP APIs (`allowOrigins`) alike.
struct CORSRules: Sendable {
  private let origins: [String]
  private let methods: [String]
  private let headers: [String]
  private let exposed: [String]
  private let credentials: Bool
  private let maxAge: Int?

  /// Nil where nothing is set.
  init?(_ settings: JSON?) {
    guard let members = settings?.object, !members.isEmpty else { return nil }
    var lowered: [String: JSON] = [:]
    for (key, value) in members.members { lowered[key.lowercased()] = value }
    let texts = { (key: String) in lowered[key]?.array?.compactMap(\.string) ?? [] }
    origins = texts("alloworigins")
    methods = texts("allowmethods")
    headers = texts("allowheaders")
    exposed = texts("exposeheaders")
    credentials = lowered["allowcredentials"]?.bool ?? false
    maxAge = lowered["maxage"]?.int
  }

  /// The answer to a browser that asks before it sends; nil for a request of another kind.
  func preflight(_ request: HTTPRequest, status: Int) -> HTTPResponse? {
    guard request.method == "OPTIONS", let origin = request.headers["origin"],
      request.headers["access-control-request-method"] != nil
    else { return nil }
    var response = HTTPResponse(status: status)
    guard let allowed = allowed(origin) else { return response }
    response.headers.add("access-control-allow-origin", allowed)
    add("access-control-allow-methods", methods, to: &response)
    add("access-control-allow-headers", headers, to: &response)
    if let maxAge { response.headers.add("access-control-max-age", String(maxAge)) }
    if credentials { response.headers.add("access-control-allow-credentials", "true") }
    return response
  }

  /// `response` with what the browser needs to show it to the page; what the function said of this is taken out.
  func applied(to response: HTTPResponse, of request: HTTPRequest) -> HTTPResponse {
    var result = response
    result.headers = HTTPHeaders()
    for field in response.headers.fields where !field.name.hasPrefix("access-control-") {
      result.headers.add(field.name, field.value)
    }
    guard let origin = request.headers["origin"], let allowed = allowed(origin) else { return result }
    result.headers.add("access-control-allow-origin", allowed)
    add("access-control-expose-headers", exposed, to: &result)
    if credentials { result.headers.add("access-control-allow-credentials", "true") }
    return result
  }

  private func allowed(_ origin: String) -> String? {
    if origins.contains("*") { return credentials ? origin : "*" }
    let scheme = origin.prefix { $0 != ":" }
    return origins.contains(origin) || origins.contains("\(scheme)://*") ? origin : nil
  }

  private func add(_ name: String, _ values: [String], to response: inout HTTPResponse) {
    if !values.isEmpty { response.headers.add(name, values.joined(separator: ",")) }
  }
}
