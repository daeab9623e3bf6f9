internal import Core

/// URLs are kept and shown; nothing listens there, as the sandbox has one address only.
extension LambdaService {
  func createURL(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    var validation = Validation()
    validation.required(body["AuthType"], "authType")
    let settings = try urlSettings(body, &validation)
    let now = clock.now()
    return try store.change(target.name, at: now) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      let key = try urlKey(target, of: changed)
      guard changed.urls[key] == nil else {
        throw .conflict(
          "Failed to create function url config for [functionArn = \(arns.function(target.name, target.qualifier))]. "
            + "Error message:  FunctionUrlConfig exists for this Lambda function")
      }
      let id = SHA256.digest(of: arns.function(target.name, key)).hex.prefix(32)
      let url = URLRecord(
        url: "https://\(id).lambda-url.\(arns.region).on.aws/", settings: settings, made: now, changed: now)
      changed.urls[key] = url
      record = changed
      // What is new has not been modified.
      var made = answer(url, target.name, key)
      made["LastModifiedTime"] = nil
      return made
    }
  }

  func updateURL(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    var validation = Validation()
    let settings = try urlSettings(body, &validation)
    let now = clock.now()
    return try store.change(target.name, at: now) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      let key = try urlKey(target, of: changed)
      guard var url = changed.urls[key] else { throw Self.noURL }
      url.settings = url.settings.merging(settings)
      url.changed = now
      changed.urls[key] = url
      record = changed
      return answer(url, target.name, key)
    }
  }

  func getURL(_ target: Target) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    let key = try urlKey(target, of: record)
    guard let url = record.urls[key] else { throw Self.noURL }
    return answer(url, target.name, key)
  }

  func deleteURL(_ target: Target) throws(ServiceError) -> HTTPResponse {
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      let key = try urlKey(target, of: changed)
      guard changed.urls.removeValue(forKey: key) != nil else { throw Self.noURL }
      record = changed
    }
    return HTTPResponse(status: 204)
  }

  func listURLs(_ target: Target, _ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    let urls = try function(target.name).urls.sorted { $0.key < $1.key }
    return try page(urls.map { answer($0.value, target.name, $0.key) }, request, key: "FunctionUrlConfigs")
  }

  private static let noURL = ServiceError.notFound("The resource you requested does not exist.")

  /// A URL belongs to the function or to one of its aliases, never to a version.
  private func urlKey(_ target: Target, of record: FunctionRecord) throws(ServiceError) -> String {
    guard let qualifier = target.qualifier else { return "" }
    guard record.alias(qualifier) != nil else { throw missing(target.name, qualifier) }
    return qualifier
  }

  private func urlSettings(_ body: JSON, _ validation: inout Validation) throws(ServiceError) -> JSONObject {
    validation.word(body["AuthType"], "authType", ["NONE", "AWS_IAM"])
    validation.word(body["InvokeMode"], "invokeMode", ["BUFFERED", "RESPONSE_STREAM"])
    try validation.check()
    let keys = ["AuthType", "Cors", "InvokeMode"]
    return JSONObject(keys.compactMap { key in body[key].map { (key, $0) } })
  }

  private func answer(_ url: URLRecord, _ name: String, _ key: String) -> JSONObject {
    JSONObject([
      ("FunctionUrl", .string(url.url)),
      ("FunctionArn", .string(arns.function(name, key.isEmpty ? nil : key))),
      ("CreationTime", .string(LambdaAnswers.date(url.made))),
      ("LastModifiedTime", .string(LambdaAnswers.date(url.changed))), ("InvokeMode", "BUFFERED"),
    ]).merging(url.settings)
  }
}
