internal import Core

extension APICall {
  /// A call of the JSON protocols: all of it in the body, the operation in a header.
  static func json(
    _ service: AWSService, _ operation: String, target: String, version: String, _ members: JSONObject
  ) -> APICall {
    var call = APICall(service: service, operation: operation, method: "POST")
    call.headers = [("X-Amz-Target", "\(target).\(operation)")]
    call.send(.json(members), type: "application/x-amz-json-\(version)")
    return call
  }
}
