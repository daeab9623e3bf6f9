import Core
import Sandbox
import TestSupport

/// What calls functions in a rehearsal.
extension Rehearsal {
  /// A handler that answers with its event and its version.
  static let echo = """
    import json
    def handler(event, context):
        return {"statusCode": 201, "headers": {"X-Own": "1", "Access-Control-Allow-Origin": "evil"},
                "body": json.dumps({"event": event, "version": context.function_version})}
    """

  /// What is in a file of the rehearsal's folder; empty when there is none.
  func text(_ name: String) -> String {
    ((try? Files.read("\(folder.path)/\(name)")) ?? nil).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  static let account = "000000000000"

  func arn(_ name: String) -> String { "arn:aws:lambda:us-east-1:\(Self.account):function:\(name)" }

  /// Installs `echo` as a function with the alias `live` on version 1.
  func installEcho(_ name: String, code: String = Rehearsal.echo) async -> Bool {
    guard await install(name, code: Package.python(code)) else { return false }
    return publish(name).status == 201 && alias(name, version: "1").status == 201
  }

  func permit(
    _ name: String, alias: String = "live", id: String = "s", action: String = "lambda:InvokeFunction",
    principal: String, _ more: JSON = [:]
  ) -> SandboxClient.Answer {
    let statement = JSONObject([
      ("StatementId", .string(id)), ("Action", .string(action)), ("Principal", .string(principal)),
    ]).merging(more.object ?? JSONObject())
    return client.send("POST", path("/\(name)/policy"), .object(statement), query: "Qualifier=\(alias)")
  }

  func gateway(_ method: String, _ path: String, _ body: JSON? = nil, query: String = "")
    -> SandboxClient.Answer
  {
    client.send(
      method, "/v2/apis\(path)", query: query, body: body.map { Array($0.text().utf8) } ?? [],
      service: "apigateway")
  }

  /// The first API.
  var api: JSON { gateway("GET", "").json["items"]?.array?.first ?? .null }

  /// Leads a route of an API to a function.
  func route(_ api: String, _ key: String, to arn: String, format: String = "2.0", _ more: JSON = [:]) -> Bool
  {
    let integration = JSONObject([
      ("integrationType", "AWS_PROXY"), ("integrationUri", .string(arn)),
      ("payloadFormatVersion", .string(format)),
    ]).merging(more.object ?? JSONObject())
    let made = gateway("POST", "/\(api)/integrations", .object(integration))
    guard made.status == 201, let id = made.json["integrationId"]?.string else { return false }
    let route: JSON = ["routeKey": .string(key), "target": .string("integrations/\(id)")]
    return gateway("POST", "/\(api)/routes", route).status == 201
  }
}
