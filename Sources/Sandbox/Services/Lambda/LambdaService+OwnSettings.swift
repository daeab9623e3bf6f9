internal import Core
internal import LambdaSettings

// Settings that have calls of their own.
extension LambdaService {
  func getCodeSigning(_ target: Target) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    return JSONObject([
      ("CodeSigningConfigArn", .string(record.codeSigning ?? "")), ("FunctionName", .string(record.name)),
    ])
  }

  func putCodeSigning(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    try check(body, ["CodeSigningConfigArn": SettingCatalogue["CodeSigningConfigArn"]?.shape])
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard record != nil else { throw missing(target.name) }
      record?.codeSigning = body["CodeSigningConfigArn"]?.string
    }
    return try getCodeSigning(target)
  }

  func deleteCodeSigning(_ target: Target) throws(ServiceError) -> HTTPResponse {
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard record != nil else { throw missing(target.name) }
      record?.codeSigning = nil
    }
    return HTTPResponse(status: 204)
  }

  func getRecursion(_ target: Target) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    return JSONObject([("RecursiveLoop", .string(record.recursiveLoop))])
  }

  func putRecursion(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    try check(body, ["RecursiveLoop": SettingCatalogue["RecursiveLoop"]?.shape])
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard record != nil else { throw missing(target.name) }
      record?.recursiveLoop = body["RecursiveLoop"]?.string ?? "Terminate"
    }
    return try getRecursion(target)
  }

  func getRuntimeManagement(_ target: Target) throws(ServiceError) -> JSONObject {
    let record = try function(target.name)
    let qualifier = target.qualifier ?? VersionRecord.latest
    let number = try version(record, qualifier).number
    var answer = record.runtimeManagement[number] ?? JSONObject([("UpdateRuntimeOn", "Auto")])
    answer["FunctionArn"] = .string(arns.function(target.name, qualifier))
    return answer
  }

  func putRuntimeManagement(_ target: Target, _ body: JSON) throws(ServiceError) -> JSONObject {
    guard let setting = SettingCatalogue["RuntimeManagementConfig"] else { throw .invalid("no such setting") }
    var validation = Validation()
    try validation.check(body, setting.shape, at: "runtimeManagementConfig")
    try validation.check()
    let mode = body["UpdateRuntimeOn"]?.string
    guard (mode == "Manual") == (body["RuntimeVersionArn"] != nil) else {
      throw .invalid(
        mode == "Manual"
          ? "You must provide a RuntimeVersionArn when UpdateRuntimeOn is Manual."
          : "You cannot specify a RuntimeVersionArn unless UpdateRuntimeOn is Manual.")
    }
    let qualifier = target.qualifier ?? VersionRecord.latest
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard let present = record else { throw missing(target.name) }
      let number = try version(present, qualifier).number
      var kept = JSONObject()
      for name in ["UpdateRuntimeOn", "RuntimeVersionArn"] { kept[name] = body[name] }
      record?.runtimeManagement[number] = kept
    }
    return try getRuntimeManagement(target)
  }

  /// Each of these members must be there and be right.
  private func check(_ body: JSON, _ members: KeyValuePairs<String, SettingShape?>) throws(ServiceError) {
    var validation = Validation()
    for (name, shape) in members {
      let path = name.prefix(1).lowercased() + name.dropFirst()
      guard let shape, let value = body[name], value != .null else {
        validation.required(nil, path)
        continue
      }
      try validation.check(value, shape, at: path)
    }
    try validation.check()
  }
}
