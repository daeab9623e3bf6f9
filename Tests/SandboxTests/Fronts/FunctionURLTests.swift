import Core
import Sandbox
import TestSupport
import Testing

@Suite("Function URLs of the sandbox")
struct FunctionURLTests {
  private func makeURL(_ rehearsal: Rehearsal, _ settings: JSON) -> SandboxClient {
    let made = rehearsal.client.send(
      "POST", "/2021-10-31/functions/f/url", settings, query: "Qualifier=live")
    #expect(made.status == 201)
    return SandboxClient(made.json["FunctionUrl"]?.string ?? "", like: rehearsal.client)
  }

  @Test("a public URL needs both permissions, and goes through the alias")
  func publicURL() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installEcho("f"))
      let door = makeURL(rehearsal, ["AuthType": "NONE"])
      #expect(door.send("GET", "/a", signed: false).status == 403)
      let url = rehearsal.permit(
        "f", id: "url", action: "lambda:InvokeFunctionUrl", principal: "*", ["FunctionUrlAuthType": "NONE"])
      #expect(url.status == 201)
      #expect(door.send("GET", "/a", signed: false).status == 403)
      #expect(rehearsal.permit("f", id: "run", principal: "*", ["InvokedViaFunctionUrl": true]).status == 201)
      let answer = door.send("GET", "/a%20b", query: "x=1", signed: false)
      #expect(answer.status == 201)
      #expect(answer.json["version"] == "1")
      #expect(answer.json["event"]?["rawPath"] == "/a%20b")
      #expect(answer.json["event"]?["requestContext"]?["accountId"] == "anonymous")
      #expect(
        rehearsal.client.send("DELETE", rehearsal.path("/f/policy/run"), query: "Qualifier=live").status
          == 204)
      #expect(door.send("GET", "/a", signed: false).status == 403)
    }
  }

  @Test("a URL for signed requests takes those of its account, and no others")
  func signedURL() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installEcho("f"))
      let door = makeURL(rehearsal, ["AuthType": "AWS_IAM"])
      #expect(door.send("GET", "/", signed: false).status == 403)
      #expect(door.send("GET", "/").status == 201)
      #expect(door.send("GET", "/", service: "s3").status == 403)
      var stranger = door
      stranger.secret = "wrong"
      #expect(stranger.send("GET", "/").status == 403)
    }
  }

  @Test(
    "a URL follows its settings and its CORS rules, dies with its alias, and comes back under its address")
  func life() async throws {
    let folder = try TemporaryFolder()
    let first = try Rehearsal(folder: folder)
    #expect(await first.installEcho("f"))
    let door = makeURL(
      first, ["AuthType": "AWS_IAM", "Cors": ["AllowOrigins": ["*"], "AllowMethods": ["GET"]]])
    let asked = door.send(
      "OPTIONS", "/", headers: ["origin": "https://a.example", "access-control-request-method": "GET"],
      signed: false)
    #expect(asked.status == 200)
    #expect(asked.headers["access-control-allow-origin"] == "*")
    await first.server.stop()
    let second = try Rehearsal(folder: folder)
    #expect(door.send("GET", "/").status == 201)
    #expect(second.client.send("DELETE", second.path("/f/aliases/live")).status == 204)
    #expect(door.send("GET", "/").status == 0)
    await second.server.stop()
  }
}
