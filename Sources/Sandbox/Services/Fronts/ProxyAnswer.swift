internal import Core

/// Reads what a function answers to an HTTP request.
enum ProxyAnswer {
  /// What belongs to a connection, and not to an answer.
  private static let hopByHop: Set<String> = [
    "connection", "content-length", "keep-alive", "transfer-encoding", "upgrade", "date",
  ]

  /// The answer in payload format 2.0, in which all that has no status is a body; nil for what cannot be one.
  ///
  /// - Parameter type: the `Content-Type` where the function names none.
  static func version2(_ payload: [UInt8], type: String) -> HTTPResponse? {
    guard let json = try? JSON(parsing: payload) else { return nil }
    guard let status = json["statusCode"], status != .null else {
      let body = json.string.map { Array($0.utf8) } ?? (json == .null ? [] : payload)
      return HTTPResponse(status: 200, headers: ["content-type": "application/json"], body: body)
    }
    guard var response = base(json, status) else { return nil }
    for cookie in json["cookies"]?.array ?? [] {
      guard let text = cookie.string, isValue(text) else { return nil }
      response.headers.add("set-cookie", text)
    }
    return typed(response, type)
  }

  /// The answer in payload format 1.0; nil for what cannot be one.
  static func version1(_ payload: [UInt8], type: String) -> HTTPResponse? {
    guard let json = try? JSON(parsing: payload), let status = json["statusCode"],
      var response = base(json, status)
    else { return nil }
    let many = json["multiValueHeaders"]?.object?.members ?? []
    guard !many.isEmpty else { return typed(response, type) }
    // The list of a name is stronger than its single value.
    let named = Set(many.map { $0.key.lowercased() })
    var headers = HTTPHeaders()
    for field in response.headers.fields where !named.contains(field.name) {
      headers.add(field.name, field.value)
    }
    response.headers = headers
    for (name, values) in many {
      for value in values.array ?? [] {
        guard add(name, value, to: &response.headers) else { return nil }
      }
    }
    return typed(response, type)
  }

  private static func base(_ json: JSON, _ status: JSON) -> HTTPResponse? {
    guard let number = status.looseInt, (100...599).contains(number) else { return nil }
    var response = HTTPResponse(status: number)
    for (name, value) in json["headers"]?.object?.members ?? [] {
      guard add(name, value, to: &response.headers) else { return nil }
    }
    switch json["body"] {
    case nil, .null: break
    case .string(let text):
      guard json["isBase64Encoded"]?.bool == true else {
        response.body = Array(text.utf8)
        break
      }
      guard let bytes = Base64.decode(text) else { return nil }
      response.body = bytes
    default: return nil
    }
    return response
  }

  private static func typed(_ response: HTTPResponse, _ type: String) -> HTTPResponse {
    var response = response
    if response.headers["content-type"] == nil { response.headers.add("content-type", type) }
    return response
  }

  /// False for a field that would end a header early, and begin another answer.
  private static func add(_ name: String, _ value: JSON, to headers: inout HTTPHeaders) -> Bool {
    guard value != .null else { return true }
    guard let text = value.looseText, isValue(text), isName(name) else { return false }
    if !hopByHop.contains(name.lowercased()) { headers.add(name, text) }
    return true
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  private static func isValue(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 9 }
  }
}
