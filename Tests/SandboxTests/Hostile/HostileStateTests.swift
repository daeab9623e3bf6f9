import Core
import Glibc
import TestSupport
import Testing

@testable import Sandbox

/// The state of a sandbox may have come with a stranger's repository.
@Suite("A sandbox whose state somebody else has written")
struct HostileStateTests {
  @Test(
    "goes on with its own time where the one that is written down is none",
    arguments: [
      #"{"virtual": 1e300, "margin": 0, "clean": true}"#, #"{"virtual": 0, "margin": 1e300}"#,
      #"{"virtual": -1e300}"#, #"{"virtual": 253402300800}"#, "{", "[]",
    ])
  func clock(text: String) async throws {
    let folder = try TemporaryFolder()
    try folder.write("clock.json", text)
    let rehearsal = try Rehearsal(folder: folder)
    #expect(rehearsal.client.send("GET", rehearsal.path("")).status == 200)
    await rehearsal.server.stop()
  }

  @Test("is not found where only its files say that it runs")
  func endpoint() async throws {
    let folder = try TemporaryFolder()
    let other = try Rehearsal()
    let port = other.client.port
    for url in [
      "http://evil.example:\(port)", "http://127.0.0.1:\(port)", "http://127.0.0.1@evil.example:\(port)",
    ] {
      try folder.write(
        "endpoint.json", #"{"url": "\#(url)", "port": \#(port), "pid": \#(getpid())}"#, mode: 0o600)
      try folder.write("lock", "")
      #expect(SandboxServer.running(in: folder.path) == nil, "\(url)")
    }
    await other.server.stop()
  }

  @Test("makes a secret of its own, keeps it, and takes none that somebody else may know")
  func secret() async throws {
    let folder = try TemporaryFolder()
    let first = try Rehearsal(folder: folder)
    let secret = first.server.credentials["AWS_SECRET_ACCESS_KEY"] ?? ""
    await first.server.stop()
    #expect(secret.utf8.count >= 40)
    let again = try Rehearsal(folder: folder)
    #expect(again.server.credentials["AWS_SECRET_ACCESS_KEY"] == secret)
    await again.server.stop()
    // As a clone would have it: the same file in another folder.
    let clone = try TemporaryFolder()
    try clone.write("credentials.json", try folder.read("credentials.json"), mode: 0o600)
    let third = try Rehearsal(folder: clone)
    #expect(third.server.credentials["AWS_SECRET_ACCESS_KEY"] != secret)
    await third.server.stop()
    chmod(folder.path + "/credentials.json", 0o644)
    let fourth = try Rehearsal(folder: folder)
    #expect(fourth.server.credentials["AWS_SECRET_ACCESS_KEY"] != secret)
    await fourth.server.stop()
  }

  @Test("keeps what it writes to its owner")
  func permissions() async throws {
    let root = try TemporaryFolder()
    let rehearsal = SandboxServer(options: SandboxOptions(folder: root.path + "/.lamctl/sandbox"))
    try rehearsal.start()
    let state = try #require(try StateFolder.existing(root.path + "/.lamctl/sandbox"))
    #expect(state.status?.permissions == 0o700)
    for name in try state.names() {
      let status = try #require(state.status(of: name))
      #expect(status.permissions & 0o077 == 0, "\(name)")
    }
    #expect(try root.read(".lamctl/.gitignore").contains("*"))
    await rehearsal.stop()
  }

  @Test("removes no package that it did not name, and follows no link")
  func cleaning() async throws {
    let folder = try TemporaryFolder()
    let outside = try TemporaryFolder()
    try outside.write("keep", "mine")
    let digest = String(repeating: "b", count: 64)
    try folder.write("code/notes/keep", "mine")
    try folder.write("code/\(digest).zip", "old")
    symlink(outside.path, folder.path + "/code/\(digest)")
    let rehearsal = try Rehearsal(folder: folder)
    await rehearsal.server.stop()
    #expect(try Files.names(in: folder.path + "/code") == ["notes"])
    #expect(try outside.read("keep") == "mine")
  }

  @Test(
    "does not unpack a zip out of its folder",
    arguments: [
      "../\u{200D}link", "../x", "a/../../x", "/x", "a/../\u{301}b/../../x", "..", "\u{301}/../../x",
    ])
  func slip(name: String) throws {
    let folder = try TemporaryFolder()
    let zip = Package.zip(name, "x")
    if let reader = try? ZipReader(zip) {
      try? reader.unpack(to: try StateFolder.make(folder.path + "/in"))
    }
    #expect(try Files.names(in: folder.path).filter { $0 != "in" } == [])
  }
}
