internal import Core

/// The door of a function's or alias's URL.
struct URLDoor: Hashable, Sendable {
  let function: String
  /// Empty for the function itself.
  let alias: String

  private static let prefix = "url/"

  init(function: String, alias: String) {
    self.function = function
    self.alias = alias
  }

  /// Nil for a door of another kind.
  init?(_ name: String) {
    guard name.hasPrefix(Self.prefix) else { return nil }
    let parts = name.dropFirst(Self.prefix.count).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    self.init(function: String(parts[0]), alias: String(parts[1]))
  }

  var name: String { "\(Self.prefix)\(function)/\(alias)" }
}

extension URLRecord {
  /// The id that would stand in the host's name at AWS.
  var id: String { String(SHA256.digest(of: url).hex.prefix(32)) }

  /// The port that it had last.
  var port: Int? { url.split(separator: ":").last.flatMap { Int($0.filter(\.isNumber)) } }

  static func url(port: Int) -> String { "http://127.0.0.1:\(port)/" }
}

/// Each URL has a port of its own on this machine.
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
      let port = try openURL(URLDoor(function: target.name, alias: key), preferred: nil)
      let url = URLRecord(url: URLRecord.url(port: port), settings: settings, made: now, changed: now)
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
    let key = try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      let key = try urlKey(target, of: changed)
      guard changed.urls.removeValue(forKey: key) != nil else { throw Self.noURL }
      record = changed
      return key
    }
    doors.close(URLDoor(function: target.name, alias: key).name)
    return HTTPResponse(status: 204)
  }

  /// Shuts the doors of URLs that are gone with their function or alias.
  func closeURLs(of function: String, _ aliases: some Sequence<String>) {
    for alias in aliases { doors.close(URLDoor(function: function, alias: alias).name) }
  }

  /// Opens the doors of all URLs that an earlier sandbox has left, where possible under their old addresses.
  func openURLs() throws(ServiceError) {
    let now = clock.now()
    for function in store.all(at: now) {
      for (alias, url) in function.urls {
        let port = try openURL(URLDoor(function: function.name, alias: alias), preferred: url.port)
        guard port != url.port else { continue }
        try store.change(function.name, at: now) { record throws(ServiceError) in
          record?.urls[alias]?.url = URLRecord.url(port: port)
        }
      }
    }
  }

  private func openURL(_ door: URLDoor, preferred: Int?) throws(ServiceError) -> Int {
    do throws(SystemError) {
      return try doors.open(door.name, preferred: preferred)
    } catch {
      throw ServiceError(500, "ServiceException", "The sandbox \(error)")
    }
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
