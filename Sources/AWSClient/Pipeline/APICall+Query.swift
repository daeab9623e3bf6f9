extension APICall {
  /// A call of the query protocol: all of it in a form, the answer in XML.
  ///
  /// - Parameter element: what the root or some part of the answer is called.
  static func query(
    _ service: AWSService, _ operation: String, version: String,
    _ parameters: [(name: String, value: String)], expecting element: String
  ) -> APICall {
    var call = APICall(service: service, operation: operation, method: "POST", expects: .xml(element))
    let form = [("Action", operation), ("Version", version)] + parameters
    call.headers = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]
    call.body = .text(PercentEncoding.query(form))
    return call
  }
}
