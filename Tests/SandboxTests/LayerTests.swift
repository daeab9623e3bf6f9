import Core
import Glibc
import Sandbox
import TestSupport
import Testing

@Suite struct LayerTests {
  private func path(_ name: String, _ rest: String = "") -> String {
    "/2018-10-31/layers/\(name)/versions\(rest)"
  }

  private func publish(
    _ rehearsal: Rehearsal, _ name: String, _ code: [UInt8], description: String = ""
  ) -> SandboxClient.Answer {
    rehearsal.client.send(
      "POST", path(name),
      ["Content": ["ZipFile": .string(Base64.encode(code))], "Description": .string(description)])
  }

  private func attach(_ rehearsal: Rehearsal, _ arns: [JSON]) -> SandboxClient.Answer {
    rehearsal.client.send("PUT", rehearsal.path("/f/configuration"), ["Layers": .array(arns)])
  }

  @Test("the same content published twice makes two versions, listed from the newest in pages")
  func versions() async throws {
    try await Rehearsal.run { rehearsal in
      let zip = Package.zip("python/a.py", "x = 1")
      #expect(publish(rehearsal, "common", zip, description: "one").json["Version"] == 1)
      let second = publish(rehearsal, "common", zip, description: "two")
      #expect(second.status == 201)
      #expect(
        second.json["LayerVersionArn"] == "arn:aws:lambda:us-east-1:000000000000:layer:common:2",
        "\(second.json)")
      let page = rehearsal.client.send("GET", path("common"), query: "MaxItems=1")
      #expect(page.json["LayerVersions"]?.array?.map { $0["Description"] } == ["two"])
      let marker = page.json["NextMarker"]?.string ?? ""
      let rest = rehearsal.client.send(
        "GET", path("common"), query: "Marker=\(marker.replacing("=", with: "%3D"))")
      #expect(rest.json["LayerVersions"]?.array?.map { $0["Description"] } == ["one"])
      #expect(rehearsal.client.send("GET", path("none")).json["LayerVersions"] == [])
      #expect(rehearsal.client.send("GET", path("common", "/1")).json["Content"]?["CodeSize"] != nil)
      #expect(rehearsal.client.send("GET", path("common", "/3")).status == 404)
      #expect(publish(rehearsal, String(repeating: "a", count: 65), zip).status == 400)
    }
  }

  @Test(
    "a Python handler imports from its layers, of which the last one wins, and the function's own files before them"
  )
  func python() async throws {
    try await Rehearsal.run { rehearsal in
      let source = "import common\ndef handler(event, context): return common.word"
      #expect(await rehearsal.install("f", code: Package.python(source)))
      #expect(rehearsal.invoke("f").json["errorType"] == "Runtime.ImportModuleError")
      let first = publish(rehearsal, "a", Package.zip("python/common.py", "word = 'a'")).json
      let second = publish(
        rehearsal, "b", Package.zip("python/lib/python3.12/site-packages/common.py", "word = 'b'")
      ).json
      for (arns, word) in [
        ([first], "a"), ([second, first], "a"), ([first, second], "b"),
      ] {
        let answer = attach(rehearsal, arns.map { $0["LayerVersionArn"] ?? .null })
        #expect(answer.status == 200, "\(answer.json)")
        #expect(answer.json["Layers"]?.array?.first?["CodeSize"] != 0)
        #expect(await rehearsal.settled("f"))
        #expect(rehearsal.invoke("f").body == Array("\"\(word)\"".utf8))
      }
    }
  }

  @Test("a Node handler loads packages from its layers")
  func node() async throws {
    try await Rehearsal.run { rehearsal in
      let source = "const word = require('word'); exports.handler = async () => word"
      #expect(await rehearsal.install("f", runtime: "nodejs22.x", code: Package.zip("app.js", source)))
      let layer = publish(
        rehearsal, "a", Package.zip("nodejs/node_modules/word/index.js", "module.exports = 'hi'")
      ).json
      #expect(attach(rehearsal, [layer["LayerVersionArn"] ?? .null]).status == 200)
      #expect(await rehearsal.settled("f"))
      #expect(rehearsal.invoke("f").body == Array(#""hi""#.utf8))
    }
  }

  @Test("a layer may bring the program of a custom runtime")
  func bootstrap() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", runtime: "provided.al2023", code: Package.zip("data", "x")))
      let layer = publish(
        rehearsal, "runtime", Package.zip("bootstrap", "#!/bin/sh\nexit 7\n", mode: 0o755)
      ).json
      #expect(rehearsal.invoke("f").json["errorMessage"]?.string?.contains("no file named bootstrap") == true)
      #expect(attach(rehearsal, [layer["LayerVersionArn"] ?? .null]).status == 200)
      #expect(await rehearsal.settled("f"))
      #expect(rehearsal.invoke("f").json["errorMessage"]?.string?.contains("exit status 7") == true)
    }
  }

  @Test("a function takes no layer that is not there, nor two versions of one; what it has it keeps")
  func rules() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", code: Package.python("def handler(event, context): return 1")))
      let zip = Package.zip("python/a.py", "x = 1")
      let first = publish(rehearsal, "a", zip).json["LayerVersionArn"] ?? .null
      let second = publish(rehearsal, "a", zip).json["LayerVersionArn"] ?? .null
      let missing = attach(rehearsal, ["arn:aws:lambda:us-east-1:000000000000:layer:a:9"])
      #expect(missing.status == 400)
      #expect(missing.message.contains("does not exist"))
      #expect(attach(rehearsal, [first, second]).message.contains("Two different versions"))
      #expect(attach(rehearsal, ["arn:aws:lambda:us-east-1:111122223333:layer:other:1"]).status == 200)
      #expect(await rehearsal.settled("f"))
      #expect(attach(rehearsal, [first]).status == 200)
      #expect(await rehearsal.settled("f"))
      #expect(rehearsal.client.send("DELETE", path("a", "/1")).status == 204)
      #expect(rehearsal.client.send("DELETE", path("a", "/1")).status == 204)
      #expect(attach(rehearsal, [first]).status == 200)
      #expect(await rehearsal.settled("f"))
      #expect(attach(rehearsal, []).status == 200)
      #expect(await rehearsal.settled("f"))
      #expect(attach(rehearsal, [first]).status == 400)
    }
  }

  @Test("layers outlive the sandbox that they were published to")
  func persistence() async throws {
    let folder = try TemporaryFolder()
    let source = "import common\ndef handler(event, context): return common.word"
    let first = try Rehearsal(folder: folder)
    #expect(await first.install("f", code: Package.python(source)))
    let layer = publish(first, "a", Package.zip("python/common.py", "word = 'a'")).json
    #expect(attach(first, [layer["LayerVersionArn"] ?? .null]).status == 200)
    #expect(await first.settled("f"))
    await first.server.stop()
    let second = try Rehearsal(folder: folder)
    let word = second.invoke("f").body
    let listed = second.client.send("GET", path("a")).json["LayerVersions"]?.array?.count
    await second.server.stop()
    #expect(word == Array(#""a""#.utf8))
    #expect(listed == 1)
  }
}
